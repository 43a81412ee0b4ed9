"""One socket of graphql-transport-ws: a state machine of one `handle_<message>` each."""

import asyncio
from dataclasses import dataclass
from typing import Any, NoReturn

from starlette.websockets import WebSocketDisconnect

from gateway.execution.engine import Engine
from gateway.identity.carried import Carried
from gateway.identity.token import BadToken, Tokens
from gateway.transport import messages
from gateway.transport.badge import Badge
from gateway.transport.bounds import Bounds
from gateway.transport.crowd import Place
from gateway.transport.departures import Departures
from gateway.transport.messages import Close, Closed, Restarting
from gateway.transport.operations import Operations
from gateway.transport.pulse import Pulse
from gateway.transport.seen import BAD_CONSISTENCY, seen_in
from gateway.transport.wire import Wire
from gateway.usage.client import client_in
from services.contracts.freshness import Seen
from services.kit.clock import Clock
from services.kit.consistency import BadToken as BadConsistency
from services.kit.consistency import Consistency

PING = b'{"type":"ping"}'


@dataclass(frozen=True, slots=True)
class Shared:
    """What all sockets of a process have in common."""

    engine: Engine
    tokens: Tokens
    consistency: Consistency
    clock: Clock
    bounds: Bounds
    pulse: Pulse
    departures: Departures


class Socket:
    """One client's; what it runs ends with it."""

    __slots__ = (
        "_badge",
        "_beats",
        "_carried",
        "_is_acknowledged",
        "_is_initialised",
        "_is_pong_due",
        "_operations",
        "_place",
        "_seen",
        "_shared",
        "_tasks",
        "_wire",
    )

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
        self._beats = 0

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
                self._shared.departures.join(self)
                try:
                    await self._listen()
                except Closed as closed:
                    # Said at once: what it runs may take its time to end.
                    await self._wire.close(closed)
                    raise
                finally:
                    self._shared.departures.leave(self)
                    self._operations.leave()
        except* WebSocketDisconnect:
            pass
        except* Closed as closed:
            await self._wire.close(closed.exceptions[0])  # type: ignore[arg-type]

    def depart(self, wait_ms: int, *, at_once: bool) -> bool:
        """Subscriptions are told no `complete`: their client goes on with them elsewhere."""
        if self._wire.unanswered and not at_once:
            return False
        self._wire.end(Restarting(wait_ms))
        return True

    async def _listen(self) -> NoReturn:
        try:
            async with asyncio.timeout(self._shared.bounds.init_wait_s):
                while not self._is_acknowledged:
                    await self._take()
        except TimeoutError as late:
            raise Closed(Close.INIT_TIMEOUT, "Connection initialisation timeout") from late
        part = self._shared.pulse.join(self)
        try:
            while True:
                await self._take()
        finally:
            part.discard(self)

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
                self._wire.unanswered.discard(message.id)
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
        self._wire.unanswered.add(message.id)
        await self._operations.begin(message, received_s, self._seen)

    def beat(self) -> None:
        """Whoever may not listen any longer is told so while nothing happens, too."""
        try:
            self._badge.check()
        except BadToken:
            self._wire.end(Closed(Close.FORBIDDEN, "Forbidden"))
            return
        self._beats += 1
        if self._beats % self._shared.bounds.beats_a_ping == 0:
            self._ping()

    def _ping(self) -> None:
        if self._is_pong_due:
            self._wire.end(Closed(Close.NO_PONG, "No pong came"))
            return
        self._is_pong_due = True
        self._wire.offer(PING)


def _authorization(payload: dict[str, Any] | None) -> str | None:
    """The bearer token of a message: browsers can set no header on a socket."""
    given = (payload or {}).get("authorization")
    return given if isinstance(given, str) else None
