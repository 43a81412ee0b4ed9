"""`banyan tenant`: what is done for one tenant of the assessment service."""

import asyncio
import os

import asyncpg
import click

from services.assessment.migrate import APP
from services.assessment.split import NoTenant, split
from services.kit.home import NotRunning
from services.kit.settings import BadSetting
from services.storage import db
from services.storage.address import database_url


@click.group()
def tenant() -> None:
    """Look after one tenant."""


@tenant.command(name="split")
@click.argument("name")
def split_(name: str) -> None:
    """Give tenant NAME partitions of its own; whoever works meanwhile waits, or tries again."""
    try:
        moved = asyncio.run(_split(database_url(APP, os.environ), name))
    except (NoTenant, BadSetting, NotRunning) as wrong:
        raise click.ClickException(str(wrong)) from wrong
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as failed:
        raise click.ClickException(f"The database failed: {failed}") from failed
    for table, rows in moved.items():
        click.echo(f"{table}: {rows:,} rows moved")


async def _split(url: str, name: str) -> dict[str, int]:
    connection = await db.connect(url)
    try:
        return await split(connection, name)
    finally:
        await connection.close()
