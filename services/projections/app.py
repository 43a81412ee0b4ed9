"""An app that makes a projection, opened by name as `banyan backfill` does."""

import os
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass

import asyncpg
import click

from services.backfill.target import Target, target
from services.events.errors import FeedError
from services.events.projector import Projection
from services.kit.home import NotRunning
from services.kit.settings import BadSetting
from services.storage import db
from services.storage.address import database_url
from services.storage.db import Pool


@dataclass(frozen=True, slots=True)
class App:
    name: str
    target: Target
    pool: Pool
    projection: Projection


@asynccontextmanager
async def opened(name: str) -> AsyncIterator[App]:
    """Raises BadSetting or NotRunning; the app's processes may be at work or not."""
    wanted = target(name)
    async with AsyncExitStack() as open_:
        pool = await open_.enter_async_context(db.pool(database_url(name, os.environ), size=4))
        projection = await open_.enter_async_context(wanted.projection(os.environ))
        yield App(name, wanted, pool, projection)


@contextmanager
def plainly() -> Iterator[None]:
    """What can go wrong ends a command with one sentence."""
    try:
        yield
    except (BadSetting, NotRunning, FeedError) as wrong:
        raise click.ClickException(str(wrong)) from wrong
    except asyncpg.UndefinedTableError as early:
        raise click.ClickException(
            "Its database has no such tables yet: start the system once with `make run`."
        ) from early
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as failed:
        raise click.ClickException(f"The database failed: {failed}") from failed
