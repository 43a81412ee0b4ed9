"""Judges whether a capability's service is sick: what is more than its budget, and than chance."""

import math
from dataclasses import asdict, dataclass, replace
from typing import NamedTuple

from flags.health import Counts
from flags.names import Bears


class Window(NamedTuple):
    """What came in the last seconds."""

    counts: Counts
    back_s: float


@dataclass(frozen=True, slots=True)
class Budget:
    """Shares that are borne. Fewer than `least` bad ones prove nothing; nor does what a service
    within its budget shows by chance, in one of 1 / `doubt` looks.
    """

    errors: float = 0.05
    slow: float = 0.5
    mismatches: float = 0.01
    least: int = 5
    doubt: float = 0.01

    def of(self, bears: Bears) -> "Budget":
        """A capability's own, where it says one."""
        return replace(self, **{name: n for name, n in asdict(bears).items() if n is not None})

    def sickness(self, *windows: Window) -> str | None:
        """As a sentence's part, with its figures; None while it is within the budget in each."""
        for counts, back_s in windows:
            bad, of = counts.failed, counts.calls
            if self._is_over(bad, of, self.errors):
                return _told(bad, of, "calls failed", back_s, self.errors)
            if self._is_over(counts.slow, of, self.slow):
                return _told(counts.slow, of, "calls were slow", back_s, self.slow)
            bad, of = counts.differing, counts.compared
            if self._is_over(bad, of, self.mismatches):
                return _told(bad, of, "answers differed", back_s, self.mismatches)
        return None

    def bears(self, counts: Counts) -> bool:
        """Within the budget, chance left aside."""
        return (
            counts.failed <= self.errors * counts.calls
            and counts.slow <= self.slow * counts.calls
            and counts.differing <= self.mismatches * counts.compared
        )

    def _is_over(self, bad: int, of: int, share: float) -> bool:
        return bad >= self.least and chance(bad, of, share) < self.doubt


def chance(bad: int, of: int, share: float) -> float:
    """How likely at least `bad` of so many are, where each is bad with the probability `share`."""
    if bad <= of * share:
        return 1.0
    if bad > of:
        return 0.0
    odds = share / (1 - share)
    term = math.exp(
        math.lgamma(of + 1)
        - math.lgamma(bad + 1)
        - math.lgamma(of - bad + 1)
        + bad * math.log(share)
        + (of - bad) * math.log1p(-share)
    )
    total = 0.0
    # Above the mean each term is smaller than the one before it.
    for so_many in range(bad, of + 1):
        total += term
        if term < total * 1e-9:
            break
        term *= (of - so_many) / (so_many + 1) * odds
    return total


def _told(bad: int, of: int, said: str, back_s: float, share: float) -> str:
    return f"{bad} of {of} {said} in {back_s:.0f} s, {share * 100:g} % may"
