"""One socket as a line of messages: read strictly, written within a bound."""

import asyncio
from collections.abc import Callable
from typing import Any, TypeAlias

import msgspec
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from gateway.locale.tongue import Tongue, Tongues
from gateway.transport import messages
from gateway.transport.frames import Ready
from gateway.transport.messages import Close, Closed, FromClient
from services.kit.log import Log

log = Log("websocket")
MOST_REASON_BYTES = 123
OFFER = "banyan.offer"
"""In the scope of a connection that takes whole frames at once, where it has room."""
Offer: TypeAlias = Callable[[bytes], bool]


class Wire:
    """Raises WebSocketDisconnect when the client is gone, Closed when it is to be."""

    def __init__(
        self, websocket: WebSocket, send_wait_s: float, tongue: Tongue | None = None
    ) -> None:
        self._websocket = websocket
        self._send_wait_s = send_wait_s
        self._offer: Offer = websocket.scope.get(OFFER, _no_room)
        self.tongue = tongue or Tongues().of(())

    async def receive(self) -> FromClient:
        received = await self._websocket.receive()
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

    async def send(self, message: dict[str, Any]) -> None:
        await self.send_text(msgspec.json.encode(message))

    def offer(self, ready: Ready) -> bool:
        """Whether it was taken at once: else it is to be sent, and waited for."""
        return self._offer(ready.frame)

    async def send_text(self, message: bytes) -> None:
        text = message.decode()
        try:
            async with asyncio.timeout(self._send_wait_s):
                await self._websocket.send_text(text)
        except TimeoutError as slow:
            raise Closed(Close.TRY_LATER, "Reader too slow") from slow
        except RuntimeError as gone:
            raise WebSocketDisconnect from gone

    async def close(self, closed: Closed) -> None:
        if self._websocket.application_state is WebSocketState.CONNECTED:
            log.info("websocket.closed", code=int(closed.code))
            try:
                async with asyncio.timeout(self._send_wait_s):
                    await self._websocket.close(closed.code, self._reason(closed))
            except (TimeoutError, RuntimeError, WebSocketDisconnect):
                log.info("websocket.gone", code=int(closed.code))

    def _reason(self, closed: Closed) -> str:
        """A frame that closes has room for so much."""
        return self.tongue.say(closed.reason).encode()[:MOST_REASON_BYTES].decode(errors="ignore")


def _no_room(frame: bytes) -> bool:
    return False
