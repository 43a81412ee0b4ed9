"""GraphQL over HTTP: one operation a request, by POST or, for queries, by GET."""

from dataclasses import dataclass, field
from functools import partial

import msgspec
from graphql import OperationType
from starlette.requests import Request
from starlette.responses import Response

from gateway.bad_request import BadRequest, Refusal
from gateway.cache.verdict import Way
from gateway.errors import UNFORESEEN as SOMETHING
from gateway.errors import shown
from gateway.execution.engine import Engine
from gateway.execution.operation import Operation
from gateway.identity.token import BadToken, Tokens
from gateway.locale.tongue import Tongue, Tongues
from gateway.operation.ask import Ask
from gateway.operation.refusal import BadDocument
from gateway.transport import graphiql, multipart, sse, whole
from gateway.transport.badge import Badge
from gateway.transport.body import read
from gateway.transport.conditional import Condition
from gateway.transport.cookies import identity_of
from gateway.transport.crowd import Crowd
from gateway.transport.csrf import FORGEABLE, is_forgeable
from gateway.transport.headers import REQUEST_ID, SERVER_TIMING, new_request_id
from gateway.transport.languages import tell
from gateway.transport.leaving import Leaving, Left, ends_s, leaving_of
from gateway.transport.negotiate import EVENTS, JSON, MULTIPART, chosen
from gateway.transport.recognized import OFFER, SAMPLED, Recognized
from gateway.transport.results import Run
from gateway.transport.stages import Stages
from gateway.usage.client import client_of
from gateway.why.whys import Whys
from resolvers.sight import Sight
from services.kit import consistency
from services.kit.account import accounting
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
NOBODY_THERE = 499
"""As nginx has it in its log; nobody is told."""
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
    whys: Whys | None = None
    accepted: dict[str | None, str | None] = field(default_factory=dict)
    """The media type for each Accept header seen lately."""

    async def __call__(self, request: Request) -> Response:
        if self.offers_graphiql and graphiql.is_wanted(request):
            return graphiql.page(with_why=self.whys is not None)
        stages = Stages(self.clock, tells_each=self.tells_stages)
        request_id = new_request_id()
        tongue = self.tongues.of(request.headers.getlist("accept-language"))
        percent = 100.0 if SAMPLED in request.scope else self.trace_percent
        trace = received(request.headers.get("traceparent"), percent)
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
            return await self._noted(run, media_type or JSON, request, stages)
        except BadDocument as bad:
            body = {"errors": shown(bad.errors, request_id, tongue.say)}
            return sse.refuse(body) if media_type == EVENTS else whole.unsound(body, media_type)
        except BadRequest as bad:
            return whole.refuse(bad.refusal, tongue, media_type)
        except Left:
            return Response(status_code=NOBODY_THERE)
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
        self.engine.admission.pay(operation, badge.viewer)
        stages.end("admit")
        ends = ends_s(request.scope, stages.begun_s)
        return Run(
            self.engine, operation, badge, received_s, sight, request_id, tongue, ends_s=ends
        )

    async def _noted(self, run: Run, media_type: str, request: Request, stages: Stages) -> Response:
        if self.whys is None:
            return await self._write(run, media_type, request, stages)
        with accounting(self.clock) as account:
            response = await self._write(run, media_type, request, stages)
        self.whys.note(run, account, stages)
        return response

    async def _write(self, run: Run, media_type: str, request: Request, stages: Stages) -> Response:
        if run.is_subscription or media_type in IN_PARTS:
            return await self._in_parts(run, media_type, request)
        condition = Condition.of(request)
        is_command = run.operation.kind is OperationType.MUTATION
        # What was sent is done, whether or not its sender hears of it.
        with Leaving() if is_command else leaving_of(request.scope):
            response = await whole.answer(run, media_type, condition)
        stages.end("execute")
        if OFFER in request.scope and _may_be_recognized(run, request):
            made = Recognized(run.operation, media_type, condition)
            request.scope[OFFER].made = (made, response)
        if run.sight.now:
            response.headers[consistency.HEADER] = self.consistency.token(run.sight.now)
        return response

    async def _in_parts(self, run: Run, media_type: str, request: Request) -> Response:
        """Its slot is taken first: behind the status nothing can be refused."""
        slot = await self.engine.admission.enter(run.operation, run.badge.viewer, run.received_s)
        run = msgspec.structs.replace(run, slot=slot)
        if run.is_subscription:
            return self._stream(run, request)
        return IN_PARTS[media_type](run, partial(slot.leave, counts=False))

    def _stream(self, run: Run, request: Request) -> Response:
        """A viewer holds so many open, sockets counted in."""
        host = request.client.host if request.client else ""
        owner = run.badge.viewer or host
        if not self.crowd.known.take(owner):
            run.slot.leave(counts=False)
            raise BadRequest(TOO_MANY_STREAMS)

        def ended() -> None:
            run.slot.leave(counts=False)
            self.crowd.known.give(owner)

        return sse.answer(run, ended)

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


def _may_be_recognized(run: Run, request: Request) -> bool:
    """Answered out of what is kept, and for nothing that will be another's next time."""
    verdict = run.outcome.verdict
    is_hit = verdict is not None and verdict.way is Way.HIT and verdict.age_s is not None
    is_anybodys = not run.sight.now and not run.tongue.spoken
    return is_hit and is_anybodys and "traceparent" not in request.headers
