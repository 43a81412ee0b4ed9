"""One event as all of a group are told it: encoded once, and framed once for a name in a row."""

from collections.abc import Callable

from services.contracts.freshness import Seen

Frame = Callable[[bytes, str], bytes]


class Event:
    """`seen`: what whoever is told it has seen then.

    Clients either all give a subscription the same name or each a name of its own: the frame that
    was made last is kept, not one a client.
    """

    __slots__ = ("_frame", "_framed", "_name", "payload", "seen")

    def __init__(self, payload: bytes, seen: Seen | None = None) -> None:
        self.payload = payload
        self.seen: Seen = seen or {}
        self._frame: Frame | None = None
        self._name = ""
        self._framed: bytes | None = None

    def framed(self, name: str, frame: Frame) -> bytes:
        """As `frame(payload, name)` makes it."""
        if self._framed is None or self._name != name or self._frame is not frame:
            self._name, self._frame = name, frame
            self._framed = frame(self.payload, name)
        return self._framed
