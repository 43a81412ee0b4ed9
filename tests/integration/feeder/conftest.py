"""A database of the monolith, a fresh tenant for each test, and what changed in it."""

import asyncio
from collections.abc import AsyncIterator
from itertools import count

import pytest

from legacy.monolith import database
from legacy.monolith.database import Connection
from legacy.monolith.migrate import migrate
from services.storage import db as storage
from services.storage.db import Pool
from tests.integration.monolith.school import School, school
from tests.stack import Stack

DATABASE = "banyan_test_feeder"
NUMBERS = count(1)


@pytest.fixture(scope="session")
async def monolith_url(database_url: str) -> AsyncIterator[str]:
    await database.drop(database_url, DATABASE)
    url = await database.create(database_url, DATABASE)
    await asyncio.to_thread(migrate, url)
    yield url
    await database.drop(database_url, DATABASE)


@pytest.fixture
async def db(monolith_url: str) -> AsyncIterator[Connection]:
    connection = await database.connect(monolith_url)
    yield connection
    await connection.close()


@pytest.fixture
async def pool(monolith_url: str) -> AsyncIterator[Pool]:
    async with storage.pool(monolith_url, 40) as opened:
        yield opened


@pytest.fixture
async def biology(db: Connection) -> School:
    """A tenant that no other test knows."""
    return await school(db, f"school-{next(NUMBERS)}")


@pytest.fixture(scope="session")
def stack_redis(stack: Stack) -> str:
    return stack.redis
