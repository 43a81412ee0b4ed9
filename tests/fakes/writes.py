"""Completions of late, in memory."""

from collections import defaultdict
from dataclasses import dataclass, field

from gateway.freshness.writes import Write, write_of
from services.contracts.completions import Way
from services.contracts.learning import LessonCompleted
from services.kit.clock import Clock


@dataclass
class FakeWrites:
    clock: Clock
    kept: dict[Way, list[Write]] = field(default_factory=lambda: defaultdict(list))

    async def note(self, way: Way, done: LessonCompleted) -> None:
        write = write_of(way, done, self.clock)
        if write is not None:
            self.kept[way].append(write)

    async def of(self, way: Way) -> list[Write]:
        return list(self.kept[way])
