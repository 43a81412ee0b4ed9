"""One event as all of a group are told it: encoded once, and framed once for each name it has."""

from collections.abc import Callable
from typing import TypeVar

from services.contracts.freshness import Seen

T = TypeVar("T")


class Event:
    """`seen`: what whoever is told it has seen then."""

    __slots__ = ("_framed", "payload", "seen")

    def __init__(self, payload: bytes, seen: Seen | None = None) -> None:
        self.payload = payload
        self.seen: Seen = seen or {}
        self._framed: dict[object, object] = {}

    def framed(self, name: str, frame: Callable[[bytes, str], T]) -> T:
        """As `frame(payload, name)` makes it."""
        key = (frame, name)
        made = self._framed.get(key)
        if made is None:
            made = self._framed[key] = frame(self.payload, name)
        return made  # type: ignore[return-value]
