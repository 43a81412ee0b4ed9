"""The ways in: one engine, asked over HTTP and over sockets."""

from starlette.routing import BaseRoute, WebSocketRoute

from gateway.execution.choice import executor_of
from gateway.execution.engine import Engine
from gateway.identity.setup import Identities
from gateway.locale.tongue import Tongues
from gateway.operation.document import Documents
from gateway.operation.setup import rules_of
from gateway.operation.texts import Texts
from gateway.sides import Sides
from gateway.transport.crowd import Crowd
from gateway.transport.front import PATH
from gateway.transport.http import GraphQLOverHttp
from gateway.transport.origin import origins_of
from gateway.transport.websocket import GraphQLOverWebSocket
from gateway.usage.usage import Usage
from resolvers.context import Context, context_for
from resolvers.say import Say
from resolvers.sight import Sight
from schema.contract import core_schema
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
) -> tuple[GraphQLOverHttp, list[BaseRoute]]:
    engine = _engine(settings, clock, sides, consistency, texts, usage)
    is_development = settings.profile is Profile.DEVELOPMENT
    crowd = Crowd()
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
    )
    origins = origins_of(settings.origins)
    websocket = GraphQLOverWebSocket(
        engine, known.tokens, consistency, clock, origins, crowd=crowd, tongues=tongues
    )
    return http, [WebSocketRoute(PATH, websocket.__call__)]


def _engine(
    settings: Settings,
    clock: Clock,
    sides: Sides,
    consistency: Consistency,
    texts: Texts,
    usage: Usage,
) -> Engine:
    schema = core_schema()
    budget_s = settings.request_budget_ms / 1000

    def context(viewer: Viewer | None, received_s: float | None, sight: Sight, say: Say) -> Context:
        sources = sides.sources_for(viewer)
        return context_for(viewer, clock, budget_s, sources, consistency, received_s, sight, say)

    documents = Documents(schema, rules_of(settings))
    return Engine(schema, documents, context, texts, usage, executor_of(settings))
