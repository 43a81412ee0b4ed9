"""A database of a test's own, with the tables of an app where one is named."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from legacy.monolith.database import drop
from services.storage.migrations import upgrade
from services.storage.server import create_database


@asynccontextmanager
async def own_database(server_url: str, name: str, app: str | None = None) -> AsyncIterator[str]:
    """Its URL; one of that name that a killed run has left behind is forgotten."""
    await drop(server_url, name)
    url = await create_database(server_url, name)
    try:
        if app is not None:
            await asyncio.to_thread(upgrade, app, url)
        yield url
    finally:
        await drop(server_url, name)
