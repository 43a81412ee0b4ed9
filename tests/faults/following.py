"""What readers of a course see while its replica lags, dies or falls silent."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from services.contracts.errors import UpstreamError
from services.contracts.learning import LessonCompleted
from tests.faults.course import Course

STRANGER_EVERY_S, PAUSE_S = 0.05, 0.01
WAITS_S = 4.0
BEFORE_S = 1.0


@dataclass(slots=True)
class Hunt:
    """`stale` of all `own` reads after a write; those `by_others` come without a token."""

    own: int = 0
    stale: int = 0
    by_others: int = 0


@dataclass(slots=True)
class Watch:
    """How long reads took that were answered, and when others failed: since the strike, in s."""

    took_s: list[float] = field(default_factory=list)
    failed_s: list[float] = field(default_factory=list)

    @property
    def reads(self) -> int:
        return len(self.took_s) + len(self.failed_s)


async def write_and_read(opened: Course, lessons: Sequence[int], hunt: Hunt) -> None:
    """Everybody completes the lessons, and reads after each; others read beside them."""
    async with asyncio.TaskGroup() as work:
        other = work.create_task(_read_without_token(opened, hunt))
        await asyncio.gather(*[_own(opened, user, lessons, hunt) for user in opened.users])
        other.cancel()


async def watch(opened: Course, strike: Callable[[], Awaitable[None]], for_s: float) -> Watch:
    """Everybody reads again and again, so long after the strike too."""
    seen = Watch()
    strikes_s = time.monotonic() + BEFORE_S
    async with asyncio.TaskGroup() as work:
        readers = [work.create_task(_look(opened, user, strikes_s, seen)) for user in opened.users]
        await asyncio.sleep(BEFORE_S)
        await strike()
        await asyncio.sleep(for_s)
        for reader in readers:
            reader.cancel()
    return seen


async def _own(opened: Course, user: int, lessons: Sequence[int], hunt: Hunt) -> None:
    """Knows best how many there must be."""
    before = (await opened.progress(user)).completed
    for nth, lesson in enumerate(lessons, start=1):
        done = await opened.complete(user, lesson)
        assert isinstance(done, LessonCompleted), done
        shown = await opened.progress(user, done.known.versions)
        hunt.own += 1
        hunt.stale += shown.completed < before + nth


async def _read_without_token(opened: Course, hunt: Hunt) -> None:
    while True:
        for user in opened.users:
            await opened.progress(user)
            hunt.by_others += 1
            await asyncio.sleep(STRANGER_EVERY_S)


async def _look(opened: Course, user: int, strikes_s: float, seen: Watch) -> None:
    while True:
        began_s = time.monotonic()
        try:
            await opened.progress(user, within_s=WAITS_S)
        except UpstreamError:
            seen.failed_s.append(time.monotonic() - strikes_s)
        else:
            seen.took_s.append(time.monotonic() - began_s)
        await asyncio.sleep(PAUSE_S)
