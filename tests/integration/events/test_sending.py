"""Whoever is told to end while it speaks to Redis ends, and a closed connection says so."""

import asyncio
import sys
from collections.abc import AsyncIterator, Iterator

import pytest
from redis.asyncio import Redis
from redis.asyncio.connection import AbstractConnection, Connection
from redis.exceptions import ConnectionError as NotConnected

from services.kit import sending
from services.kit.redis import AnyRedis, redis_of
from tests import valkey

TOLD = 600
MOST_TICKS = 14


@pytest.fixture
def server() -> Iterator[valkey.Server]:
    with valkey.server() as made:
        yield made


@pytest.fixture
async def redis(server: valkey.Server) -> AsyncIterator[AnyRedis]:
    made = redis_of(server.url)
    await made.ping()
    yield made
    await made.aclose()


async def test_no_cancellation_is_lost(redis: Redis) -> None:
    assert await lost(redis) == 0


async def test_nobody_reads_what_was_said_to_another(redis: Redis) -> None:
    """A connection whose reply was left behind is not used again."""
    await lost(redis)

    said = [await redis.echo(f"{nth}") for nth in range(50)]

    assert said == [str(nth).encode() for nth in range(50)]


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="wait_for() heeds it from 3.12 on")
async def test_the_library_alone_loses_some(redis: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(AbstractConnection, "send_packed_command", sending._send)

    assert await lost(redis) > 0


async def test_a_connection_that_another_closes_while_it_is_opened_is_one_that_failed(
    server: valkey.Server,
) -> None:
    with pytest.raises(NotConnected):
        await closed_amid(server)


async def test_the_library_alone_takes_it_for_a_defect(
    server: valkey.Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(AbstractConnection, "send_packed_command", sending._send)

    with pytest.raises(AttributeError):
        await closed_amid(server)


class ClosedAmid(Connection):
    """As a free one of a cluster's node is, when somebody finds that the node is away."""

    async def check_health(self) -> None:
        await self.disconnect()


async def closed_amid(server: valkey.Server) -> None:
    await ClosedAmid(port=server.port).send_command("PING")


async def lost(redis: Redis) -> int:
    """How many went on of those who were told to end before they had an answer."""
    return sum([await goes_on(redis, nth % MOST_TICKS) for nth in range(TOLD)])


async def goes_on(redis: Redis, ticks: int) -> bool:
    asking = asyncio.ensure_future(redis.publish("somewhere", "something"))
    for _ in range(ticks):
        await asyncio.sleep(0)
    was_told = asking.cancel()
    await asyncio.wait([asking])
    return was_told and not asking.cancelled()
