"""GraphQL over HTTP: one operation a request, by POST or, for queries, by GET."""

from dataclasses import dataclass, field

from graphql import OperationType
from starlette.requests import Request
from starlette.responses import Response

from gateway.errors import UNFORESEEN as SOMETHING
from gateway.errors import shown
from gateway.execution.engine import Engine
from gateway.execution.operation import Operation
from gateway.identity.token import BadToken, Tokens
from gateway.locale.tongue import Tongue, Tongues
from gateway.operation.ask import Ask
from gateway.operation.refusal import BadDocument
from gateway.transport import graphiql, multipart, sse, whole
from gateway.transport.bad_request import BadRequest, Refusal
from gateway.transport.badge import Badge
from gateway.transport.body import read
from gateway.transport.cookies import identity_of
from gateway.transport.crowd import Crowd
from gateway.transport.csrf import FORGEABLE, is_forgeable
from gateway.transport.headers import REQUEST_ID, SERVER_TIMING, new_request_id
from gateway.transport.languages import tell
from gateway.transport.negotiate import EVENTS, JSON, MULTIPART, chosen
from gateway.transport.results import Run
from gateway.transport.stages import Stages
from gateway.usage.client import client_of
from resolvers.sight import Sight
from services.kit import consistency
from services.kit.clock import Clock
from services.kit.consistency import BadToken as BadConsistency
from services.kit.consistency import Consistency
from services.kit.log import Log
from services.kit.telemetry import received, server_span

log = Log("door")
IN_PARTS = {EVENTS: sse.answer, MULTIPART: multipart.answer}
MOST_UPLOAD_S = 1.0
"""So much of a body's coming counts as waiting for us: whoever trickles theirs wins no time."""
MOST_ACCEPTED = 64
BAD_CONSISTENCY = Refusal(
    400, "BAD_REQUEST", "Banyan-Consistency has no token of this platform: leave it out."
)
BY_POST_ALONE = Refusal(
    405, "METHOD_NOT_ALLOWED", "GET is for queries: send a POST.", {"allow": "POST"}
)
BY_EVENTS_ALONE = Refusal(400, "BAD_REQUEST", "Subscriptions go by socket or as events.")
NOT_ACCEPTABLE = Refusal(406, "NOT_ACCEPTABLE", "Accept application/json.")
TOO_MANY_STREAMS = Refusal(429, "TOO_MANY_STREAMS", "You hold too many streams and sockets open.")
UNAUTHORIZED = Refusal(
    401, "UNAUTHENTICATED", "The bearer token is not valid.", {"www-authenticate": "Bearer"}
)
UNFORESEEN = Refusal(500, "INTERNAL", SOMETHING)


@dataclass(frozen=True, slots=True)
class GraphQLOverHttp:
    engine: Engine
    tokens: Tokens
    consistency: Consistency
    clock: Clock
    trace_percent: float
    offers_graphiql: bool
    crowd: Crowd = field(default_factory=Crowd)
    tells_stages: bool = False
    tongues: Tongues = field(default_factory=Tongues)
    accepted: dict[str | None, str | None] = field(default_factory=dict)
    """The media type for each Accept header seen lately."""

    async def __call__(self, request: Request) -> Response:
        if self.offers_graphiql and graphiql.is_wanted(request):
            return graphiql.page()
        stages = Stages(self.clock, tells_each=self.tells_stages)
        request_id = new_request_id()
        tongue = self.tongues.of(request.headers.getlist("accept-language"))
        trace = received(request.headers.get("traceparent"), self.trace_percent)
        with server_span(f"{request.method} /graphql", trace):
            response = await self._masked(request, request_id, stages, tongue)
        tell(response, tongue)
        response.raw_headers += [
            (REQUEST_ID.encode(), request_id.encode()),
            (SERVER_TIMING.encode(), stages.header.encode()),
        ]
        return response

    async def _masked(
        self, request: Request, request_id: str, stages: Stages, tongue: Tongue
    ) -> Response:
        media_type = self._chosen(request.headers.get("accept"))
        try:
            run = await self._read(request, media_type, request_id, stages, tongue)
            return await self._write(run, media_type or JSON, request, stages)
        except BadDocument as bad:
            body = {"errors": shown(bad.errors, request_id, tongue.say)}
            return sse.refuse(body) if media_type == EVENTS else whole.unsound(body, media_type)
        except BadRequest as bad:
            return whole.refuse(bad.refusal, tongue, media_type)
        except Exception as unforeseen:
            log.error("request.failed", unforeseen, request=request_id)
            return whole.refuse(UNFORESEEN, tongue, media_type)

    async def _read(
        self,
        request: Request,
        media_type: str | None,
        request_id: str,
        stages: Stages,
        tongue: Tongue,
    ) -> Run:
        """Raises BadRequest or BadDocument."""
        if media_type is None:
            raise BadRequest(NOT_ACCEPTABLE)
        if is_forgeable(request):
            raise BadRequest(FORGEABLE)
        badge = self._badge(request)
        tongue.prefer(badge.viewer and badge.viewer.locale)
        sight = self._sight(request)
        ask = await read(request)
        received_s = max(stages.begun_s, self.clock.monotonic_s() - MOST_UPLOAD_S)
        stages.end("read")
        operation = await self._operation(request, ask, badge, media_type)
        stages.end("document")
        return Run(self.engine, operation, badge, received_s, sight, request_id, tongue)

    async def _write(self, run: Run, media_type: str, request: Request, stages: Stages) -> Response:
        if run.is_subscription:
            return self._stream(run, request)
        if media_type in IN_PARTS:
            return IN_PARTS[media_type](run)
        response = await whole.answer(run, media_type)
        stages.end("execute")
        if run.sight.now:
            response.headers[consistency.HEADER] = self.consistency.token(run.sight.now)
        return response

    def _stream(self, run: Run, request: Request) -> Response:
        """A viewer holds so many open, sockets counted in."""
        host = request.client.host if request.client else ""
        owner = run.badge.viewer or host
        if not self.crowd.known.take(owner):
            raise BadRequest(TOO_MANY_STREAMS)
        return sse.answer(run, ended=lambda: self.crowd.known.give(owner))

    def _chosen(self, accept: str | None) -> str | None:
        """Clients of one kind all say the same."""
        if accept not in self.accepted:
            if len(self.accepted) >= MOST_ACCEPTED:
                self.accepted.clear()
            self.accepted[accept] = chosen(accept)
        return self.accepted[accept]

    def _badge(self, request: Request) -> Badge:
        badge = Badge(self.tokens, identity_of(request.scope), client_of(request.headers))
        try:
            badge.show(request.headers.get("authorization"))
        except BadToken as bad:
            raise BadRequest(UNAUTHORIZED) from bad
        return badge

    def _sight(self, request: Request) -> Sight:
        """Refused rather than ignored: whoever sends a token is promised something for it."""
        said = request.headers.getlist(consistency.HEADER)
        try:
            return Sight(self.consistency.seen_of(",".join(said)) if said else None)
        except BadConsistency as bad:
            raise BadRequest(BAD_CONSISTENCY) from bad

    async def _operation(
        self, request: Request, ask: Ask, badge: Badge, media_type: str
    ) -> Operation:
        operation = await self.engine.read(ask, badge.viewer, badge.client)
        if request.method == "GET" and operation.kind is OperationType.MUTATION:
            raise BadRequest(BY_POST_ALONE)
        if operation.kind is OperationType.SUBSCRIPTION and media_type != EVENTS:
            raise BadRequest(BY_EVENTS_ALONE)
        return operation
