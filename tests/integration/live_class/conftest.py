"""The live class service over a database of its own, and a fresh tenant for each test."""

from collections.abc import AsyncIterator
from itertools import count

import pytest
from starlette.applications import Starlette

from services.events.reading import Reading
from services.events.topics import Topics
from services.kit.asking import ServiceClient
from services.kit.clock import FakeClock, SystemClock
from services.kit.settings import Settings
from services.kit.transport import HttpTransport
from services.live_class.client import ServiceLiveClasses
from services.live_class.migrate import APP
from services.live_class.rights import WORKER
from services.live_class.room.beats import Beats
from services.live_class.service import Addresses, service, timetable_routes
from services.storage import db
from services.storage.db import Pool
from tests.contract.live_class import sources_of_live_class
from tests.contract.school import school
from tests.contract.side import Side
from tests.fakes.tenant import NOW
from tests.integration.live_class.campus import WAITS_S, Campus
from tests.integration.live_class.lecture import Lecture
from tests.integration.monolith.serving import serving
from tests.integration.own_database import own_database
from tests.stack import Stack

DATABASE = "banyan_test_live_class"
NOBODY = "http://127.0.0.1:9"
NUMBERS = count(1)


@pytest.fixture(scope="session")
async def live_class_url(database_url: str) -> AsyncIterator[str]:
    """A database with the service's tables."""
    async with own_database(database_url, DATABASE, APP) as url:
        yield url


@pytest.fixture(scope="session")
async def pool(live_class_url: str) -> AsyncIterator[Pool]:
    async with db.pool(live_class_url) as opened:
        yield opened


@pytest.fixture(scope="session")
async def api(pool: Pool) -> AsyncIterator[str]:
    """Where its questions are answered, in the present of the fakes."""
    async with serving(Starlette(routes=timetable_routes(Reading(pool), FakeClock(NOW)))) as url:
        yield url


@pytest.fixture
async def campus(pool: Pool, api: str, transport: HttpTransport) -> Campus:
    """A tenant that no other test knows, projected."""
    tenant = f"campus-{next(NUMBERS)}"
    client = ServiceLiveClasses(ServiceClient(transport, "live_class", api, WAITS_S))
    return await Campus(tenant, school(tenant), pool, client).open()


@pytest.fixture
def side(campus: Campus) -> Side:
    """As the contract's tests want it."""
    sources = sources_of_live_class(campus.client, campus.held)
    return Side(sources, campus.tenant, campus.held)


@pytest.fixture(scope="session")
async def worker(live_class_url: str) -> AsyncIterator[Pool]:
    """As the service itself has it: one tenant at a time."""
    async with db.pool(live_class_url, role=WORKER) as opened:
        yield opened


@pytest.fixture(scope="session")
async def serves(
    live_class_url: str, stack: Stack, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[str]:
    """Where the service answers; nothing but its API runs."""
    settings = Settings(home=tmp_path_factory.mktemp("live_class"))
    at = Addresses(live_class_url, stack.redis, NOBODY, settings=settings)
    async with service(at, SystemClock()) as made, serving(made.app) as url:
        yield url


@pytest.fixture
async def beats(stack: Stack) -> AsyncIterator[Beats]:
    made = Beats(stack.redis, SystemClock())
    yield made
    await made.close()


@pytest.fixture
async def lecture(
    stack: Stack,
    pool: Pool,
    worker: Pool,
    serves: str,
    transport: HttpTransport,
    beats: Beats,
    topics: Topics,
) -> Lecture:
    """A class that begins now, of a tenant that no other test knows."""
    name, redis = f"lecture-{next(NUMBERS)}", stack.redis
    made = Lecture(name, pool, worker, serves, transport, redis, beats, topics)
    await made.scheduled()
    return made
