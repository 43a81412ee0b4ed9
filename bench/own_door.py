"""The gateway's door as it is in production, before sources in memory."""

from dataclasses import dataclass
from pathlib import Path

from redis.asyncio import Redis
from starlette.applications import Starlette
from starlette.types import ASGIApp

from bench.catalogue import sources
from gateway.execution.engine import Engine
from gateway.identity.issuer import DemoIssuer
from gateway.identity.keys import FixedKeys
from gateway.identity.session import Sessions
from gateway.identity.token import Tokens
from gateway.operation.document import Documents
from gateway.operation.persisted import Persisted
from gateway.operation.rules import Rules
from gateway.operation.texts import Texts
from gateway.transport.cookies import Cookie, WithSessions
from gateway.transport.front import Front
from gateway.transport.headers import Stamped
from gateway.transport.http import GraphQLOverHttp
from resolvers.context import Context, context_for
from resolvers.say import Say
from resolvers.sight import Sight
from schema.contract import core_schema
from services.contracts.viewer import Viewer
from services.kit.clock import SystemClock
from services.kit.consistency import Consistency
from services.kit.settings import Settings

BUDGET_S = 5.0


@dataclass(frozen=True, slots=True)
class OwnDoor:
    """`home` is a folder of the bench's own, with an issuer's key in it."""

    issuer: DemoIssuer
    http: GraphQLOverHttp
    app: ASGIApp

    @classmethod
    def of(cls, home: Path) -> "OwnDoor":
        settings, clock = Settings(), SystemClock()
        issuer = DemoIssuer(home, settings.token_issuer, settings.token_audience)
        consistency = Consistency(b"a key of the bench's own")
        http = GraphQLOverHttp(
            engine=_engine(consistency, clock),
            tokens=tokens_of(issuer),
            consistency=consistency,
            clock=clock,
            trace_percent=0,
            offers_graphiql=False,
        )
        # Nobody comes with a cookie: Redis is never asked.
        sessions = Sessions(Redis(), clock)
        front = Front(Starlette(), http)
        with_sessions = WithSessions(front, sessions, Cookie(is_secure=True), consistency)
        return cls(issuer, http, Stamped(with_sessions))


def tokens_of(issuer: DemoIssuer) -> Tokens:
    """Which has verified none yet."""
    settings = Settings()
    return Tokens(FixedKeys(issuer.jwks()), settings.token_issuer, settings.token_audience)


def _engine(consistency: Consistency, clock: SystemClock) -> Engine:
    schema, found = core_schema(), sources()

    def context(viewer: Viewer | None, received_s: float | None, sight: Sight, say: Say) -> Context:
        return context_for(viewer, clock, BUDGET_S, found, consistency, received_s, sight, say)

    texts = Texts(Persisted(clock))
    return Engine(schema, Documents(schema, Rules(is_open=False)), context, texts)
