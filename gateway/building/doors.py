"""The ways in: one engine, asked over HTTP and over sockets."""

from starlette.types import ASGIApp

from flags.names import COURSE_READ, Side
from gateway.admission.admission import Admission
from gateway.admission.rate_limit import Rates
from gateway.admission.setup import admission_of
from gateway.cache.answers import Answers
from gateway.cache.reading import Cache
from gateway.cached.courses import KeptEnrolments
from gateway.execution.choice import executor_of
from gateway.execution.engine import Engine
from gateway.execution.recalling import Recalling
from gateway.identity.setup import Identities
from gateway.locale.tongue import Tongues
from gateway.operation.ask import digest
from gateway.operation.document import Documents
from gateway.operation.setup import rules_of
from gateway.operation.texts import Texts
from gateway.realtime.groups import Groups
from gateway.realtime.rights import Rights
from gateway.realtime.rounds import Rounds
from gateway.sides import Sides
from gateway.transport.bounds import Bounds
from gateway.transport.crowd import Crowd
from gateway.transport.departures import Departures
from gateway.transport.http import GraphQLOverHttp
from gateway.transport.origin import origins_of
from gateway.transport.recognizing import Recognizing
from gateway.transport.rooms import Rooms
from gateway.transport.websocket import GraphQLOverWebSocket
from gateway.usage.usage import Usage
from gateway.why.whys import Whys
from resolvers.context import Context, context_for
from resolvers.say import Say
from resolvers.sight import Sight
from schema.contract import core_schema, printed
from schema.guarding import guarding
from services.contracts.learning import Enrolment
from services.contracts.viewer import Viewer
from services.kit.clock import Clock
from services.kit.consistency import Consistency
from services.kit.settings import Profile, Settings


def doors_of(
    settings: Settings,
    clock: Clock,
    sides: Sides,
    texts: Texts,
    known: Identities,
    consistency: Consistency,
    usage: Usage,
    tongues: Tongues,
    cache: Cache | None,
    rates: Rates | None = None,
    whys: Whys | None = None,
) -> tuple[GraphQLOverHttp, GraphQLOverWebSocket]:
    admission = admission_of(settings, clock, rates)
    engine = _engine(settings, clock, sides, consistency, texts, usage, cache, admission)
    is_development = settings.profile is Profile.DEVELOPMENT
    crowd, rooms = Crowd(), Rooms.of(settings.gateway_serves)
    departures = Departures(clock)
    http = GraphQLOverHttp(
        engine,
        known.tokens,
        consistency,
        clock,
        settings.trace_percent,
        offers_graphiql=is_development,
        crowd=crowd,
        tells_stages=is_development,
        tongues=tongues,
        whys=whys,
        departures=departures,
        rooms=rooms,
    )
    origins = origins_of(settings.origins)
    bounds = Bounds()
    sockets = GraphQLOverWebSocket(
        engine, known.tokens, consistency, clock, origins, bounds, crowd, tongues, departures, rooms
    )
    return http, sockets


def recognizing(app: ASGIApp, http: GraphQLOverHttp, sides: Sides, cache: Cache | None) -> ASGIApp:
    """Before `app`, where anything is kept."""
    answers = http.engine.answers
    if cache is None or answers is None:
        return app
    kept = {side: KeptEnrolments(cache, side) for side in Side}

    def enrolments(viewer: Viewer) -> list[Enrolment] | None:
        return kept[sides.flags.decide(viewer).side(COURSE_READ)].of(viewer)

    def marks() -> tuple[object, ...]:
        return cache.heard.notes, http.tokens.marks, sides.flags.loads

    recalling = Recalling(http.engine, answers, enrolments)
    return Recognizing(app, recalling, http.tokens, http.clock, http.trace_percent, marks)


def _engine(
    settings: Settings,
    clock: Clock,
    sides: Sides,
    consistency: Consistency,
    texts: Texts,
    usage: Usage,
    cache: Cache | None,
    admission: Admission,
) -> Engine:
    schema = core_schema()
    budget_s = settings.request_budget_ms / 1000

    def context(viewer: Viewer | None, received_s: float | None, sight: Sight, say: Say) -> Context:
        sources = sides.sources_for(viewer)
        return context_for(viewer, clock, budget_s, sources, consistency, received_s, sight, say)

    documents = Documents(schema, rules_of(settings))
    release = digest(printed() + guarding(schema))
    answers = Answers(cache, release, sides.variant_of) if cache else None
    execute = executor_of(settings)
    rights = Rights(cache.heard if cache else None, clock)
    groups = Groups(rights, Rounds(clock))
    return Engine(schema, documents, context, texts, usage, execute, answers, admission, groups)
