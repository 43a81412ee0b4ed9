"""The assessment service over a database of its own, and a fresh tenant for each test."""

from collections.abc import AsyncIterator
from itertools import count

import pytest

from services.assessment.duties.telling import Telling
from services.assessment.rights import WORKER
from services.assessment.service import SOURCE, Addresses, service
from services.events.bell import Bell
from services.events.outbox import Outbox
from services.events.topics import Topics
from services.kit.clock import SystemClock
from services.kit.transport import HttpTransport
from services.storage import db
from services.storage.db import Pool
from tests.integration.assessment.campus import Campus
from tests.integration.assessment.moving_time import MOVABLE
from tests.integration.monolith.serving import serving
from tests.integration.own_database import own_database
from tests.stack import Stack

DATABASE = "banyan_test_assessment"
NOBODY = "http://127.0.0.1:9"
NUMBERS = count(1)


@pytest.fixture(scope="session")
async def assessment_url(database_url: str) -> AsyncIterator[str]:
    """A database with the service's tables, in which each tenant's time can be moved."""
    async with own_database(database_url, DATABASE, SOURCE) as url:
        connection = await db.connect(url)
        await connection.execute(MOVABLE)
        await connection.close()
        yield url


@pytest.fixture(scope="session")
async def pool(assessment_url: str) -> AsyncIterator[Pool]:
    """Of the owner, who sees all rows."""
    async with db.pool(assessment_url) as opened:
        yield opened


@pytest.fixture(scope="session")
async def worker(assessment_url: str) -> AsyncIterator[Pool]:
    """As the service itself has it."""
    async with db.pool(assessment_url, role=WORKER) as opened:
        yield opened


@pytest.fixture(scope="session")
async def serves(assessment_url: str, stack: Stack) -> AsyncIterator[str]:
    """Where the service answers; nothing but its API runs."""
    at = Addresses(assessment_url, stack.redis, NOBODY)
    async with service(at, SystemClock()) as made, serving(made.app) as url:
        yield url


@pytest.fixture
def outbox() -> Outbox:
    return Outbox(SOURCE)


@pytest.fixture
def telling(outbox: Outbox, bell: Bell, topics: Topics) -> Telling:
    return Telling(outbox, bell, topics)


@pytest.fixture
async def campus(
    pool: Pool, worker: Pool, serves: str, transport: HttpTransport, topics: Topics
) -> Campus:
    """A tenant that no other test knows: its course, its quiz and its exam."""
    made = Campus(f"hall-{next(NUMBERS)}", pool, worker, topics, serves, transport)
    await made.open()
    return made
