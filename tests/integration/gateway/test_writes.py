"""What was completed lately is known to every gateway process, and its absence harms nobody."""

from collections.abc import AsyncIterator
from itertools import count

import pytest
from redis.asyncio import Redis

from gateway.freshness.writes import LASTS, RedisWrites, Write, Writes
from services.contracts.assessment import Source
from services.contracts.completions import Way
from services.contracts.freshness import Known
from services.contracts.learning import Lesson, LessonCompleted, LessonKind
from services.kit.clock import FakeClock
from tests.fakes.tenant import NOW, course_id, lesson_id
from tests.fakes.writes import FakeWrites
from tests.stack import Stack

NUMBERS = count(1)
CLOCK = FakeClock(NOW)
AT_MS = round(NOW.timestamp() * 1000)


@pytest.fixture
async def redis(stack: Stack) -> AsyncIterator[Redis]:
    async with Redis.from_url(stack.redis) as client:
        yield client


@pytest.fixture
def way() -> Way:
    """Nobody else's."""
    return Way("acme", 1, f"writer-{next(NUMBERS)}")


def completed(way: Way, number: int, version: int | None) -> LessonCompleted:
    lesson = Lesson(lesson_id("acme", number), course_id("acme"), "", LessonKind.TEXT)
    stream = way.at(Source.LEGACY)
    return LessonCompleted(
        lesson, Known(Source.LEGACY, {} if version is None else {stream: version})
    )


@pytest.mark.parametrize("kind", ["fake", "redis"])
class TestWrites:
    @pytest.fixture
    def writes(self, kind: str, redis: Redis) -> Writes:
        return FakeWrites(CLOCK) if kind == "fake" else RedisWrites(redis, CLOCK)

    async def test_a_write_is_known_with_its_version(self, writes: Writes, way: Way) -> None:
        await writes.note(way, completed(way, 1, 7))

        [write] = await writes.of(way)

        assert write == Write(lesson_id("acme", 1), way.at(Source.LEGACY), 7, AT_MS)

    async def test_one_way_knows_nothing_of_another(self, writes: Writes, way: Way) -> None:
        await writes.note(way, completed(way, 1, 7))

        assert await writes.of(Way(way.tenant, 2, way.user)) == []

    async def test_a_write_without_a_version_says_nothing(self, writes: Writes, way: Way) -> None:
        await writes.note(way, completed(way, 1, None))

        assert await writes.of(way) == []


async def test_it_is_forgotten_after_a_while(redis: Redis, way: Way) -> None:
    await RedisWrites(redis, CLOCK).note(way, completed(way, 1, 7))

    [key] = [key async for key in redis.scan_iter(f"writes:*{way.user}")]
    assert 0 < await redis.ttl(key) <= LASTS.total_seconds()


async def test_without_redis_nothing_is_known_and_nothing_fails(way: Way) -> None:
    async with Redis.from_url("redis://127.0.0.1:1") as dead:
        writes = RedisWrites(dead, CLOCK)
        await writes.note(way, completed(way, 1, 7))

        assert await writes.of(way) == []


async def test_what_another_release_wrote_is_not_known(redis: Redis, way: Way) -> None:
    writes = RedisWrites(redis, CLOCK)
    await writes.note(way, completed(way, 1, 7))
    [key] = [key async for key in redis.scan_iter(f"writes:*{way.user}")]
    await redis.hset(key, "other", b'{"some": "other form"}')

    assert await writes.of(way) == []
