"""Progress that never goes back for who has seen more than the side that is asked.

What is older than it may be is mended in this order: the side waits a moment; one's own writes are
laid over (PENDING); the other side is asked; what either side counts is counted; what was shown
last is shown again (DEGRADED).
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeGuard

from gateway.freshness.overlay import age_ms, degraded, is_old, joined, laid_over, unknown_to
from gateway.freshness.writes import Write, Writes
from resolvers.ports import Sources
from services.contracts.errors import Refused
from services.contracts.ids import CourseId, LearnerId
from services.contracts.learning import Progress
from services.kit.caller import Caller
from services.kit.clock import Clock


@dataclass(frozen=True, slots=True)
class FreshProgress:
    """From the `near` side, or else by the ladder."""

    near: Sources
    far: Sources
    writes: Writes
    clock: Clock

    async def mine(
        self, caller: Caller, courses: Sequence[CourseId]
    ) -> Sequence[Progress | Refused]:
        found = await self.near.progress.mine(caller, courses)
        if not any(_is_old(one, caller) for one in found):
            return found
        async with asyncio.TaskGroup() as climbs:
            tasks = [climbs.create_task(self._fresh(caller, one)) for one in found]
        return [task.result() for task in tasks]

    async def of_learners(
        self, caller: Caller, pairs: Sequence[tuple[CourseId, LearnerId]]
    ) -> Sequence[Progress | Refused]:
        """Others' progress says when it may be old, and that is all."""
        found = await self.near.progress.of_learners(caller, pairs)
        return [degraded(one, caller.seen) if _is_old(one, caller) else one for one in found]

    async def _fresh(self, caller: Caller, read: Progress | Refused) -> Progress | Refused:
        if not _is_old(read, caller):
            return read
        writes = unknown_to(read.known.versions, await self.writes.of(read.way))
        over = await self._over(caller, read, writes)
        if over is not None and not _is_old(over, caller):
            return over
        [told] = await self.far.progress.mine(caller, [read.course_id])
        if isinstance(told, Progress) and not _is_old(told, caller):
            return told
        both = await self._joined(caller, read, told)
        if both is not None and not _is_old(both, caller):
            return both
        known = [one for one in (read, over, told, both) if isinstance(one, Progress)]
        best = max(known, key=lambda one: one.completed)
        return degraded(best, caller.seen, age_ms(writes, self._now_ms()))

    async def _over(
        self, caller: Caller, read: Progress, writes: Sequence[Write]
    ) -> Progress | None:
        """None where the side counts some of them by now: then `read` may count them or not."""
        if not writes:
            return None
        [own] = await self.near.courses.completed(caller, [read.course_id])
        if isinstance(own, Refused) or any(one.lesson in own.lessons for one in writes):
            return None
        return laid_over(read, writes, self._now_ms())

    async def _joined(
        self, caller: Caller, read: Progress, told: Progress | Refused
    ) -> Progress | None:
        """Each side knows all that it was told itself; None where one of them says nothing."""
        if isinstance(told, Refused):
            return None
        course = [read.course_id]
        [near] = await self.near.courses.completed(caller, course)
        [far] = await self.far.courses.completed(caller, course)
        if isinstance(near, Refused) or isinstance(far, Refused):
            return None
        return joined(read, told, (near, far))

    def _now_ms(self) -> int:
        return round(self.clock.now().timestamp() * 1000)


def _is_old(read: Progress | Refused, caller: Caller) -> TypeGuard[Progress]:
    """Older than what the caller has seen of the same."""
    return isinstance(read, Progress) and is_old(read, caller.seen)
