"""Points added up without a float in between, or in tenths as the monolith rounds them."""

from collections.abc import Mapping
from fractions import Fraction
from functools import lru_cache

from services.assessment.replay.shares import Share, as_written

PLACES = 4
TEN_THOUSAND = 10_000

Given = Mapping[str, tuple[float, Share]]


def worth(
    given: Given, rounded: bool, marks: Mapping[str, float]
) -> tuple[dict[str, float], float]:
    """Of each item and in all; what a human gave is never rounded to a tenth."""
    if rounded:
        tenths = {name: marks.get(name, in_tenths(*part)) for name, part in given.items()}
        return tenths, round(float(sum(tenths.values())), 1)
    exact = {name: in_ten_thousandths(*part) for name, part in given.items()}
    points = {name: number / TEN_THOUSAND for name, number in exact.items()}
    return points, sum(exact.values()) / TEN_THOUSAND


def percent_of(points: float, percent: float) -> float:
    part = as_written(percent) / 100
    share = Share(part.numerator, part.denominator)
    return in_ten_thousandths(points, share) / TEN_THOUSAND


@lru_cache(maxsize=65_536)
def in_ten_thousandths(points: float, share: Share) -> int:
    """Half to even."""
    exact = as_written(points) * Fraction(share.right, share.of)
    return int(round(exact, PLACES) * TEN_THOUSAND)


@lru_cache(maxsize=65_536)
def in_tenths(points: float, share: Share) -> float:
    return round(points * (share.right / share.of), 1)
