"""Brings an app's tables up to date with alembic: `services/<app>/migrations`, its own database."""

import asyncio
import os
import sys
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from alembic import command, context
from alembic.config import Config
from sqlalchemy import Connection, pool
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine

from services.kit.home import NotRunning
from services.kit.settings import BadSetting
from services.storage import hosts
from services.storage.address import database_of, database_url, server_url
from services.storage.server import create_database

URL = "url"


def folder_of(app: str) -> Path:
    return Path(__file__).parents[1] / app / "migrations"


def upgrade(app: str, url: str) -> None:
    """Runs what is missing; needs a thread without an event loop."""
    config = Config()
    # ConfigParser reads % as the beginning of a placeholder.
    config.set_main_option("script_location", str(folder_of(app)).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes[URL] = url
    command.upgrade(config, "head")


def run(app: str) -> None:
    """What each app's migrations/env.py does."""
    asyncio.run(_run(context.config.attributes.get(URL) or database_url(app, os.environ)))


def main(app: str) -> None:
    """Makes the app's database when it is missing, then its tables."""
    try:
        upgrade(app, _made(app, os.environ))
    except (BadSetting, NotRunning) as wrong:
        sys.exit(str(wrong))
    except (OSError, DBAPIError) as failed:
        sys.exit(f"The database of {app} cannot be migrated: {getattr(failed, 'orig', failed)}")


def _made(app: str, environ: Mapping[str, str]) -> str:
    return asyncio.run(create_database(server_url(environ), database_of(app)))


async def _run(url: str) -> None:
    engine = create_async_engine(
        "postgresql+asyncpg://",
        async_creator=partial(hosts.connect, url),
        poolclass=pool.NullPool,
    )
    async with engine.connect() as connection:
        await connection.run_sync(_upgrade)
        await connection.commit()
    await engine.dispose()


def _upgrade(connection: Connection) -> None:
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()
