"""Cuts pages out of lists that a source gives whole, and refuses what is no page."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from services.contracts.errors import ErrorCode, Refused
from services.contracts.paging import BadCursor, Key, Page, key_of, page_of

T = TypeVar("T")
MOST = 100

BAD_CURSOR = Refused(ErrorCode.INVALID, "`after` is not a cursor of this list.")
BAD_FIRST = Refused(ErrorCode.INVALID, f"`first` must lie between 1 and {MOST}.")


def place(first: int, after: str | None) -> Key | Refused | None:
    """The key that the page begins behind, None for the first page."""
    if not 1 <= first <= MOST:
        return BAD_FIRST
    try:
        return key_of(after) if after else None
    except BadCursor:
        return BAD_CURSOR


def cut(
    rows: Sequence[T], key: Callable[[T], Key], first: int, after: str | None
) -> Page[T] | Refused:
    """The `first` rows whose keys come behind `after`, in order of their keys."""
    seen = place(first, after)
    if isinstance(seen, Refused):
        return seen
    keyed = sorted(((key(row), row) for row in rows), key=lambda pair: pair[0])
    ahead = [pair for pair in keyed if seen is None or pair[0] > seen]
    return page_of(
        ahead[:first],
        more=len(ahead) > first,
        behind=len(ahead) < len(keyed),
        total=len(keyed),
    )
