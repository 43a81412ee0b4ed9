"""GraphQL over WebSocket (graphql-transport-ws): a state machine of one `handle_<message>` each."""

import asyncio
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from graphql import OperationType
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from gateway.errors import payload, problem, shown
from gateway.execution.engine import Engine, Operation
from gateway.identity.token import BadToken, Tokens
from gateway.operation.document import BadDocument
from gateway.transport import messages
from gateway.transport.messages import Close
from resolvers.sight import Sight
from services.contracts.errors import ErrorCode
from services.contracts.freshness import Seen, merged
from services.contracts.viewer import Viewer
from services.kit.clock import Clock
from services.kit.consistency import BadToken as BadConsistency
from services.kit.consistency import Consistency
from services.kit.log import Log

log = Log("websocket")
INIT_WAIT_S = 3.0
SEND_WAIT_S = 5.0
BAD_CONSISTENCY = "`consistency` has no token of this platform: leave it out."


@dataclass(frozen=True, slots=True)
class GraphQLOverWebSocket:
    engine: Engine
    tokens: Tokens
    consistency: Consistency
    clock: Clock

    async def __call__(self, websocket: WebSocket) -> None:
        if messages.PROTOCOL not in websocket.scope["subprotocols"]:
            await websocket.accept()
            await websocket.close(Close.NO_SUBPROTOCOL, "Subprotocol not acceptable")
            return
        await websocket.accept(subprotocol=messages.PROTOCOL)
        await Socket(websocket, self.engine, self.tokens, self.consistency, self.clock).run()


class Closed(Exception):
    """The socket is to be closed, with this code and reason."""

    def __init__(self, code: Close, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class Socket:
    """One client's socket; its operations are tasks that end with it."""

    def __init__(
        self,
        websocket: WebSocket,
        engine: Engine,
        tokens: Tokens,
        consistency: Consistency,
        clock: Clock,
    ) -> None:
        self._websocket = websocket
        self._engine = engine
        self._tokens = tokens
        self._consistency = consistency
        self._clock = clock
        self._viewer: Viewer | None = None
        self._seen: Seen = {}
        self._is_initialised = False
        self._is_acknowledged = False
        self._running: dict[str, asyncio.Task[None]] = {}

    async def run(self) -> None:
        """Returns when the client left or was sent away, and nothing of its runs any more."""
        try:
            async with asyncio.TaskGroup() as tasks:
                self._tasks = tasks
                await self._listen()
        except* WebSocketDisconnect:
            pass
        except* Closed as closed:
            await self._close(closed.exceptions[0])  # type: ignore[arg-type]

    async def _listen(self) -> None:
        try:
            async with asyncio.timeout(INIT_WAIT_S):
                while not self._is_acknowledged:
                    await self._take()
        except TimeoutError as late:
            raise Closed(Close.INIT_TIMEOUT, "Connection initialisation timeout") from late
        while True:
            await self._take()

    async def _take(self) -> None:
        received = await self._websocket.receive()
        received_s = self._clock.monotonic_s()
        if received["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(received.get("code") or 1000)
        text = received.get("text")
        if text is None:
            raise Closed(Close.BAD_REQUEST, "Invalid message received")
        if len(text) > messages.MOST_BYTES:
            raise Closed(Close.TOO_BIG, "Message too big")
        try:
            message = messages.read(text)
        except ValueError as wrong:
            raise Closed(Close.BAD_REQUEST, "Invalid message received") from wrong
        await self._handle(message, received_s)

    async def _handle(self, message: messages.FromClient, received_s: float) -> None:
        match message:
            case messages.ConnectionInit():
                await self.handle_connection_init(message)
            case messages.Ping():
                await self._send({"type": "pong"})
            case messages.Subscribe():
                self.handle_subscribe(message, received_s)
            case messages.Complete():
                self.handle_complete(message)

    async def handle_connection_init(self, message: messages.ConnectionInit) -> None:
        if self._is_initialised:
            raise Closed(Close.TOO_MANY_INITS, "Too many initialisation requests")
        self._is_initialised = True
        try:
            self._viewer = self._tokens.bearer(_authorization(message.payload))
        except BadToken as bad:
            raise Closed(Close.FORBIDDEN, "Forbidden") from bad
        try:
            self._seen = self._seen_in(message.payload)
        except BadConsistency as bad:
            raise Closed(Close.BAD_REQUEST, BAD_CONSISTENCY) from bad
        await self._send({"type": "connection_ack"})
        self._is_acknowledged = True

    def handle_subscribe(self, message: messages.Subscribe, received_s: float) -> None:
        if not self._is_acknowledged:
            raise Closed(Close.UNAUTHORIZED, "Unauthorized")
        if message.id in self._running:
            raise Closed(Close.DUPLICATE, f"Subscriber for {message.id} already exists")
        serving = self._serve(message, received_s)
        task = self._tasks.create_task(serving, name=f"operation {message.id}")
        self._running[message.id] = task

    def handle_complete(self, message: messages.Complete) -> None:
        task = self._running.pop(message.id, None)
        if task is not None:
            task.cancel()

    async def _serve(self, message: messages.Subscribe, received_s: float) -> None:
        """Runs one operation to its end; the client's `complete` cancels it."""
        request_id = secrets.token_hex(8)
        try:
            operation = self._engine.read(message.payload)
            sight = Sight(merged(self._seen_in(message.payload.extensions), self._seen))
        except BadDocument as bad:
            await self._refuse(message.id, shown(bad.errors, request_id))
            return
        except BadConsistency:
            await self._refuse(message.id, problem(ErrorCode.INVALID, BAD_CONSISTENCY)["errors"])
            return
        await self._answer(message.id, operation, request_id, received_s, sight)
        self._running.pop(message.id)
        await self._send({"type": "complete", "id": message.id})

    async def _refuse(self, id_: str, errors: Sequence[Any]) -> None:
        self._running.pop(id_)
        await self._send({"type": "error", "id": id_, "payload": errors})

    async def _answer(
        self, id_: str, operation: Operation, request_id: str, received_s: float, sight: Sight
    ) -> None:
        if operation.kind is not OperationType.SUBSCRIPTION:
            result = await self._engine.run(operation, self._viewer, received_s, sight)
            await self._send({"type": "next", "id": id_, "payload": payload(result, request_id)})
            return
        async for result in self._engine.stream(operation, self._viewer, sight):
            await self._send({"type": "next", "id": id_, "payload": payload(result, request_id)})

    def _seen_in(self, said: dict[str, Any] | None) -> Seen:
        """Of the first message for all operations, of an operation for itself."""
        given = (said or {}).get("consistency")
        if given is None:
            return {}
        if not isinstance(given, str):
            raise BadConsistency("not a text")
        return self._consistency.seen_of(given)

    async def _send(self, message: dict[str, Any]) -> None:
        text = msgspec.json.encode(message).decode()
        try:
            async with asyncio.timeout(SEND_WAIT_S):
                await self._websocket.send_text(text)
        except TimeoutError as slow:
            raise Closed(Close.TRY_LATER, "Reader too slow") from slow
        except RuntimeError as gone:
            raise WebSocketDisconnect from gone

    async def _close(self, closed: Closed) -> None:
        if self._websocket.application_state is WebSocketState.CONNECTED:
            log.info("websocket.closed", code=int(closed.code))
            await self._websocket.close(closed.code, closed.reason)


def _authorization(payload: dict[str, Any] | None) -> str | None:
    """The bearer token of the first message: browsers can set no header on a socket."""
    given = (payload or {}).get("authorization")
    return given if isinstance(given, str) else None
