"""What was found out a moment ago, for as long as it is sure to be so."""

from collections import OrderedDict
from typing import Any, Generic, TypeVar

import msgspec

T = TypeVar("T")


class _Kept(msgspec.Struct, frozen=True, gc=False):
    """There are thousands, which the garbage collector does not go through."""

    until_s: float
    value: Any


class Lately(Generic[T]):
    """Instants are seconds of one monotonic clock. The oldest goes where there is no room."""

    def __init__(self, most: int) -> None:
        self._most = most
        # A plain dict is gone through from its start, past all that was taken from there.
        self._kept: OrderedDict[bytes, _Kept] = OrderedDict()

    def __len__(self) -> int:
        return len(self._kept)

    def find(self, key: bytes, now_s: float) -> T | None:
        kept = self._kept.get(key)
        if kept is None or now_s >= kept.until_s:
            return None
        found: T = kept.value
        return found

    def keep(self, key: bytes, value: T, now_s: float, until_s: float) -> None:
        """Those before it that have ended go."""
        self._kept.pop(key, None)
        while self._kept and (len(self._kept) >= self._most or self._first_ends_s <= now_s):
            self._kept.popitem(last=False)
        self._kept[key] = _Kept(until_s, value)

    @property
    def _first_ends_s(self) -> float:
        return next(iter(self._kept.values())).until_s
