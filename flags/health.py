"""How the calls of each capability went: counted in this process, and summed over seconds."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from flags.names import Side

SHORT_S, LONG_S = 10, 60
"""The two windows that are looked at, up to now."""


class Counts(NamedTuple):
    """Of the service's calls, those that `failed` and of the others those that were `slow`; of
    what both sides said, how much was `compared` and differed; requests decided for each side.
    """

    calls: int = 0
    failed: int = 0
    slow: int = 0
    compared: int = 0
    differing: int = 0
    to_legacy: int = 0
    to_service: int = 0

    @property
    def error_ratio(self) -> float:
        return self.failed / self.calls if self.calls else 0.0

    @property
    def mismatch_ratio(self) -> float:
        return self.differing / self.compared if self.compared else 0.0

    @property
    def legacy_share(self) -> float:
        """Of the requests, from 0 to 1; 0 where there were none."""
        decided = self.to_legacy + self.to_service
        return self.to_legacy / decided if decided else 0.0


NOTHING = Counts()
CALLS, FAILED, SLOW, COMPARED, DIFFERING, TO_LEGACY, TO_SERVICE = range(len(NOTHING))


def behind(total: Counts, before: Counts) -> Counts:
    """What came since; all of it where the total was lost and has begun anew."""
    if total.calls < before.calls:
        return total
    return Counts(*(max(0, now - then) for now, then in zip(total, before, strict=True)))


def summed(counts: Sequence[Counts]) -> Counts:
    return Counts(*map(sum, zip(*counts, strict=True))) if counts else NOTHING


class Health:
    """What this process has seen since it was last taken; capabilities by their names."""

    def __init__(self) -> None:
        self._fresh: dict[str, list[int]] = defaultdict(_zeros)

    def call(self, capability: str, *, failed: bool = False, slow: bool = False) -> None:
        fresh = self._fresh[capability]
        fresh[CALLS] += 1
        if failed:
            fresh[FAILED] += 1
        elif slow:
            fresh[SLOW] += 1

    def misread(self, capability: str) -> None:
        """A call that was counted as answered has an answer that nobody can read."""
        self._fresh[capability][FAILED] += 1

    def mismatch(self, capability: str, compared: int, differing: int) -> None:
        fresh = self._fresh[capability]
        fresh[COMPARED] += compared
        fresh[DIFFERING] += differing

    def routed(self, capability: str, side: Side) -> None:
        self._fresh[capability][TO_SERVICE if side is Side.SERVICE else TO_LEGACY] += 1

    def take(self) -> dict[str, Counts]:
        """Who takes it tells it on: it is forgotten here."""
        taken, self._fresh = self._fresh, defaultdict(_zeros)
        return {name: Counts(*fresh) for name, fresh in taken.items()}


class Windows:
    """The counts of each second, as long as any window reaches back; seconds of one clock."""

    def __init__(self) -> None:
        self._seconds: dict[str, dict[int, Counts]] = defaultdict(dict)
        self.totals: dict[str, Counts] = {}
        """Of all time."""

    def add(self, now_s: float, told: Mapping[str, Counts]) -> None:
        second = int(now_s)
        for name, counts in told.items():
            kept = self._seconds[name]
            kept[second] = summed([kept.get(second, NOTHING), counts])
            self.totals[name] = summed([self.totals.get(name, NOTHING), counts])
            for old in [one for one in kept if one <= second - LONG_S]:
                del kept[old]

    def sums(self, now_s: float, back_s: int, since: Mapping[str, float]) -> dict[str, Counts]:
        """Of the last `back_s` seconds; of a capability in `since`, not from before."""
        first = int(now_s) - back_s
        return {
            name: summed(
                [one for at, one in kept.items() if at > first and at >= since.get(name, 0.0)]
            )
            for name, kept in self._seconds.items()
        }


def _zeros() -> list[int]:
    return [0] * len(NOTHING)
