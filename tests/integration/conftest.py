"""What tests of every service use: ways to call one, and to hear what it tells."""

from collections.abc import AsyncIterator

import pytest

from services.events.bell import Bell
from services.events.topics import Topics
from services.kit.clock import SystemClock
from services.kit.transport import HttpTransport
from tests.stack import Stack


@pytest.fixture(scope="session")
async def transport() -> AsyncIterator[HttpTransport]:
    made = HttpTransport(connections=20)
    yield made
    await made.close()


@pytest.fixture
async def topics(stack: Stack) -> AsyncIterator[Topics]:
    made = Topics(stack.redis, SystemClock())
    yield made
    await made.close()


@pytest.fixture
async def bell(stack: Stack) -> AsyncIterator[Bell]:
    async with Bell(stack.redis, SystemClock()) as ringing:
        yield ringing
