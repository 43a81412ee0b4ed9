"""Events at a steady rate, made in batches: more a second than the commands of one machine make."""

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, product

from bench.lesson_hall import LessonHall
from legacy.monolith.database import Connection

TICK_S = 0.05


@dataclass(slots=True)
class Feeding:
    """`made` so far, in `seconds`, and no pair of a lesson and a learner twice."""

    db: Connection
    hall: LessonHall
    pairs: Iterator[tuple[int, int]]
    made: int = 0
    seconds: float = 0.0

    @classmethod
    def of(cls, db: Connection, hall: LessonHall) -> "Feeding":
        return cls(db, hall, iter(product(hall.lessons, hall.others)))

    async def keep(self, rate: float, seconds: float) -> None:
        """As many a second, as far as the machine keeps up; then counts begin anew."""
        self.made, began = 0, time.monotonic()
        while (passed_s := time.monotonic() - began) < seconds:
            if batch := list(islice(self.pairs, self._due(rate * passed_s))):
                await self.hall.complete(self.db, batch)
                self.made += len(batch)
            await asyncio.sleep(TICK_S)
        self.seconds = time.monotonic() - began

    def _due(self, by_now: float) -> int:
        """One learner completes one lesson in a batch: more would be one event."""
        return min(int(by_now) - self.made, len(self.hall.others))
