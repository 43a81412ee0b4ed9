"""Registered documents are kept within bounds, and a Redis that is away or lies harms nobody."""

from typing import Any, cast

import pytest
from redis.asyncio import Redis
from redis.exceptions import ConnectionError as Gone

from gateway.operation.ask import digest
from gateway.operation.persisted import REST_S, Persisted
from services.kit.clock import FakeClock
from tests.fakes.tenant import NOW

TEXTS = [f"{{ a{number}: __typename }}" for number in range(3)]


class FakeRedis:
    """What two processes share; `is_gone` refuses."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}
        self.asked = 0
        self.is_gone = False

    async def get(self, key: str) -> bytes | None:
        self._ask()
        return self.kept.get(key)

    async def set(self, key: str, text: str, ex: Any) -> None:
        self._ask()
        self.kept[key] = text.encode()

    def _ask(self) -> None:
        self.asked += 1
        if self.is_gone:
            raise Gone


@pytest.fixture
def redis() -> FakeRedis:
    return FakeRedis()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(NOW)


def process(redis: FakeRedis, clock: FakeClock, most: int = 10) -> Persisted:
    return Persisted(clock, cast(Redis, redis), most)


async def test_what_one_process_was_given_another_finds(redis: FakeRedis, clock: FakeClock) -> None:
    one, other = process(redis, clock), process(redis, clock)

    await one.keep(digest(TEXTS[0]), TEXTS[0])

    assert await other.find(digest(TEXTS[0])) == TEXTS[0]


async def test_a_process_asks_redis_once(redis: FakeRedis, clock: FakeClock) -> None:
    kept = process(redis, clock)
    await kept.keep(digest(TEXTS[0]), TEXTS[0])

    for _ in range(3):
        await kept.keep(digest(TEXTS[0]), TEXTS[0])
        await kept.find(digest(TEXTS[0]))

    assert redis.asked == 1


async def test_memory_is_bounded(redis: FakeRedis, clock: FakeClock) -> None:
    kept = process(redis, clock, most=2)
    for text in TEXTS:
        await kept.keep(digest(text), text)
    redis.kept.clear()

    assert [await kept.find(digest(text)) for text in TEXTS] == [None, *TEXTS[1:]]


async def test_another_text_in_its_place_is_not_believed(
    redis: FakeRedis, clock: FakeClock
) -> None:
    await process(redis, clock).keep(digest(TEXTS[0]), TEXTS[0])
    [key] = redis.kept

    for planted in (TEXTS[1].encode(), b"\xff"):
        redis.kept[key] = planted
        assert await process(redis, clock).find(digest(TEXTS[0])) is None


async def test_a_redis_that_is_gone_is_left_alone_for_a_while(
    redis: FakeRedis, clock: FakeClock
) -> None:
    redis.is_gone, kept = True, process(redis, clock)

    await kept.keep(digest(TEXTS[0]), TEXTS[0])
    assert await kept.find(digest(TEXTS[0])) == TEXTS[0]
    assert await kept.find(digest(TEXTS[1])) is None
    assert redis.asked == 1

    clock.advance(seconds=REST_S)
    await kept.find(digest(TEXTS[1]))
    assert redis.asked == 2
