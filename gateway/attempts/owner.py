"""Which side an attempt is of: its id says so, and it never changes."""

from typing import TypeVar

from services.contracts.ids import AttemptId, BadId, Side, decode

T = TypeVar("T")


def side_of(attempt: AttemptId) -> Side:
    """EITHER where the text names no side: such an attempt is nobody's."""
    try:
        return decode(attempt).side
    except BadId:
        return Side.EITHER


def owner_of(attempt: AttemptId, *, legacy: T, service: T) -> T | None:
    """Of two that can do the same, the one on the attempt's side."""
    return {Side.LEGACY: legacy, Side.SERVICE: service}.get(side_of(attempt))
