"""GraphQL over WebSocket (graphql-transport-ws): who may open a socket, and what it is given."""

from collections.abc import Collection
from dataclasses import dataclass, field

from starlette.websockets import WebSocket

from gateway.bad_request import Refusal
from gateway.execution.engine import Engine
from gateway.identity.token import Tokens
from gateway.locale.tongue import Tongue, Tongues
from gateway.transport import messages, whole
from gateway.transport.bounds import Bounds
from gateway.transport.cookies import carried_of
from gateway.transport.crowd import Crowd, Place
from gateway.transport.messages import Close
from gateway.transport.origin import is_welcome
from gateway.transport.socket import Shared, Socket
from gateway.transport.wire import Wire
from services.kit.clock import Clock
from services.kit.consistency import Consistency

FOREIGN = Refusal(403, "FORBIDDEN_ORIGIN", "Pages of this origin may not open sockets here.")
CROWDED = Refusal(429, "TOO_MANY_SOCKETS", "Too many sockets of your address said nothing yet.")


@dataclass(frozen=True, slots=True)
class GraphQLOverWebSocket:
    """`origins` are those of web pages that may open sockets, beside our own host's."""

    engine: Engine
    tokens: Tokens
    consistency: Consistency
    clock: Clock
    origins: Collection[str] = frozenset()
    bounds: Bounds = field(default_factory=Bounds)
    crowd: Crowd = field(default_factory=Crowd)
    tongues: Tongues = field(default_factory=Tongues)

    async def __call__(self, websocket: WebSocket) -> None:
        tongue = self.tongues.of(websocket.headers.getlist("accept-language"))
        if not is_welcome(websocket.headers, self.origins):
            await websocket.send_denial_response(whole.refuse(FOREIGN, tongue))
            return
        place = self.crowd.arrive(websocket.client.host if websocket.client else "")
        if place is None:
            await websocket.send_denial_response(whole.refuse(CROWDED, tongue))
            return
        try:
            await self._serve(websocket, place, tongue)
        finally:
            place.leave()

    async def _serve(self, websocket: WebSocket, place: Place, tongue: Tongue) -> None:
        if messages.PROTOCOL not in websocket.scope["subprotocols"]:
            await websocket.accept()
            await websocket.close(Close.NO_SUBPROTOCOL, "Subprotocol not acceptable")
            return
        await websocket.accept(subprotocol=messages.PROTOCOL)
        shared = Shared(self.engine, self.tokens, self.consistency, self.clock, self.bounds)
        wire = Wire(websocket, self.bounds.send_wait_s, tongue)
        await Socket(wire, place, shared, carried_of(websocket.scope)).run()
