"""`banyan backfill`: fills the services' projections from what the monolith holds now."""

import asyncio
import os
from collections.abc import Mapping
from contextlib import AsyncExitStack
from functools import partial

import asyncpg
import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from services.backfill.fill import Filled, Filling
from services.backfill.snapshot import Snapshot
from services.backfill.target import Target, offered, target
from services.events.errors import FeedError
from services.kit.cli import settings_beside
from services.kit.home import NotRunning
from services.kit.settings import BadSetting, Settings, url_of
from services.kit.signing import Signer
from services.storage import db
from services.storage.address import database_url

ALL = "all"
FEEDER = "feeder"


@click.command()
@click.argument("app", type=click.Choice([*offered(), ALL]))
def backfill(app: str) -> None:
    """Fill the projection of APP from the monolith, while everything runs.

    What is there already stays as it is, so it may be run again.
    """
    settings = settings_beside()
    console = Console()
    try:
        for name in offered() if app == ALL else [app]:
            filled = asyncio.run(_fill(target(name), settings, os.environ, console))
            console.print(_table(name, filled))
    except (BadSetting, NotRunning, FeedError) as wrong:
        raise click.ClickException(str(wrong)) from wrong
    except asyncpg.UndefinedTableError as early:
        raise click.ClickException(
            "Its database has no tables yet: start the system once with `make run`."
        ) from early
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as failed:
        raise click.ClickException(f"The database failed: {failed}") from failed


async def _fill(
    wanted: Target, settings: Settings, environ: Mapping[str, str], console: Console
) -> list[Filled]:
    feeder, signer = url_of(settings, FEEDER), Signer.of(settings, wanted.app)
    async with AsyncExitStack() as open_:
        pool = await open_.enter_async_context(db.pool(database_url(wanted.app, environ)))
        snapshot = await open_.enter_async_context(
            Snapshot(feeder, consumer=wanted.app, signer=signer)
        )
        projection = await open_.enter_async_context(wanted.projection(environ))
        bar = open_.enter_context(_progress(console))
        return await fill_all(Filling(pool, snapshot, projection), wanted, bar)


async def fill_all(filling: Filling, wanted: Target, bar: Progress) -> list[Filled]:
    """Every kind, in order; then the feed goes on from where it was at the beginning."""
    summary = await filling.summary()
    filled = []
    for kind in wanted.kinds:
        expected = summary.streams.get(kind, 0)
        task = bar.add_task(f"{wanted.app} {kind}", total=expected)
        filled.append(await filling.fill(kind, expected, partial(bar.advance, task)))
        bar.update(task, total=filled[-1].read)
    await filling.go_on_from(summary.positions)
    return filled


def _progress(console: Console) -> Progress:
    columns = (
        TextColumn("{task.description:<24}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    return Progress(*columns, console=console)


def _table(name: str, filled: list[Filled]) -> Table:
    table = Table(name, title_justify="left")
    for title in ("when it began", "read", "applied", "there already"):
        table.add_column(title, justify="right")
    for one in filled:
        counts = (one.expected, one.read, one.applied, one.newer)
        table.add_row(one.kind, *(f"{count:,}" for count in counts))
    return table
