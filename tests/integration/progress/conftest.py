"""The progress service over a database of its own, and a fresh tenant for each test."""

from collections.abc import AsyncIterator
from itertools import count

import pytest

from services.events.outbox import Outbox
from services.events.topics import Topics
from services.kit.clock import SystemClock
from services.kit.transport import HttpTransport
from services.progress.service import SOURCE, Addresses, service
from services.storage import db
from services.storage.db import Pool
from tests.integration.monolith.serving import serving
from tests.integration.own_database import own_database
from tests.integration.progress.campus import Campus
from tests.integration.progress.joined import Joined, joining
from tests.stack import Stack

DATABASE = "banyan_test_progress"
NOBODY = "http://127.0.0.1:9"
NUMBERS = count(1)


@pytest.fixture(scope="session")
async def progress_url(database_url: str) -> AsyncIterator[str]:
    """A database with the service's tables."""
    async with own_database(database_url, DATABASE, SOURCE) as url:
        yield url


@pytest.fixture(scope="session")
async def pool(progress_url: str) -> AsyncIterator[Pool]:
    async with db.pool(progress_url) as opened:
        yield opened


@pytest.fixture(scope="session")
async def serves(progress_url: str, stack: Stack) -> AsyncIterator[str]:
    """Where the service answers; nothing but its API runs."""
    at = Addresses(progress_url, stack.redis, NOBODY)
    async with service(at, SystemClock()) as made, serving(made.app) as url:
        yield url


@pytest.fixture
async def campus(pool: Pool, serves: str, transport: HttpTransport, topics: Topics) -> Campus:
    """A tenant that no other test knows, projected."""
    made = Campus(f"campus-{next(NUMBERS)}", pool, topics, serves, transport)
    await made.open()
    return made


@pytest.fixture
async def joined(campus: Campus, progress_url: str, stack: Stack) -> AsyncIterator[Joined]:
    async with joining(campus, progress_url, stack) as opened:
        yield opened


@pytest.fixture
def outbox() -> Outbox:
    return Outbox(SOURCE)
