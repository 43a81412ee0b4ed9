"""News that Redis did not take is told once it does: whoever listens looks at nothing else."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress

import pytest
from redis.asyncio import Redis

from services.events import topics as told
from services.events.topics import Topics
from services.kit.clock import SystemClock
from tests.valkey import Server, server

HEARD_WITHIN_S = 10.0
SILENT_S = 0.3


@pytest.fixture(scope="module")
def valkey() -> Iterator[Server]:
    with server() as made:
        yield made


@pytest.fixture
async def topics(valkey: Server, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Topics]:
    monkeypatch.setattr(told, "SILENT_S", SILENT_S)
    made = Topics(valkey.url, SystemClock())
    await made.publish({"connected": None})
    yield made
    await made.close()


async def heard(valkey: Server, many: int, topics: Topics) -> set[str]:
    """Topics that are heard, all of them published while the server hangs."""
    found: set[str] = set()
    async with Redis.from_url(valkey.url) as redis, redis.pubsub() as pubsub:
        await pubsub.psubscribe("t:*")
        await pubsub.get_message(timeout=HEARD_WITHIN_S)
        with valkey.hung():
            for nth in range(many):
                await topics.publish({f"t:{nth}": None})
        with suppress(TimeoutError):
            async with asyncio.timeout(HEARD_WITHIN_S):
                while len(found) < many:
                    message = await pubsub.get_message(timeout=0.1)
                    if message is not None:
                        found.add(message["channel"].decode())
    return found


async def test_what_was_said_to_a_server_that_hung_is_heard_later(
    valkey: Server, topics: Topics
) -> None:
    assert len(await heard(valkey, 1_200, topics)) == 1_200


async def test_it_is_not_heard_where_nothing_is_owed(
    valkey: Server, topics: Topics, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Topics, "_owe", lambda self, touched: None)
    monkeypatch.setattr("tests.integration.events.test_topics.HEARD_WITHIN_S", 1.0)

    # The server reads the first when it goes on: its sender did not wait for that.
    assert len(await heard(valkey, 1_200, topics)) <= 1


async def test_what_a_caller_did_not_wait_for_is_told_all_the_same(
    valkey: Server, topics: Topics
) -> None:
    async with Redis.from_url(valkey.url) as redis, redis.pubsub() as pubsub:
        await pubsub.subscribe("left")
        await pubsub.get_message(timeout=HEARD_WITHIN_S)
        with valkey.hung():
            publishing = asyncio.ensure_future(topics.publish({"left": None}))
            await asyncio.sleep(0)
            publishing.cancel()
            await asyncio.wait([publishing])

        message = await pubsub.get_message(timeout=HEARD_WITHIN_S)

    assert message is not None
    assert message["channel"] == b"left"
