"""What a system was busy with while it was measured, and which of it is the limit."""

import asyncio
import time
from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import mean
from typing import TypeVar

from bench.database_load import Database, Waits
from bench.host import OTHERS, Host, cores

T = TypeVar("T")

LOOK_EVERY_S = 0.05
BUSY = 0.85
OFTEN = 0.5


class Limit(StrEnum):
    CORES = "cores"
    OTHERS = "others"
    DISK = "disk"
    LOCK = "lock"
    WRITERS = "writers"


SAID = {
    Limit.CORES: "the cores are",
    Limit.OTHERS: "what others do on the cores is",
    Limit.DISK: "the disk is",
    Limit.LOCK: "a lock is",
    Limit.WRITERS: "that each writer waits for its own answer is",
}


@dataclass(frozen=True, slots=True)
class Load:
    """`shares` are of all cores together, `disk` and `lock` of the moments looked at.

    In that share of moments somebody waited for the log to be on disk, or for another's lock.
    """

    shares: Mapping[str, float]
    commits_per_s: float
    syncs_per_s: float
    disk: float
    lock: float

    @property
    def limit(self) -> Limit:
        busy = sum(self.shares.values())
        if busy >= BUSY:
            return Limit.OTHERS if self.shares[OTHERS] > busy / 2 else Limit.CORES
        if self.disk >= OFTEN:
            return Limit.DISK
        return Limit.LOCK if self.lock >= OFTEN else Limit.WRITERS


def average(loads: Sequence[Load]) -> Load:
    return Load(
        {part: mean(one.shares[part] for one in loads) for part in loads[0].shares},
        mean(one.commits_per_s for one in loads),
        mean(one.syncs_per_s for one in loads),
        mean(one.disk for one in loads),
        mean(one.lock for one in loads),
    )


class Watch:
    def __init__(self, host: Host, database: Database) -> None:
        self._host = host
        self._database = database

    async def over(self, work: Awaitable[T]) -> tuple[T, Load]:
        """What the work gave, and what went on until it was done."""
        looks: list[Waits] = []
        is_over = asyncio.Event()
        began_s, cpu_s = time.monotonic(), self._host.cpu_s()
        before = await self._database.counted()

        async def working() -> T:
            try:
                return await work
            finally:
                is_over.set()

        done, _ = await asyncio.gather(working(), self._look(looks, is_over))
        after, elapsed_s = await self._database.counted(), time.monotonic() - began_s
        used = {part: now_s - cpu_s[part] for part, now_s in self._host.cpu_s().items()}
        return done, Load(
            {part: max(0.0, one / elapsed_s / cores()) for part, one in used.items()},
            (after.commits - before.commits) / elapsed_s,
            (after.syncs - before.syncs) / elapsed_s,
            mean(one.disk for one in looks),
            mean(one.lock for one in looks),
        )

    async def _look(self, looks: list[Waits], is_over: asyncio.Event) -> None:
        """At least once."""
        while not (looks and is_over.is_set()):
            looks.append(await self._database.waits())
            await asyncio.sleep(LOOK_EVERY_S)
