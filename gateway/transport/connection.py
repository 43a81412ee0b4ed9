"""uvicorn's connections, which let go of a reader who does not read, and end when told to."""

import logging
import socket
from asyncio import BaseTransport, TimerHandle, Transport
from collections.abc import Callable
from contextlib import suppress
from struct import Struct
from typing import Any

from starlette.types import Scope
from uvicorn._types import ASGISendEvent, WebSocketCloseEvent
from uvicorn.protocols.http.httptools_impl import RequestResponseCycle
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.exceptions import InvalidState
from websockets.http11 import Request

from gateway.transport import leaving
from gateway.transport.inbox import Gate, Inbox
from gateway.transport.intake import Intake

LET_GO_S = 2.0
STUCK_S = 10.0
SCOPE = "banyan.connection"
"""In a socket's scope, put there by its connection: no header can."""
MOST_UNREAD_BYTES = 16_384
KERNEL_BYTES = 65_536
"""Left to itself it grows to megabytes, so that a reader who does not read is noticed late."""
TEXT = 0x81
SHORT, LONG = Struct("!BBH"), Struct("!BBQ")

faults = logging.getLogger("gateway.sockets")
faults.setLevel(logging.WARNING)


def _nobody() -> None:
    """Whom nobody has asked to be told."""


class HttpConnection(Intake):
    """Dropped with what is left of its answer when nobody has read of it for `STUCK_S`.

    uvicorn's own closes only behind what was written, so it holds what nobody reads for ever. And
    it says nothing of a client that is gone to whoever works for it.
    """

    _stuck: TimerHandle | None = None
    _is_last = False

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        self._leaving = leaving.Leaving()
        super().connection_made(transport)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        leaving.put(self.scope, self._leaving)  # type: ignore[arg-type]

    def on_header(self, name: bytes, value: bytes) -> None:
        """How long a client waits is dropped here: behind the edge that header is our own."""
        super().on_header(name, value)
        if len(name) == len(leaving.NAME) and name.lower() == leaving.NAME:
            self.headers.pop()
            leaving.note_ms(self.scope, value)  # type: ignore[arg-type]

    def finish(self) -> None:
        """The next answer says `connection: close`: whoever just sends a request is answered."""
        self._is_last = True
        self._end_with(self.cycle)

    def on_headers_complete(self) -> None:
        super().on_headers_complete()
        if self._is_last:
            self._end_with(self.cycle)

    def _end_with(self, cycle: RequestResponseCycle | None) -> None:
        if cycle is not None and not cycle.response_started:
            cycle.keep_alive = False

    def pause_writing(self) -> None:
        super().pause_writing()
        self._stuck = self.loop.call_later(STUCK_S, self.transport.abort)

    def resume_writing(self) -> None:
        super().resume_writing()
        self._go_on()

    def connection_lost(self, exc: Exception | None) -> None:
        self._go_on()
        super().connection_lost(exc)
        self._leaving.go()

    def _go_on(self) -> None:
        if self._stuck is not None:
            self._stuck.cancel()
            self._stuck = None


class SocketConnection(WebSocketsSansIOProtocol):
    """Writes texts as they are, and says when its reader does not keep up.

    uvicorn's own waits with a close for room in the buffer: for ever, when nobody reads. What is
    not read stays here up to `MOST_UNREAD_BYTES`, and in the kernel up to `KERNEL_BYTES`.
    """

    _stuck: TimerHandle | None = None
    on_room: Callable[[], None] = _nobody
    on_stuck: Callable[[], None] = _nobody
    """Once there was no room for `patience_s`."""
    patience_s = STUCK_S

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        # Two lines for each of thousands who come say nothing of who came.
        self.logger = self.conn.logger = faults
        self.queue = Inbox()  # type: ignore[assignment]
        self.writable = Gate()  # type: ignore[assignment]

    def connection_made(self, transport: BaseTransport) -> None:
        super().connection_made(transport)
        self.transport.set_write_buffer_limits(high=MOST_UNREAD_BYTES)
        own = self.transport.get_extra_info("socket")
        own.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, KERNEL_BYTES)

    def handle_connect(self, event: Request) -> None:
        super().handle_connect(event)
        if not self.close_sent:
            self.scope[SCOPE] = self  # type: ignore[literal-required]

    def pause_writing(self) -> None:
        super().pause_writing()
        self._stuck = self.loop.call_later(self.patience_s, self.on_stuck)

    def resume_writing(self) -> None:
        super().resume_writing()
        self._go_on()
        self.on_room()

    def connection_lost(self, exc: Exception | None) -> None:
        self._go_on()
        super().connection_lost(exc)
        self.on_room = self.on_stuck = _nobody

    def _go_on(self) -> None:
        if self._stuck is not None:
            self._stuck.cancel()
            self._stuck = None

    @property
    def is_open(self) -> bool:
        return self.handshake_complete and not self.close_sent and not self.transport.is_closing()

    def write_text(self, text: bytes) -> None:
        """UTF-8, whole, to one that is open; into the buffer where there is no room."""
        self.transport.write(head(len(text)) + text)

    async def send(self, message: ASGISendEvent) -> None:
        if message["type"] == "websocket.close" and not self.writable.is_set():
            self._let_go(message)
            return
        await super().send(message)
        if message["type"] == "websocket.accept":
            self._forget_handshake()

    def _forget_handshake(self) -> None:
        """uvicorn would keep what was asked and answered, twice beside the scope, to the end."""
        self.request = self.response = None  # type: ignore[assignment]

    def _let_go(self, message: WebSocketCloseEvent) -> None:
        """The code is written behind what was not read; what is left of it then is dropped."""
        with suppress(InvalidState):
            self.conn.send_close(message.get("code", 1000), message.get("reason") or "")
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.close_sent = True
        self.stop_keepalive()
        # Whoever answers with their own close, or is lost, is not waited for.
        self.close_timer = self.loop.call_later(LET_GO_S, self.transport.abort)


def connection_of(scope: Scope) -> SocketConnection:
    """Whose request this is, of one that a SocketConnection took."""
    found: SocketConnection = scope[SCOPE]
    return found


def head(size: int) -> bytes:
    """Of a server's text frame (RFC 6455, 5.2): whole, not masked, not packed."""
    if size < 126:
        return bytes((TEXT, size))
    if size < 65_536:
        return SHORT.pack(TEXT, 126, size)
    return LONG.pack(TEXT, 127, size)
