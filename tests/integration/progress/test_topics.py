"""Who is told over Redis what was touched: after the commit, and also when nothing changed."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from services.contracts import events as said
from services.contracts.events import Happened
from services.contracts.learning import LessonCompleted, LessonKind
from services.events.topics import SILENT_S, Topics
from services.kit.asking import ServiceClient
from services.kit.clock import FakeClock, SystemClock
from services.kit.transport import HttpTransport
from services.progress.client.progress import ServiceCompletions
from services.progress.service import Addresses, service
from tests.fakes.tenant import NOW, lesson_id
from tests.integration.monolith.serving import serving
from tests.integration.progress.campus import NOBODY, WAITS_S, Campus
from tests.stack import Stack

HEARD_WITHIN_S = 5.0
DEAD_REDIS = "redis://127.0.0.1:9"

ANNOUNCED: list[tuple[str, Happened, str]] = [
    ("completions/{}/1/4", said.LessonsCompleted(1, 4, [3]), "progress:{}:1:4"),
    ("completions/{}/1/4", said.LessonsCompleted(1, 4, [2]), "progress:{}:1:4"),
    ("course/{}/1", said.CourseChanged(1, "Cells", "C-9"), "course:{}:1"),
    ("content/{}/1", said.ModuleChanged(1, 1, 1, "Cells"), "course:{}:1"),
    ("content/{}/99", said.LessonChanged(99, 2, 9, 1, "A", LessonKind.TEXT), "course:{}:2"),
    ("content/{}/2", said.ContentRemoved(2), "course:{}:1"),
    ("content/{}/9", said.ContentRemoved(9), "course:{}:2"),
]


class Ear:
    def __init__(self, redis: Redis) -> None:
        self._heard = redis.pubsub(ignore_subscribe_messages=True)

    async def listen(self, topic: str) -> None:
        await self._heard.subscribe(topic)
        # Redis says that it has subscribed before it says anything else.
        await self._heard.get_message(timeout=HEARD_WITHIN_S)

    async def next(self, within_s: float = HEARD_WITHIN_S) -> bytes | None:
        async with asyncio.timeout(within_s + 1):
            message = await self._heard.get_message(timeout=within_s)
        return bytes(message["data"]) if message else None

    async def close(self) -> None:
        await self._heard.aclose()  # type: ignore[no-untyped-call]


@pytest.fixture
async def ear(stack: Stack) -> AsyncIterator[Ear]:
    async with Redis.from_url(stack.redis) as redis:
        made = Ear(redis)
        yield made
        await made.close()


@pytest.mark.parametrize(("stream", "data", "topic"), ANNOUNCED)
async def test_what_an_event_touched_is_announced(
    campus: Campus, ear: Ear, stream: str, data: Happened, topic: str
) -> None:
    await ear.listen(topic.format(campus.tenant))

    await campus.happens(stream, data)

    assert await ear.next() == b'{"traceparent":null}'


async def test_a_removed_assessment_is_no_news_of_the_outline(campus: Campus, ear: Ear) -> None:
    await ear.listen(f"course:{campus.tenant}:1")

    await campus.happens("content/{}/7", said.ContentRemoved(7))
    await campus.happens("course/{}/1", said.CourseChanged(1, "Cells", "C-9"))

    assert await ear.next() is not None
    assert await ear.next(within_s=0.1) is None


async def test_a_command_is_announced_each_time_also_when_it_changed_nothing(
    campus: Campus, ear: Ear
) -> None:
    await ear.listen(f"progress:{campus.tenant}:1:4")
    complete, lesson = campus.sources.completions.complete, lesson_id(campus.tenant, 3)

    for key in ("one", "two"):
        await complete(campus.asking(), lesson, key)

        told = await ear.next()
        assert told is not None
        assert told.startswith(b'{"traceparent":"00-')


async def test_a_command_is_done_though_redis_is_away(
    campus: Campus, progress_url: str, transport: HttpTransport
) -> None:
    at = Addresses(progress_url, DEAD_REDIS, NOBODY)
    async with service(at, SystemClock()) as made, serving(made.app) as url:
        completions = ServiceCompletions(ServiceClient(transport, "progress", url, WAITS_S))

        done = await completions.complete(campus.asking(), lesson_id(campus.tenant, 3), "key")

    assert isinstance(done, LessonCompleted)


async def test_nobody_waits_for_a_dead_redis_twice_at_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    clock = FakeClock(NOW)
    topics = Topics(DEAD_REDIS, clock)

    for wait_s in (0, SILENT_S / 2, SILENT_S):
        clock.advance(wait_s)
        await topics.publish({"progress:a:1:4": None})

    await topics.close()
    assert [record.message for record in caplog.records] == ["topics.silent"] * 2
