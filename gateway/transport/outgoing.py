"""What is to be written to one socket once there is room: so much, as it came."""

from collections import deque
from collections.abc import Iterator

MOST = 32
MOST_BYTES = 262_144
"""One alone may be larger: whoever is told much at once is no slow reader yet."""


class Outgoing:
    __slots__ = ("_bytes", "_waiting")

    def __init__(self) -> None:
        self._waiting: deque[bytes] = deque()
        self._bytes = 0

    def put(self, text: bytes) -> bool:
        """Whether there was room for it."""
        if len(self._waiting) >= MOST or self._bytes >= MOST_BYTES:
            return False
        self._waiting.append(text)
        self._bytes += len(text)
        return True

    def __bool__(self) -> bool:
        return bool(self._waiting)

    def take(self) -> Iterator[bytes]:
        """One by one, each gone once it was given."""
        while self._waiting:
            text = self._waiting.popleft()
            self._bytes -= len(text)
            yield text
