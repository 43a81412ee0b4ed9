"""A client's end of a WebSocket, as small as can be: thousands must cost less than their server."""

import asyncio
from collections.abc import Iterator
from typing import Protocol, cast

CLOSE, PING, PONG, TEXT = 8, 9, 10, 1
FIN, MASKED, UNMASKED = 0x80, 0x80, b"\0\0\0\0"
"""A client must mask; to mask with nothing is allowed, and costs nothing."""
HEAD_ENDS = b"\r\n\r\n"
ABNORMAL = 1006
REQUEST = (
    "GET /graphql HTTP/1.1\r\nhost: {}\r\nupgrade: websocket\r\nconnection: Upgrade\r\n"
    "sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    "sec-websocket-protocol: graphql-transport-ws\r\n\r\n"
)


class Owner(Protocol):
    """Whose socket it is."""

    def opened(self, socket: "TinySocket") -> None: ...

    def took(self, text: bytes) -> None: ...

    def gone(self, code: int) -> None:
        """Once; the code of the close, or the status of the answer that is no socket."""


class TinySocket(asyncio.Protocol):
    """Of what a server may send it knows what ours sends: whole frames of text, and control."""

    __slots__ = ("_code", "_host", "_is_open", "_owner", "_rest", "_transport")

    def __init__(self, owner: Owner, host: str) -> None:
        self._owner = owner
        self._host = host
        self._rest = b""
        self._is_open = False
        self._code = ABNORMAL

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._transport.write(REQUEST.format(self._host).encode())

    def data_received(self, data: bytes) -> None:
        self._rest += data
        if self._is_open or self._opens():
            frames, self._rest = split(self._rest)
            for kind, body in frames:
                self._take(kind, body)

    def connection_lost(self, exc: Exception | None) -> None:
        self._owner.gone(self._code)

    def send(self, text: bytes) -> None:
        self._transport.write(framed(TEXT, text))

    def drop(self) -> None:
        self._transport.abort()

    def _opens(self) -> bool:
        head, ends, rest = self._rest.partition(HEAD_ENDS)
        if not ends:
            return False
        status = int(head.split(b" ", 2)[1])
        if status != 101:
            self._code = status
            self.drop()
            return False
        self._is_open, self._rest = True, rest
        self._owner.opened(self)
        return True

    def _take(self, kind: int, body: bytes) -> None:
        if kind == TEXT:
            self._owner.took(body)
        elif kind == PING:
            self._transport.write(framed(PONG, body))
        elif kind == CLOSE:
            self._code = int.from_bytes(body[:2], "big") or ABNORMAL
            self._transport.close()


def framed(kind: int, body: bytes) -> bytes:
    """A whole frame as a client sends it."""
    length = len(body)
    if length < 126:
        head = bytes((FIN | kind, MASKED | length))
    elif length < 1 << 16:
        head = bytes((FIN | kind, MASKED | 126)) + length.to_bytes(2, "big")
    else:
        head = bytes((FIN | kind, MASKED | 127)) + length.to_bytes(8, "big")
    return head + UNMASKED + body


def split(data: bytes) -> tuple[list[tuple[int, bytes]], bytes]:
    """Whole frames of a server, each its kind and body; and what is left."""
    frames, at = [], 0
    for kind, begins, ends in _places(data):
        frames.append((kind, data[begins:ends]))
        at = ends
    return frames, data[at:]


def _places(data: bytes) -> Iterator[tuple[int, int, int]]:
    at, have = 0, len(data)
    while at + 2 <= have:
        length, begins = data[at + 1], at + 2
        if length >= 126:
            wide = 2 if length == 126 else 8
            begins += wide
            length = int.from_bytes(data[at + 2 : begins], "big")
        if begins + length > have:
            return
        yield data[at] & 0x0F, begins, begins + length
        at = begins + length
