"""How much of an item's points an answer is worth, as a fraction of whole numbers."""

from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from services.assessment.scoring.as_monolith import SHARES
from services.contracts.assessment import ItemKind, Response
from services.contracts.events import ItemKey


class Share(NamedTuple):
    """So many parts of how many."""

    right: int
    of: int


NONE, WHOLE = Share(0, 1), Share(1, 1)


def share_of(kind: ItemKind, key: ItemKey, said: Response, floats: bool) -> Share:
    """By what the monolith's judgement means; of numbers by it to the letter where `floats`."""
    if kind is ItemKind.NUMERIC and not floats:
        return WHOLE if _is_near(key, said) else NONE
    if kind is ItemKind.SINGLE_CHOICE and not key.choices:
        return NONE
    return _parts(SHARES[kind](key, said), len(key.choices or ()))


def is_edge(key: ItemKey, said: Response) -> bool:
    """Whether floats judge this number otherwise than it was written."""
    return (SHARES[ItemKind.NUMERIC](key, said) > 0) is not _is_near(key, said)


@lru_cache(maxsize=65_536)
def as_written(number: float) -> Fraction:
    """0.1 is a tenth."""
    return Fraction(repr(number))


def _is_near(key: ItemKey, said: Response) -> bool:
    if key.number is None or said.number is None:
        return False
    return abs(as_written(said.number) - as_written(key.number)) <= as_written(key.tolerance)


@lru_cache(maxsize=65_536)
def _parts(share: float, of: int) -> Share:
    """The fraction that this float was before it was divided."""
    whole = Fraction(share).limit_denominator(max(1, of))
    return Share(whole.numerator, whole.denominator)
