"""One socket as a line of messages: read strictly, written within a bound."""

import asyncio
from contextlib import suppress
from typing import Any

import msgspec
from starlette.websockets import WebSocketDisconnect
from uvicorn.protocols.utils import ClientDisconnected

from gateway.locale.tongue import Tongue, Tongues
from gateway.transport import messages
from gateway.transport.connection import SocketConnection
from gateway.transport.messages import Close, Closed, FromClient
from gateway.transport.outgoing import Outgoing
from services.kit.log import Log

log = Log("websocket")
MOST_REASON_BYTES = 123
ENDS = ("complete", "error")
END = "banyan.end"
_encode = msgspec.json.Encoder().encode


class Wire:
    """Raises WebSocketDisconnect when the client is gone, Closed when it is to be.

    Whoever serves many calls `offer`: it never waits, so that no reader makes another wait. Whoever
    serves this client alone awaits `send`, and so makes no more than is read. Nothing is dropped:
    who leaves too much unread is closed with 1013, as is who reads nothing for `send_wait_s`.
    `unanswered`: operations that are owed an answer.
    """

    __slots__ = (
        "_connection",
        "_send_wait_s",
        "_waiting",
        "tongue",
        "unanswered",
    )

    def __init__(
        self, connection: SocketConnection, send_wait_s: float, tongue: Tongue | None = None
    ) -> None:
        self._connection = connection
        self._send_wait_s = send_wait_s
        self._waiting: Outgoing | None = None
        self.tongue = tongue or Tongues().of(())
        self.unanswered: set[str] = set()
        connection.patience_s = send_wait_s
        connection.on_room, connection.on_stuck = self._go_on, self._tell_slow

    async def receive(self) -> FromClient:
        received: Any = await self._connection.receive()
        if received["type"] == END:
            raise received["closed"]
        if received["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(received.get("code") or 1000)
        text = received.get("text")
        if text is None:
            raise Closed(Close.BAD_REQUEST, "Invalid message received")
        if len(text) > messages.MOST_BYTES:
            raise Closed(Close.TOO_BIG, "Message too big")
        try:
            return messages.read(text)
        except ValueError as wrong:
            raise Closed(Close.BAD_REQUEST, "Invalid message received") from wrong

    def end(self, closed: Closed) -> None:
        """From outside: `receive` raises it, behind what came before."""
        self._connection.queue.put_nowait({"type": END, "closed": closed})  # type: ignore[arg-type]

    def offer(self, text: bytes | str) -> None:
        """A message as it goes over the wire: at once where there is room, else in its turn.

        To a client that is gone nothing is written, and nothing is said of it: `receive` does.
        """
        frame = text.encode() if isinstance(text, str) else text
        if not self._connection.is_open:
            return
        if self._connection.writable.is_set():
            self._connection.write_text(frame)
            return
        self._waiting = self._waiting or Outgoing()
        if not self._waiting.put(frame):
            self._tell_slow()

    async def send(self, message: dict[str, Any]) -> None:
        """Waits until there is room for it."""
        if not self.has_room:
            await self.room()
        if not self._connection.is_open:
            raise WebSocketDisconnect
        if message["type"] in ENDS:
            self.unanswered.discard(message["id"])
        self._connection.write_text(_encode(message))

    @property
    def has_room(self) -> bool:
        """Whether all that was offered is on its way."""
        return self._connection.writable.is_set() and not self._waiting

    async def room(self) -> None:
        """Returns once there is, or the client is gone: what waits for it has none ever."""
        try:
            async with asyncio.timeout(self._send_wait_s):
                while self._connection.is_open and not self.has_room:
                    await self._connection.writable.wait()
        except TimeoutError as slow:
            raise _too_slow() from slow

    def _go_on(self) -> None:
        """There is room again; maybe not for all that waits."""
        if self._waiting is not None:
            for text in self._waiting.take():
                self._connection.write_text(text)
                if not self._connection.writable.is_set():
                    return
            self._waiting = None

    def _tell_slow(self) -> None:
        self.end(_too_slow())

    async def close(self, closed: Closed) -> None:
        if self._connection.is_open:
            log.info("websocket.closed", code=int(closed.code))
            code, reason = int(closed.code), self._reason(closed)
            with suppress(ClientDisconnected, RuntimeError):
                await self._connection.send(
                    {"type": "websocket.close", "code": code, "reason": reason}
                )

    def _reason(self, closed: Closed) -> str:
        """A frame that closes has room for so much."""
        return self.tongue.say(closed.reason).encode()[:MOST_REASON_BYTES].decode(errors="ignore")


def _too_slow() -> Closed:
    return Closed(Close.TRY_LATER, "Reader too slow")
