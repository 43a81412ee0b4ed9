"""One socket of graphql-transport-ws: a state machine of one `handle_<message>` each."""

import asyncio
from dataclasses import dataclass
from itertools import count
from typing import Any, NoReturn

from starlette.websockets import WebSocketDisconnect

from gateway.execution.engine import Engine
from gateway.identity.carried import Carried
from gateway.identity.token import BadToken, Tokens
from gateway.transport import messages
from gateway.transport.badge import Badge
from gateway.transport.bounds import Bounds
from gateway.transport.crowd import Place
from gateway.transport.messages import Close, Closed
from gateway.transport.operations import Operations
from gateway.transport.seen import BAD_CONSISTENCY, seen_in
from gateway.transport.wire import Wire
from gateway.usage.client import client_in
from services.contracts.freshness import Seen
from services.kit.clock import Clock
from services.kit.consistency import BadToken as BadConsistency
from services.kit.consistency import Consistency


@dataclass(frozen=True, slots=True)
class Shared:
    """What all sockets of a process have in common."""

    engine: Engine
    tokens: Tokens
    consistency: Consistency
    clock: Clock
    bounds: Bounds


class Socket:
    """One client's; what it runs ends with it."""

    def __init__(
        self, wire: Wire, place: Place, shared: Shared, carried: Carried | None = None
    ) -> None:
        self._wire = wire
        self._place = place
        self._shared = shared
        self._carried = carried
        self._badge = Badge(shared.tokens, carried.identity if carried else None)
        self._seen: Seen = {}
        self._is_initialised = False
        self._is_acknowledged = False
        self._is_pong_due = False

    async def run(self) -> None:
        """Returns when the client left or was sent away, and nothing of its runs any more."""
        try:
            async with asyncio.TaskGroup() as tasks:
                self._tasks = tasks
                self._operations = Operations(
                    self._shared.engine,
                    self._shared.consistency,
                    self._wire,
                    self._badge,
                    self._carried,
                    tasks,
                    self._shared.bounds.operations,
                )
                try:
                    await self._listen()
                finally:
                    self._operations.leave()
        except* WebSocketDisconnect:
            pass
        except* Closed as closed:
            await self._wire.close(closed.exceptions[0])  # type: ignore[arg-type]

    async def _listen(self) -> NoReturn:
        try:
            async with asyncio.timeout(self._shared.bounds.init_wait_s):
                while not self._is_acknowledged:
                    await self._take()
        except TimeoutError as late:
            raise Closed(Close.INIT_TIMEOUT, "Connection initialisation timeout") from late
        self._tasks.create_task(self._beat(), name="beat of a socket")
        while True:
            await self._take()

    async def _take(self) -> None:
        message = await self._wire.receive()
        received_s = self._shared.clock.monotonic_s()
        match message:
            case messages.ConnectionInit():
                await self.handle_connection_init(message)
            case messages.Ping():
                await self.handle_ping(message)
            case messages.Pong():
                self._is_pong_due = False
            case messages.Subscribe():
                await self.handle_subscribe(message, received_s)
            case messages.Complete():
                self._operations.end(message.id)

    async def handle_connection_init(self, message: messages.ConnectionInit) -> None:
        if self._is_initialised:
            raise Closed(Close.TOO_MANY_INITS, "Too many initialisation requests")
        self._is_initialised = True
        self._badge.client = client_in(message.payload)
        try:
            self._badge.show(_authorization(message.payload))
        except BadToken as bad:
            raise Closed(Close.FORBIDDEN, "Forbidden") from bad
        self._settle_language(message.payload)
        if not self._place.introduce(self._badge.viewer):
            raise Closed(Close.TRY_LATER, "Too many sockets")
        try:
            self._seen = seen_in(message.payload, self._shared.consistency)
        except BadConsistency as bad:
            raise Closed(Close.BAD_REQUEST, BAD_CONSISTENCY) from bad
        await self._wire.send({"type": "connection_ack"})
        self._is_acknowledged = True

    def _settle_language(self, payload: dict[str, Any] | None) -> None:
        """The token's before the message's, and that before the handshake's."""
        viewer, tongue = self._badge.viewer, self._wire.tongue
        tongue.prefer((payload or {}).get("locale"))
        tongue.prefer(viewer and viewer.locale)

    async def handle_ping(self, message: messages.Ping) -> None:
        """One with a token renews the socket's time; browsers can say it in no other way."""
        authorization = _authorization(message.payload)
        if authorization is None or not self._is_acknowledged:
            await self._wire.send({"type": "pong"})
            return
        accepted = self._badge.renew(authorization)
        await self._wire.send({"type": "pong", "payload": {"accepted": accepted}})

    async def handle_subscribe(self, message: messages.Subscribe, received_s: float) -> None:
        if not self._is_acknowledged:
            raise Closed(Close.UNAUTHORIZED, "Unauthorized")
        await self._operations.begin(message, received_s, self._seen)

    async def _beat(self) -> NoReturn:
        bounds = self._shared.bounds
        for beat in count(1):
            await asyncio.sleep(bounds.beat_s)
            self._judge()
            if beat % bounds.beats_a_ping == 0:
                await self._ping()
        raise AssertionError("a count has no end")

    def _judge(self) -> None:
        try:
            self._badge.check()
        except BadToken as bad:
            raise Closed(Close.FORBIDDEN, "Forbidden") from bad

    async def _ping(self) -> None:
        if self._is_pong_due:
            raise Closed(Close.NO_PONG, "No pong came")
        self._is_pong_due = True
        await self._wire.send({"type": "ping"})


def _authorization(payload: dict[str, Any] | None) -> str | None:
    """The bearer token of a message: browsers can set no header on a socket."""
    given = (payload or {}).get("authorization")
    return given if isinstance(given, str) else None
