"""What is to be written to one socket once there is room: so much, and of each state the newest."""

from collections.abc import Iterator

MOST = 32
MOST_BYTES = 262_144
"""One alone may be larger: whoever is told much at once is no slow reader yet."""


class Outgoing:
    """In the order in which they came; what replaces an older one takes its place."""

    __slots__ = ("_bytes", "_waiting")

    def __init__(self) -> None:
        self._waiting: list[tuple[str | None, bytes]] = []
        self._bytes = 0

    def put(self, text: bytes, newest_of: str | None = None) -> bool:
        """Whether there was room for it."""
        if newest_of is not None and self._replaces(text, newest_of):
            return True
        if len(self._waiting) >= MOST or self._bytes >= MOST_BYTES:
            return False
        self._waiting.append((newest_of, text))
        self._bytes += len(text)
        return True

    def _replaces(self, text: bytes, newest_of: str) -> bool:
        for place, (name, older) in enumerate(self._waiting):
            if name == newest_of:
                self._waiting[place] = (name, text)
                self._bytes += len(text) - len(older)
                return True
        return False

    def __bool__(self) -> bool:
        return bool(self._waiting)

    def take(self) -> Iterator[bytes]:
        """One by one, each gone once it was given."""
        while self._waiting:
            _, text = self._waiting.pop(0)
            self._bytes -= len(text)
            yield text
