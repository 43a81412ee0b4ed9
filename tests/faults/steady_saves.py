"""Learners who save at a steady rate, and how long each of them waited."""

import asyncio
import math
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count

from services.contracts.assessment import AttemptAccepted
from services.contracts.assessment_api import SAVE, Save
from tests.faults.exams import Exams
from tests.faults.quiz import written

TRIES, AT_ONCE = 5, 20


@dataclass(slots=True)
class Saves:
    """`at` is the service; a save that is refused fails the test, unless it says to try again."""

    hall: Exams
    at: str
    sitting: Sequence[tuple[int, str]]
    _numbers: "count[int]" = field(default_factory=lambda: count(1))

    async def steadily(self, per_s: float, seconds: float) -> list[float]:
        """By the clock, as far as a slow machine keeps up; gives each one's seconds."""
        began_s = time.monotonic()
        free = asyncio.Semaphore(AT_ONCE)
        saves: list[asyncio.Task[float]] = []
        async with asyncio.TaskGroup() as work:
            while (passed_s := time.monotonic() - began_s) < seconds:
                await asyncio.sleep(len(saves) / per_s - passed_s)
                await free.acquire()
                saves.append(work.create_task(self._save()))
                saves[-1].add_done_callback(lambda _: free.release())
        return [save.result() for save in saves]

    async def _save(self) -> float:
        number = next(self._numbers)
        user, attempt = self.sitting[number % len(self.sitting)]
        began_s = time.monotonic()
        said = Save(attempt, [written(number, f"saved {number}")])
        for _ in range(TRIES):
            done = await self.hall.do(user, SAVE, said, f"saving {number}", at=self.at)
            if isinstance(done, AttemptAccepted):
                return time.monotonic() - began_s
            assert done.retryable, done
        raise TimeoutError(f"save {number} was not taken")


def p99_ms(waits_s: Sequence[float]) -> float:
    return sorted(waits_s)[math.ceil(len(waits_s) * 0.99) - 1] * 1_000
