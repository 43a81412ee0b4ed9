"""uvicorn's connections, which let go of a reader who does not read."""

from asyncio import TimerHandle, Transport
from contextlib import suppress

from uvicorn._types import ASGISendEvent, WebSocketCloseEvent
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.exceptions import InvalidState
from websockets.http11 import Request
from websockets.protocol import State

from gateway.transport import leaving
from gateway.transport.intake import Intake
from gateway.transport.wire import OFFER

LET_GO_S = 2.0
SWITCHING = 101
STUCK_S = 10.0


class HttpConnection(Intake):
    """Dropped with what is left of its answer when nobody has read of it for `STUCK_S`.

    uvicorn's own closes only behind what was written, so it holds what nobody reads for ever. And
    it says nothing of a client that is gone to whoever works for it.
    """

    _stuck: TimerHandle | None = None

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
    """uvicorn's own waits with a close for room in the buffer: for ever, when nobody reads."""

    def handle_connect(self, event: Request) -> None:
        super().handle_connect(event)
        if self.response.status_code == SWITCHING:
            self.scope[OFFER] = self.offer  # type: ignore[literal-required]

    def offer(self, frame: bytes) -> bool:
        """A whole frame, made for many: written past the protocol, which has no part in it."""
        is_open = self.conn.state is State.OPEN and not self.close_sent
        if not is_open or not self.writable.is_set():
            return False
        self.transport.write(frame)
        return True

    async def send(self, message: ASGISendEvent) -> None:
        if message["type"] == "websocket.close" and not self.writable.is_set():
            self._let_go(message)
        else:
            await super().send(message)

    def _let_go(self, message: WebSocketCloseEvent) -> None:
        """The code is written behind what was not read; what is left of it then is dropped."""
        with suppress(InvalidState):
            self.conn.send_close(message.get("code", 1000), message.get("reason") or "")
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.close_sent = True
        self.stop_keepalive()
        self.loop.call_later(LET_GO_S, self.transport.abort)
