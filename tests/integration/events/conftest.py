"""The tables of events in a schema of its own for each test, and a bell."""

from collections.abc import AsyncIterator
from itertools import count

import pytest

from services.events.tables import TABLES
from services.storage import db
from services.storage.db import Pool
from tests.integration.own_database import own_database

DATABASE = "banyan_test_events"
NUMBERS = count(1)


@pytest.fixture(scope="session")
async def events_database(database_url: str) -> AsyncIterator[str]:
    async with own_database(database_url, DATABASE) as url:
        yield url


@pytest.fixture
async def events_url(events_database: str) -> str:
    return await _fresh(events_database)


@pytest.fixture
async def pool(events_url: str) -> AsyncIterator[Pool]:
    async with db.pool(events_url, 40) as opened:
        yield opened


@pytest.fixture
async def other_url(events_database: str) -> str:
    """Another app's."""
    return await _fresh(events_database)


@pytest.fixture
async def other(other_url: str) -> AsyncIterator[Pool]:
    async with db.pool(other_url, 40) as opened:
        yield opened


@pytest.fixture
async def third(events_database: str) -> AsyncIterator[Pool]:
    async with db.pool(await _fresh(events_database), 40) as opened:
        yield opened


async def _fresh(url: str) -> str:
    """The address of a new schema: much cheaper than a database."""
    name = f"app_{next(NUMBERS)}"
    connection = await db.connect(url)
    await connection.execute(f"CREATE SCHEMA {name}; SET search_path = {name}; {TABLES}")
    await connection.close()
    return f"{url}?search_path={name}"
