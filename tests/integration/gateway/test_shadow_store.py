"""What gateway processes compared is added up in Redis, once, and is there for a report."""

from collections.abc import AsyncIterator
from contextlib import aclosing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from flags.names import COURSE_READ, Capability
from gateway.shadow.asked import Asked
from gateway.shadow.compared import Compared, Counts
from gateway.shadow.counting import Counting
from gateway.shadow.judging import Judged, Verdict
from gateway.shadow.store import MOST_SAMPLES, ShadowStore
from gateway.shadow.telling import Telling
from gateway.usage.store import Away, Batch
from resolvers.ports import Sources
from services.contracts.ids import CourseId
from services.contracts.learning import Course
from services.kit.caller import Caller
from services.kit.clock import FakeClock
from services.kit.redis import redis_of
from tests import valkey
from tests.fakes.tenant import viewer

CLOCK = FakeClock(datetime(2026, 3, 10, 5, tzinfo=UTC))


@pytest.fixture(params=["one", "cluster"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[ShadowStore]:
    with valkey.cluster(tmp_path) if request.param == "cluster" else valkey.server() as at:
        async with aclosing(redis_of(at.url)) as redis:
            yield ShadowStore(redis)


class Losing:
    """Takes what it is told, and its answer is lost."""

    def __init__(self, store: ShadowStore, times: int) -> None:
        self._store = store
        self._left = times

    async def add(self, capability: Capability, counts: Counts, batch: Batch) -> None:
        await self._store.add(capability, counts, batch)
        if self._left:
            self._left -= 1
            raise Away("lost")


class Heard:
    def __init__(self) -> None:
        self.told: list[tuple[str, int, int]] = []

    def mismatch(self, capability: str, compared: int, differing: int) -> None:
        self.told.append((capability, compared, differing))


async def nothing(side: Sources, caller: Caller) -> Any:
    return None


def compare(counting: Counting, same: int, other: int) -> None:
    asked = Asked(COURSE_READ, "courses.many", viewer("acme"), nothing, is_each=False)
    course = Course(CourseId("c"), "Biology", "BIO-1")
    for new in [course] * same + [Course(CourseId("c"), "Botany", "BIO-1")] * other:
        found = asked.compare(course, new)
        counting.judged(
            asked, Judged(Verdict.DIFFERS if found.differences else Verdict.SAME, found)
        )


async def test_processes_count_together_and_nothing_twice(store: ShadowStore) -> None:
    heard = Heard()
    for lost in (0, 1, 2):
        counting = Counting(CLOCK)
        telling = Telling(counting, Losing(store, lost), heard)
        compare(counting, same=7, other=3)
        for _ in range(lost + 1):
            await telling.tell()

    kept = await store.all_of(COURSE_READ)
    assert await store.counts(COURSE_READ) == Compared(30, 9) == kept.compared
    assert kept.differences() == {("Course.title", "value"): 9}
    assert kept.values()["Course.title"] == 30
    assert heard.told == [("course.read", 10, 3)] * 3


async def test_the_newest_samples_are_kept_and_all_can_be_forgotten(store: ShadowStore) -> None:
    counting = Counting(CLOCK)
    telling = Telling(counting, store, Heard())
    for _ in range(5):
        compare(counting, same=0, other=20)
        await telling.tell()

    assert len((await store.all_of(COURSE_READ)).samples) == MOST_SAMPLES
    await store.forget(COURSE_READ)
    assert await store.counts(COURSE_READ) == Compared(0, 0)


async def test_what_redis_does_not_take_is_told_once_it_is_back() -> None:
    counting, heard = Counting(CLOCK), Heard()
    with valkey.server() as server:
        async with aclosing(redis_of(server.url)) as redis:
            store = ShadowStore(redis)
            telling = Telling(counting, store, heard)
            compare(counting, same=4, other=0)
            server.kill()
            await telling.tell()
            server.start()
            await telling.tell()

            assert await store.counts(COURSE_READ) == Compared(4, 0)
    assert heard.told == [("course.read", 4, 0)]
