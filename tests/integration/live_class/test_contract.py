"""The live class service keeps what every source of live classes promises."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from itertools import count

import pytest
from redis.asyncio import Redis

from gateway.realtime.hub import Hub
from services.events.duty import keep_all
from services.events.projector import project
from services.events.role import Role
from services.kit.asking import ServiceClient
from services.kit.clock import SystemClock
from services.kit.once import flight
from services.kit.transport import HttpTransport
from services.live_class.classroom_client import ServiceClassrooms
from services.live_class.projection import LiveClassProjection
from services.live_class.service import Addresses, service
from services.storage import db
from services.storage.db import Pool
from tests import valkey
from tests.contract import test_breakouts, test_class_news, test_classrooms
from tests.contract import test_live_classes as promised
from tests.contract.lecture_hall import lecture_hall
from tests.contract.meeting import WAITS_S, Meeting
from tests.fakes.changes import FakeChanges
from tests.fakes.telling import told
from tests.integration.live_class.conftest import NOBODY
from tests.integration.monolith.serving import serving
from tests.integration.monolith.waiting import until
from tests.valkey import Server

NUMBERS = count(1)


@pytest.fixture(scope="module")
def redis() -> Iterator[Server]:
    """Where nobody else takes the marks of what has changed."""
    with valkey.server() as made:
        yield made


@pytest.fixture(scope="module")
async def keeping(live_class_url: str, redis: Server) -> AsyncIterator[str]:
    """Where the service answers, which also does what time does."""
    at, clock = Addresses(live_class_url, redis.url, NOBODY), SystemClock()
    async with service(at, clock) as made, serving(made.app) as url, asyncio.TaskGroup() as work:
        duties = work.create_task(keep_all(made.duties[Role.TIME], clock))
        yield url
        duties.cancel()


@pytest.fixture(scope="module")
async def hub(redis: Server) -> AsyncIterator[Hub]:
    """As a gateway hears of what is told."""
    async with Redis.from_url(redis.url) as opened:
        made = Hub(opened)

        async def is_connected() -> bool:
            return made.is_connected

        hearing = flight(made.run(), "hub")
        await until(is_connected)
        yield made
        hearing.cancel()
        await asyncio.wait([hearing])


@pytest.fixture
async def meeting(keeping: str, hub: Hub, pool: Pool, transport: HttpTransport) -> Meeting:
    """A class that begins now, of a tenant that no other test knows."""
    tenant = f"meeting-{next(NUMBERS)}"
    events = told(lecture_hall(tenant, SystemClock().now()), tenant)
    async with db.transaction(pool) as connection:
        await project(connection, LiveClassProjection(FakeChanges()), events)
    client = ServiceClient(transport, "live_class", keeping, WAITS_S)
    return Meeting(ServiceClassrooms(client), hub, tenant)


class TestService(promised.TestLiveClasses):
    """Over the service behind its client."""


class TestClassrooms(test_classrooms.TestClassrooms):
    """As it is held there."""


class TestBreakouts(test_breakouts.TestBreakouts):
    """As the service opens and closes them."""


class TestNews(test_class_news.TestNews):
    """Over the service's database, with a ticker beside it."""


class TestSignals(test_class_news.TestSignals):
    """Over mailboxes in Redis."""
