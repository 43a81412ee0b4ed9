"""What a source gave, with all that tells how long it is true and for whom."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Generic, TypeAlias, TypeVar

import msgspec

from gateway.cache.envelope import Entry
from gateway.cache.verdict import Way
from services.contracts.errors import Refused, UpstreamError

T = TypeVar("T")
NOTHING: Mapping[str, list[str]] = {}


class Fetched(msgspec.Struct, Generic[T], frozen=True):
    """`tags` say which changes end it. Where it was made of entries, `as_of` and `made_ms` are the
    oldest one's, and it is fresh as long as all of them are. `until_ms` is when it ends by itself.
    What is not `is_kept` is for who asked.
    """

    value: T
    tags: Sequence[str]
    facts: Mapping[str, list[str]] = NOTHING
    until_ms: int = 0
    as_of: int | None = None
    made_ms: int | None = None
    fresh_until_ms: int | None = None
    is_kept: bool = True


Item: TypeAlias = Fetched[T] | Refused
Fetch: TypeAlias = Callable[[Sequence[str]], Awaitable[Sequence[Item[T]]]]
"""One item for each name, in order; raises UpstreamError."""


class Found(msgspec.Struct, Generic[T], frozen=True):
    """`entry` is None where nothing is kept of it; `age_s` and `left_s` of its being fresh."""

    value: T
    way: Way
    entry: Entry | None = None
    age_s: float = 0.0
    left_s: float = 0.0

    def by(self, way: Way) -> "Found[T]":
        return msgspec.structs.replace(self, way=way)


Outcome: TypeAlias = Found[T] | Refused | UpstreamError
