"""The live class service keeps what every source of live classes promises."""

from collections.abc import AsyncIterator, Iterator
from itertools import count

import pytest

from gateway.realtime.hub import Hub
from services.kit.asking import ServiceClient
from services.kit.clock import SystemClock
from services.kit.transport import HttpTransport
from services.live_class.classroom_client import ServiceClassrooms
from services.storage.db import Pool
from tests import valkey
from tests.contract import test_breakouts, test_class_news, test_classrooms
from tests.contract import test_live_classes as promised
from tests.contract.lecture_hall import lecture_hall
from tests.contract.meeting import WAITS_S, Meeting
from tests.integration.live_class import keeping
from tests.valkey import Server

NUMBERS = count(1)


@pytest.fixture(scope="module")
def redis() -> Iterator[Server]:
    """Where nobody else takes the marks of what has changed."""
    with valkey.server() as made:
        yield made


@pytest.fixture(scope="module")
async def kept(live_class_url: str, redis: Server) -> AsyncIterator[str]:
    async with keeping.kept(live_class_url, redis.url, SystemClock()) as url:
        yield url


@pytest.fixture(scope="module")
async def hub(redis: Server) -> AsyncIterator[Hub]:
    async with keeping.heard(redis.url) as made:
        yield made


@pytest.fixture
async def meeting(kept: str, hub: Hub, pool: Pool, transport: HttpTransport) -> Meeting:
    """A class that begins now, of a tenant that no other test knows."""
    tenant = f"meeting-{next(NUMBERS)}"
    await keeping.known(pool, lecture_hall(tenant, SystemClock().now()), tenant)
    client = ServiceClient(transport, "live_class", kept, WAITS_S)
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
