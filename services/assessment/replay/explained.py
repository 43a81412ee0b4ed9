"""Reads the explained-list: which differences are accepted, and by which quirk of the source."""

import tomllib
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path

import msgspec

from services.assessment.replay.rule import Rule

DEFAULT = Path(__file__).parent / "explained.toml"


class Class(StrEnum):
    """What a comparison came to."""

    EXACT = "exact"
    ROUNDING = "rounding"
    TOLERANCE = "tolerance"
    MISSING_RESPONSE = "missing response"
    KEY_CHANGE = "key change"
    POLICY = "policy"
    UNEXPLAINED = "unexplained"


RANKS = {name: rank for rank, name in enumerate(Class)}


def worst(classes: Iterable[Class]) -> Class:
    """Of several the one that matters most: they are listed so."""
    return max(classes, key=RANKS.__getitem__)


class Explained(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`quirk` is the source's own name for it, `because` why it is accepted."""

    rule: Rule
    quirk: str
    counts_as: Class
    because: str


class _List(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    explained: list[Explained] = []


class BadList(ValueError):
    """The explained-list cannot be read."""


def read_explained(path: Path = DEFAULT) -> list[Explained]:
    """In its order: of explanations that fit alike the first is taken. Raises BadList."""
    try:
        found = msgspec.toml.decode(path.read_bytes(), type=_List).explained
    except (OSError, tomllib.TOMLDecodeError, msgspec.ValidationError) as wrong:
        raise BadList(f"{path} is no explained-list: {wrong}") from wrong
    rules = [one.rule for one in found]
    if len(set(rules)) < len(rules):
        raise BadList(f"{path} explains one rule twice.")
    return found
