"""A process that completes a lesson and is killed on the way: `python -m … URL TENANT STEP`."""

import asyncio
import os
import signal
import sys
from collections.abc import Mapping
from typing import Any

from services.commands.bus import Bus, Handler, Order
from services.commands.idempotency import Claim
from services.commands.uow import UnitOfWork
from services.contracts.learning import LessonCompleted
from services.contracts.progress_api import CompleteLesson
from services.events.bell import Bell
from services.kit.clock import SystemClock
from services.progress.complete_lesson import COMPLETE_LESSON, complete
from services.storage import db
from tests.fakes.tenant import viewer
from tests.integration.progress.completing import OUTBOX, tell_nobody

BEFORE_CLAIM = "before the claim"
AFTER_CLAIM = "after the claim"
AFTER_WRITE = "after the write"
BEFORE_COMMIT = "before the commit"
AFTER_COMMIT = "after the commit"
STEPS = (BEFORE_CLAIM, AFTER_CLAIM, AFTER_WRITE, BEFORE_COMMIT, AFTER_COMMIT)
NOBODY = "redis://127.0.0.1:9"
KEY = "key"


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


class Dies:
    """Each method stands where the step's work would be, or behind it."""

    def __init__(self, step: str) -> None:
        self._step = step

    def arm(self) -> Handler[CompleteLesson, LessonCompleted]:
        if self._step == BEFORE_CLAIM:
            setattr(Claim, "stored", self._instead)  # noqa: B010
        if self._step == BEFORE_COMMIT:
            setattr(Claim, "remember", self._behind(Claim.remember))  # noqa: B010
        return Handler(COMPLETE_LESSON.name, self.handle, LessonCompleted)

    async def handle(self, work: UnitOfWork, command: CompleteLesson) -> LessonCompleted:
        if self._step == AFTER_CLAIM:
            die()
        done = await complete(work, command)
        if self._step == AFTER_WRITE:
            die()
        return done

    async def publish(self, topics: Mapping[str, str | None]) -> None:
        if self._step == AFTER_COMMIT:
            die()
        await tell_nobody(topics)

    async def _instead(self, *_: Any) -> None:
        die()

    def _behind(self, does: Any) -> Any:
        async def and_dies(*arguments: Any) -> None:
            await does(*arguments)
            die()

        return and_dies


async def main(url: str, tenant: str, step: str) -> None:
    dies = Dies(step)
    handler = dies.arm()
    async with db.pool(url) as pool, Bell(NOBODY, SystemClock()) as bell:
        bus = Bus(pool, OUTBOX, bell, dies.publish)
        await bus.execute(handler, Order(viewer(tenant), KEY, CompleteLesson(3)))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
