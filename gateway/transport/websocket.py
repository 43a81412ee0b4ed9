"""GraphQL over WebSocket (graphql-transport-ws): who may open a socket, and what it is given."""

from collections.abc import Collection
from dataclasses import dataclass, field
from functools import cached_property

from starlette.datastructures import Headers
from starlette.types import Receive, Scope, Send

from gateway.bad_request import Refusal
from gateway.execution.engine import Engine
from gateway.identity.token import Tokens
from gateway.locale.tongue import Tongue, Tongues
from gateway.transport import messages, whole
from gateway.transport.bounds import Bounds
from gateway.transport.connection import connection_of
from gateway.transport.cookies import carried_of
from gateway.transport.crowd import Crowd, Place
from gateway.transport.departures import Departures
from gateway.transport.messages import Close
from gateway.transport.origin import is_welcome
from gateway.transport.pulse import Pulse
from gateway.transport.rooms import EVERYTHING, NO_STREAMS, Rooms
from gateway.transport.socket import Shared, Socket
from gateway.transport.wire import Wire
from services.kit.clock import Clock, SystemClock
from services.kit.consistency import Consistency

FOREIGN = Refusal(403, "FORBIDDEN_ORIGIN", "Pages of this origin may not open sockets here.")
CROWDED = Refusal(429, "TOO_MANY_SOCKETS", "Too many sockets of your address said nothing yet.")
LEAVING = Refusal(503, "RESTARTING", "This server is about to restart: connect again.")


@dataclass(frozen=True)
class GraphQLOverWebSocket:
    """An application of its own: a socket lives long, and whatever stands before it as long.

    `origins` are those of web pages that may open sockets, beside our own host's.
    """

    engine: Engine
    tokens: Tokens
    consistency: Consistency
    clock: Clock
    origins: Collection[str] = frozenset()
    bounds: Bounds = field(default_factory=Bounds)
    crowd: Crowd = field(default_factory=Crowd)
    tongues: Tongues = field(default_factory=Tongues)
    departures: Departures = field(default_factory=lambda: Departures(SystemClock()))
    rooms: Rooms = EVERYTHING

    @cached_property
    def shared(self) -> Shared:
        return Shared(
            self.engine,
            self.tokens,
            self.consistency,
            self.clock,
            self.bounds,
            Pulse(self.bounds.beat_s),
            self.departures,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        headers = Headers(scope=scope)
        tongue = self.tongues.of(headers.getlist("accept-language"))
        if (refusal := self._refusal(headers)) is not None:
            await whole.refuse(refusal, tongue)(scope, receive, send)
            return
        place = self.crowd.arrive(scope["client"][0] if scope["client"] else "")
        if place is None:
            await whole.refuse(CROWDED, tongue)(scope, receive, send)
            return
        try:
            await self._serve(scope, send, place, tongue)
        finally:
            place.leave()

    def _refusal(self, headers: Headers) -> Refusal | None:
        if not self.rooms.streams:
            return NO_STREAMS
        if self.departures.is_leaving:
            return LEAVING
        return None if is_welcome(headers, self.origins) else FOREIGN

    async def _serve(self, scope: Scope, send: Send, place: Place, tongue: Tongue) -> None:
        if messages.PROTOCOL not in scope["subprotocols"]:
            await send({"type": "websocket.accept"})
            code, reason = int(Close.NO_SUBPROTOCOL), "Subprotocol not acceptable"
            await send({"type": "websocket.close", "code": code, "reason": reason})
            return
        await send({"type": "websocket.accept", "subprotocol": messages.PROTOCOL})
        wire = Wire(connection_of(scope), self.bounds.send_wait_s, tongue)
        await Socket(wire, place, self.shared, carried_of(scope)).run()
