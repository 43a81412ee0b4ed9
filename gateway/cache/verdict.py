"""How an answer was come by: out of the cache or past it, and how old it is."""

from dataclasses import dataclass
from enum import StrEnum
from math import ceil, floor


class Way(StrEnum):
    HIT = "hit"
    STALE = "stale"
    SPARED = "stale-if-error"
    """Its source failed."""
    MISS = "miss"
    COALESCED = "coalesced"
    BYPASS = "bypass"


STATUS = {
    Way.HIT: "hit",
    Way.STALE: "hit",
    Way.SPARED: "hit; detail=stale-if-error",
    Way.MISS: "fwd=miss",
    Way.COALESCED: "fwd=miss; collapsed",
    Way.BYPASS: "fwd=bypass",
}
"""In the words of RFC 9211: a stale one is a hit whose `ttl` is below zero."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """`age_s` since it was made, `ttl_s` for which it is still fresh."""

    way: Way
    age_s: float | None = None
    ttl_s: float | None = None

    @property
    def status(self) -> str:
        """For `Cache-Status`."""
        ttl = "" if self.ttl_s is None else f"; ttl={floor(self.ttl_s)}"
        return f"banyan; {STATUS[self.way]}{ttl}"

    @property
    def age(self) -> int:
        """For `Age`, in whole seconds begun."""
        return ceil(max(self.age_s or 0.0, 0.0))

    def lifetime(self, most_s: int) -> int:
        """How old it may become at a client; `age` counts already."""
        if self.ttl_s is None:
            return most_s
        return max(0, min(most_s, self.age + floor(self.ttl_s)))


class Outcome:
    """One run's; whoever reads the cache for it says what came of it."""

    __slots__ = ("verdict",)

    def __init__(self) -> None:
        self.verdict: Verdict | None = None
