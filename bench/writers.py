"""Writers who take quizzes, each beginning the next when one is handed in."""

import asyncio
import time
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass, field
from itertools import count, cycle
from statistics import median, quantiles

from bench.candidate import LAST_ANSWER, Candidate
from bench.limit import Load, Watch, average
from bench.way_in import Done

COMMANDS = ("start", "save", "submit")

Took = dict[str, list[float]]
"""Seconds of each command, from its first sending until it was taken."""


@dataclass(slots=True)
class Tally:
    took: Took = field(default_factory=lambda: {command: [] for command in COMMANDS})
    again: int = 0

    async def of(self, command: str, doing: Awaitable[Done]) -> Done:
        began = time.monotonic()
        done = await doing
        self.took[command].append(time.monotonic() - began)
        self.again += done.again
        return done


class Writer:
    """Has some quizzes, so that they are tried a few times each and not a hundred times."""

    def __init__(self, candidate: Candidate, quizzes: Sequence[str]) -> None:
        self._candidate = candidate
        self._quizzes = cycle(quizzes)
        self._numbers = count(1)

    async def take(self, tally: Tally) -> None:
        one, key = self._candidate, str(next(self._numbers))
        started = await tally.of("start", one.start(next(self._quizzes), key))
        attempt = started.said["attempt"]["id"]
        await tally.of("save", one.save(attempt, key))
        await tally.of("submit", one.submit(attempt, key, LAST_ANSWER))


@dataclass(frozen=True, slots=True)
class Round:
    took: Took
    again: int
    elapsed_s: float
    load: Load

    @property
    def per_s(self) -> float:
        return sum(map(len, self.took.values())) / self.elapsed_s


@dataclass(frozen=True, slots=True)
class Way:
    """Writers at once in some place; its latencies are those of all rounds together."""

    place: str
    writers: Sequence[Writer]
    rounds: list[Round] = field(default_factory=list)

    @property
    def per_s(self) -> float:
        """Commands of all three kinds."""
        return median(one.per_s for one in self.rounds)

    @property
    def again(self) -> int:
        return sum(one.again for one in self.rounds)

    @property
    def load(self) -> Load:
        return average([one.load for one in self.rounds])

    def ms(self, command: str, percent: int) -> float:
        took = [seconds for one in self.rounds for seconds in one.took[command]]
        return percentile_ms(took, percent)

    async def warm(self) -> None:
        """Each gateway process signs in at the monolith, unmeasured."""
        await asyncio.gather(*(writer.take(Tally()) for writer in self.writers))

    async def write(self, watch: Watch, seconds: float) -> None:
        tally, began = Tally(), time.monotonic()
        ends = began + seconds

        async def work(writer: Writer) -> None:
            while time.monotonic() < ends:
                await writer.take(tally)

        async def all_() -> float:
            await asyncio.gather(*map(work, self.writers))
            return time.monotonic() - began

        elapsed_s, load = await watch.over(all_())
        self.rounds.append(Round(tally.took, tally.again, elapsed_s, load))


def percentile_ms(took: Sequence[float], percent: int) -> float:
    if len(took) == 1:
        return took[0] * 1000
    return quantiles(took, n=100, method="inclusive")[percent - 1] * 1000
