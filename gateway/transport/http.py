"""GraphQL over HTTP: one operation a request, by POST or, for queries, by GET."""

import secrets
from dataclasses import dataclass
from typing import Any

import msgspec
from graphql import OperationType
from starlette.requests import Request
from starlette.responses import Response

from gateway.errors import payload, problem, shown
from gateway.execution.engine import Engine, Operation
from gateway.identity.token import BadToken, Tokens
from gateway.operation.ask import Ask
from gateway.operation.document import BadDocument
from gateway.transport import graphiql
from gateway.transport.body import BadRequest, read
from resolvers.sight import Sight
from services.contracts.viewer import Viewer
from services.kit import consistency
from services.kit.clock import Clock
from services.kit.consistency import BadToken as BadConsistency
from services.kit.consistency import Consistency
from services.kit.telemetry import received, server_span

JSON = "application/json"
GRAPHQL = "application/graphql-response+json"
MOST_UPLOAD_S = 1.0
"""So much of a body's coming counts as waiting for us: whoever trickles theirs wins no time."""
# Of each an exception is made where it is raised: one that is kept gathers what raised it.
BAD_CONSISTENCY = (
    400,
    "BAD_REQUEST",
    "Banyan-Consistency has no token of this platform: leave it out.",
)
UNAUTHORIZED = (401, "UNAUTHENTICATED", "The bearer token is not valid.")


@dataclass(frozen=True, slots=True)
class GraphQLOverHttp:
    engine: Engine
    tokens: Tokens
    consistency: Consistency
    clock: Clock
    trace_percent: float
    offers_graphiql: bool

    async def __call__(self, request: Request) -> Response:
        received_s = self.clock.monotonic_s()
        if self.offers_graphiql and graphiql.is_wanted(request):
            return graphiql.page()
        request_id = secrets.token_hex(8)
        trace = received(request.headers.get("traceparent"), self.trace_percent)
        with server_span(f"{request.method} /graphql", trace):
            response = await self._answer(request, request_id, received_s)
        response.headers["x-request-id"] = request_id
        return response

    async def _answer(self, request: Request, request_id: str, received_s: float) -> Response:
        media_type = GRAPHQL if GRAPHQL in request.headers.get("accept", "") else JSON
        try:
            viewer, sight = self._viewer(request), self._sight(request)
            operation = self._operation(request, await read(request))
            received_s = max(received_s, self.clock.monotonic_s() - MOST_UPLOAD_S)
        except BadRequest as bad:
            return _json(problem(bad.code, str(bad)), bad.status, media_type)
        except BadDocument as bad:
            status = 400 if media_type == GRAPHQL else 200
            return _json({"errors": shown(bad.errors, request_id)}, status, media_type)
        result = await self.engine.run(operation, viewer, received_s, sight)
        response = _json(payload(result, request_id), 200, media_type)
        if sight.now:
            response.headers[consistency.HEADER] = self.consistency.token(sight.now)
        return response

    def _viewer(self, request: Request) -> Viewer | None:
        try:
            return self.tokens.bearer(request.headers.get("authorization"))
        except BadToken as bad:
            raise BadRequest(*UNAUTHORIZED) from bad

    def _sight(self, request: Request) -> Sight:
        """Refused rather than ignored: whoever sends a token is promised something for it."""
        said = request.headers.getlist(consistency.HEADER)
        try:
            return Sight(self.consistency.seen_of(",".join(said)) if said else None)
        except BadConsistency as bad:
            raise BadRequest(*BAD_CONSISTENCY) from bad

    def _operation(self, request: Request, ask: Ask) -> Operation:
        operation = self.engine.read(ask)
        if request.method == "GET" and operation.kind is not OperationType.QUERY:
            raise BadRequest(405, "METHOD_NOT_ALLOWED", "GET is for queries: send a POST.")
        if operation.kind is OperationType.SUBSCRIPTION:
            raise BadRequest(400, "BAD_REQUEST", "Subscriptions go over WebSocket.")
        return operation


def _json(body: dict[str, Any], status: int, media_type: str) -> Response:
    return Response(msgspec.json.encode(body), status, media_type=media_type)
