"""What the monolith calls an attempt: assessment-user-number."""

import re
from dataclasses import dataclass

from legacy.client import LegacyRefusal
from services.contracts.errors import HIDDEN
from services.contracts.ids import BadId, Kind, Side, decode
from services.contracts.paging import Key
from services.kit.caller import Caller

NUMBER = "(0|[1-9][0-9]{0,17})"
SHAPE = re.compile(f"{NUMBER}-{NUMBER}-([1-9][0-9]{{0,8}})")
"""As the monolith writes it: with zeros before a number, two ids would name one attempt."""


@dataclass(frozen=True, slots=True)
class Named:
    """Safe in a path."""

    assessment: str
    user: str
    number: str

    def __str__(self) -> str:
        return f"{self.assessment}-{self.user}-{self.number}"


BEFORE_ALL = Named("0", "0", "0")


def named(attempt: str) -> Named:
    """Raises LegacyRefusal for what is no attempt of the old side."""
    return _read(attempt, Side.LEGACY)


def own(caller: Caller, attempt: str) -> Named:
    """Raises LegacyRefusal for what is not the caller's own, too."""
    found = named(attempt)
    if found.user != caller.viewer.user:
        raise LegacyRefusal(HIDDEN)
    return found


def seen(after: Key | None) -> Named:
    """The attempt that a page begins behind, of either side; a cursor is the client's word."""
    return _read(after[1]) if after else BEFORE_ALL


def key(user: int, number: int, attempt: str) -> Key:
    """Its place in a list of submissions, the same on both sides."""
    return (f"{user:020}-{number:09}", attempt)


def _read(attempt: str, side: Side | None = None) -> Named:
    try:
        given = decode(attempt)
    except BadId as wrong:
        raise LegacyRefusal(HIDDEN) from wrong
    shape = SHAPE.fullmatch(given.local)
    if shape is None or given.kind is not Kind.ATTEMPT or side not in (None, given.side):
        raise LegacyRefusal(HIDDEN)
    return Named(*shape.groups())
