"""Topics over a real Valkey: one subscription however many listen, and nothing missed for good."""

import asyncio
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import pytest
from redis.asyncio import Redis
from redis.exceptions import RedisError

from gateway.realtime.ear import Ear
from gateway.realtime.hub import Hub
from services.storage.valkey import Valkey
from tests import pair
from tests.integration.monolith.waiting import until
from tests.stack import Stack

TOPIC = "progress:acme:1:4"


@asynccontextmanager
async def running(url: str) -> AsyncIterator[tuple[Hub, Redis]]:
    """A hub that listens, and another connection to the same Valkey."""
    async with Redis.from_url(url) as ours, Redis.from_url(url) as other:
        hub = Hub(ours)
        async with asyncio.TaskGroup() as tasks:
            listening = tasks.create_task(hub.run())
            yield hub, other
            listening.cancel()


async def is_subscribed(redis: Redis, topic: str, times: int) -> bool:
    """What Valkey itself counts."""
    try:
        [(_, count)] = await redis.pubsub_numsub(topic)
    except RedisError:
        return False
    return int(count) == times


async def hears(ear: Ear, of: str | None) -> None:
    """Waits for these news; that there may be some is told at any time."""
    async with asyncio.timeout(5):
        while await ear.next() != of:
            pass


async def test_many_listeners_of_a_topic_are_one_subscription(stack: Stack) -> None:
    async with running(stack.redis) as (hub, redis):
        async with hub.listen(TOPIC) as first, hub.listen(TOPIC) as second:
            await until(lambda: is_subscribed(redis, TOPIC, 1))
            await redis.publish(TOPIC, b'{"traceparent": "t1"}')

            await hears(first, of="t1")
            await hears(second, of="t1")
            assert await is_subscribed(redis, TOPIC, 1)
        await until(lambda: is_subscribed(redis, TOPIC, 0))


async def test_news_that_came_while_one_was_busy_are_told_as_one(stack: Stack) -> None:
    async with (
        running(stack.redis) as (hub, redis),
        hub.listen(TOPIC) as busy,
        hub.listen(TOPIC) as quick,
    ):
        await until(lambda: is_subscribed(redis, TOPIC, 1))
        for number in range(100):
            await redis.publish(TOPIC, b'{"traceparent": "t%d"}' % number)
        await hears(quick, of="t99")

        assert await busy.next() == "t99"
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await busy.next()


async def test_after_valkey_was_away_everybody_is_told_that_there_may_be_news(
    tmp_path: Path,
) -> None:
    (tmp_path / "keys").mkdir()
    port = pair.free_port()
    url = Valkey(tmp_path, port).url
    with valkey(tmp_path, port) as process:
        await until(lambda: answers(url))
        async with running(url) as (hub, redis), hub.listen(TOPIC) as ear:
            await until(lambda: is_subscribed(redis, TOPIC, 1))
            await redis.publish(TOPIC, b'{"traceparent": "t1"}')
            await hears(ear, of="t1")
            process.kill()
            process.wait()
            with valkey(tmp_path, port):
                await until(lambda: answers(url))
                await hears(ear, of=None)
                await until(lambda: is_subscribed(redis, TOPIC, 1))
                await redis.publish(TOPIC, b'{"traceparent": "t2"}')
                await hears(ear, of="t2")


async def answers(url: str) -> bool:
    async with Redis.from_url(url) as redis:
        try:
            return bool(await redis.ping())
        except RedisError:
            return False


@contextmanager
def valkey(home: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    command = Valkey(home, port).prepare()
    process = subprocess.Popen(command.argv, cwd=command.folder, stdout=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.kill()
        process.wait()
