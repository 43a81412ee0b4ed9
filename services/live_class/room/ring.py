"""The last ticks of a class, and what they come to for whoever has seen some of them."""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

KEPT = 32
SAMPLE = 100
"""So many who came, and as many who went, are named at once: the count is exact all the same."""


class Tick(msgspec.Struct, frozen=True):
    """Who came and who went since the tick before, some of them."""

    number: int
    joined: list[int]
    left: list[int]


Ring = Sequence[Tick]


@dataclass(frozen=True, slots=True)
class Passed:
    """What ticks come to together; `missed` so many are not known any more."""

    missed: int
    joined: list[int]
    left: list[int]


def turned(ring: Ring, number: int, joined: Sequence[int], left: Sequence[int]) -> list[Tick]:
    """With one tick more, and without the oldest where there are too many."""
    return [*ring, Tick(number, sorted(joined)[:SAMPLE], sorted(left)[:SAMPLE])][-KEPT:]


def passed(ring: Ring, seen: int, ticks: int) -> Passed:
    """Since tick number `seen`, of `ticks` that there were; of each person the last word counts."""
    new = [tick for tick in ring if tick.number > seen]
    is_there: dict[int, bool] = {}
    for tick in new:
        is_there |= dict.fromkeys(tick.joined, True) | dict.fromkeys(tick.left, False)
    joined = [user for user, there in is_there.items() if there]
    left = [user for user, there in is_there.items() if not there]
    return Passed(ticks - seen - len(new), joined[:SAMPLE], left[:SAMPLE])
