"""One page of a longer list, by keyset: a row's place is its sort key and id, never its number."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as BadBase64
from collections.abc import Sequence
from typing import Generic, TypeVar

import msgspec

T = TypeVar("T")
Key = tuple[str, str]
"""Sort key and id of a row: what a cursor holds."""


class Edge(msgspec.Struct, Generic[T], frozen=True):
    cursor: str
    node: T


class PageInfo(msgspec.Struct, frozen=True):
    has_next_page: bool
    has_previous_page: bool
    start_cursor: str | None
    end_cursor: str | None


class Page(msgspec.Struct, Generic[T], frozen=True):
    """Edges in order; `total_count` is None where counting would cost too much."""

    edges: list[Edge[T]]
    page_info: PageInfo
    total_count: int | None = None


class BadCursor(ValueError):
    """The text is not a cursor that was given out."""


def cursor_of(key: Key) -> str:
    return urlsafe_b64encode(msgspec.json.encode(key)).rstrip(b"=").decode()


def key_of(cursor: str) -> Key:
    """Reads a cursor; raises BadCursor."""
    try:
        plain = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        return msgspec.json.decode(plain, type=tuple[str, str])
    except (BadBase64, ValueError) as wrong:
        raise BadCursor(cursor) from wrong


def page_of(
    rows: Sequence[tuple[Key, T]], *, more: bool, behind: bool, total: int | None = None
) -> Page[T]:
    """A page of rows with their keys; `more` rows follow them, `behind`: some came before."""
    edges = [Edge(cursor_of(key), row) for key, row in rows]
    info = PageInfo(
        has_next_page=more,
        has_previous_page=behind,
        start_cursor=edges[0].cursor if edges else None,
        end_cursor=edges[-1].cursor if edges else None,
    )
    return Page(edges, info, total)
