"""Fills an empty monolith with the sample: `python -m legacy.monolith.sample`."""

import asyncio
import os
import sys

import asyncpg
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from legacy.monolith import database, demo
from legacy.monolith.clock import SystemClock
from legacy.monolith.local_time import local
from legacy.monolith.sample.make import tenant
from legacy.monolith.sample.plan import DEMO_LEARNER, OPERATOR, PLANS, PROCTOR, TEACHER
from legacy.monolith.sample.rows import Rows
from legacy.monolith.settings import BadSetting, database_url, home

SEED = 1

DEMO_PEOPLE = {
    "operator": str(OPERATOR),
    "teacher": str(TEACHER),
    "proctor": str(PROCTOR),
    "learner": str(DEMO_LEARNER),
}


async def fill(db: database.Connection, console: Console) -> bool:
    """Writes the sample in one transaction; False, and nothing done, when there are tenants."""
    async with db.transaction():
        # Of two that begin at once one waits here, and then finds tenants.
        await db.execute("LOCK TABLE tenants IN SHARE ROW EXCLUSIVE MODE")
        if await db.fetchval("SELECT count(*) FROM tenants"):
            return False
        for rows in made(console):
            await rows.copy(db)
    await db.execute("ANALYZE")
    return True


def made(console: Console) -> list[Rows]:
    """All tenants' rows, with a bar that grows by courses."""
    now = SystemClock().now()
    columns = TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn()
    with Progress(*columns, console=console) as bar:
        task = bar.add_task("Making the sample", total=sum(len(plan.courses) for plan in PLANS))
        return [
            tenant(plan, local(now, plan.timezone).date(), SEED, lambda: bar.advance(task))
            for plan in PLANS
        ]


async def run() -> None:
    console = Console()
    db = await database.connect(database_url(os.environ))
    try:
        is_filled = await fill(db, console)
    finally:
        await db.close()
    if not is_filled:
        console.print("There are tenants already: the sample is left out.")
        return
    demo.remember(home(os.environ), {plan.tenant: DEMO_PEOPLE for plan in PLANS})


def main() -> None:
    try:
        asyncio.run(run())
    except BadSetting as wrong:
        sys.exit(str(wrong))
    except (OSError, asyncpg.PostgresError) as failed:
        sys.exit(f"The sample cannot be written: {failed}")


if __name__ == "__main__":
    main()
