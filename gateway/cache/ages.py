"""How long an entry serves: fresh, then stale while it is refreshed, then only where all fails."""

import math
from enum import Enum, auto

import msgspec

JITTER = 0.1
NEVER_EARLIER = 20.0
"""So many times as long as making it took, before an entry's end: a dice says e^-20 at most."""


class Terms(msgspec.Struct, frozen=True):
    """Seconds: `fresh_s` it is served; `stale_s` more while one refreshes it; `error_s` more where
    its source fails, and where that is `heard_only`, no longer than changes of it are heard of.
    """

    fresh_s: float
    stale_s: float = 0.0
    error_s: float = 0.0
    heard_only: bool = False

    @property
    def all_s(self) -> float:
        return self.fresh_s * (1 + JITTER) + max(self.stale_s, self.error_s)


class Age(Enum):
    FRESH = auto()
    EARLY = auto()
    """Fresh, and refreshed all the same."""
    STALE = auto()
    SPARE = auto()
    """For where its source fails."""
    DEAD = auto()


def spread(fresh_s: float, dice: float) -> float:
    """`fresh_s` give or take a tenth, so that what was made together does not end together."""
    return fresh_s * (1 + JITTER * (2 * dice - 1))


def age_of(age_s: float, fresh_s: float, terms: Terms) -> Age:
    """`fresh_s` is the entry's own, after its spread."""
    over_s = age_s - fresh_s
    if over_s < 0:
        return Age.FRESH
    if over_s < terms.stale_s:
        return Age.STALE
    return Age.SPARE if over_s < terms.error_s else Age.DEAD


def refreshes_early(left_s: float, cost_s: float, dice: float, beta: float = 1.0) -> bool:
    """XFetch (Vattani, Chierichetti, Lowenstein 2015): e^-1 at `left_s` = `cost_s`.

    `dice` is even in (0, 1].
    """
    return -cost_s * beta * math.log(dice) >= left_s


def may_be_early(left_s: float, cost_s: float) -> bool:
    """Whether a dice is worth throwing."""
    return left_s < NEVER_EARLIER * cost_s
