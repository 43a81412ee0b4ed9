"""Gateway processes that share what they see of one service, under traffic, on a virtual clock."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from flags.budget import Budget
from flags.change import Change
from flags.client import Flags
from flags.fleet import MemoryFleet
from flags.health import Health
from flags.names import PROGRESS_READ, Side
from flags.rollback import Pace
from gateway.strangling.rollback import LOOK_EVERY_S, Rollback, Terms
from services.kit.clock import FakeClock
from tests.fakes.tenant import NOW
from tests.unit.flags.people import viewer

PROCESSES = 2
LEARNERS = 200
LOOKS_S = int(1 / LOOK_EVERY_S)
Fails = Callable[[], bool]


def often(dice: Random, share: float) -> bool:
    return dice.random() < share


@dataclass
class FleetInTime:
    """`percents` are what the service answers of everybody, each time that it changed in all."""

    home: Path
    dice: Random
    terms: Terms = field(default_factory=lambda: Terms(Budget(), Pace()))
    percents: list[tuple[float, int]] = field(default_factory=list)
    failed: int = 0
    calls: int = 0

    def __post_init__(self) -> None:
        self._clock = FakeClock(NOW)
        fleet = MemoryFleet(self._clock)
        Change(PROGRESS_READ, 100).applied(self.home)
        self._flags = [Flags(self.home) for _ in range(PROCESSES)]
        self._health = [Health() for _ in range(PROCESSES)]
        self._rollbacks = [
            Rollback(flags, health, fleet, self._clock, self.terms)
            for flags, health in zip(self._flags, self._health, strict=True)
        ]

    @property
    def now_s(self) -> float:
        return self._clock.monotonic_s()

    async def passes(self, seconds: int, rate: int, fails: Fails) -> None:
        """`rate` learners a second ask, whichever process they come to."""
        for _ in range(seconds * LOOKS_S):
            for _ in range(rate // LOOKS_S):
                self._ask(fails)
            self._clock.advance(LOOK_EVERY_S)
            for rollback in self._rollbacks:
                await rollback.look()
            self._note()

    def falls(self) -> Iterator[float]:
        """When the service lost all of its learners."""
        return (at for at, percent in self.percents if percent == 0)

    def turns(self, probe: int) -> list[float]:
        """When it went from more than the probe's share to less, or the other way."""
        found, is_up = [], True
        for at, percent in self.percents:
            if (percent > probe) is not is_up:
                is_up = not is_up
                found.append(at)
        return found

    def _ask(self, fails: Fails) -> None:
        nth = self.dice.randrange(PROCESSES)
        who = viewer("northfield", self.dice.randrange(LEARNERS))
        if self._flags[nth].decide(who).side(PROGRESS_READ) is Side.SERVICE:
            has_failed = fails()
            self.calls += 1
            self.failed += has_failed
            self._health[nth].call(PROGRESS_READ.name, failed=has_failed)

    def _note(self) -> None:
        standing = max(self._percent(flags) for flags in self._flags)
        if not self.percents or self.percents[-1][1] != standing:
            self.percents.append((self.now_s, standing))

    @staticmethod
    def _percent(flags: Flags) -> int:
        [one] = [one for one in flags.standing() if one.capability is PROGRESS_READ]
        return one.hold.percent if one.hold else 100
