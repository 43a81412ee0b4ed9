"""Puts the gateway together: the only place that knows which sources stand behind the ports."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from redis.asyncio import Redis
from starlette.applications import Starlette
from starlette.routing import BaseRoute, Route, WebSocketRoute

from gateway.execution.engine import Engine
from gateway.health import Health
from gateway.identity.issuer import DemoIssuer
from gateway.identity.token import Tokens
from gateway.operation.document import Documents
from gateway.realtime.hub import Hub
from gateway.transport.http import GraphQLOverHttp
from gateway.transport.websocket import GraphQLOverWebSocket
from gateway.upstream.transport import HttpTransport
from legacy.assessment import LegacyAssessments
from legacy.client import LegacyClient
from legacy.courses import LegacyCourses
from legacy.live_class import LegacyLiveClasses
from legacy.people import LegacyPeople
from legacy.progress import LegacyProgress
from legacy.zones import Zones
from resolvers.context import Context, context_for
from resolvers.ports import Sources, Topics
from schema.contract import core_schema
from services.contracts.viewer import Viewer
from services.kit.clock import Clock, SystemClock
from services.kit.settings import Profile, Settings


@dataclass(frozen=True, slots=True)
class Gateway:
    """The application, and its health for the server that stops it."""

    app: Starlette
    health: Health


def build(settings: Settings, redis_url: str) -> Gateway:
    clock = SystemClock()
    health = Health()
    redis = Redis.from_url(redis_url, socket_connect_timeout=1.0)
    hub = Hub(redis)
    transport = HttpTransport(settings.legacy_connections)
    client = _legacy_client(settings, transport, clock)
    engine = _engine(settings, clock, _legacy_sources(client, clock, hub))

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with asyncio.TaskGroup() as tasks:
            listening = tasks.create_task(hub.run(), name="hub")
            yield
            listening.cancel()
        await client.close()
        await transport.close()
        await redis.aclose()

    routes = [*_doors(settings, engine), *health.routes()]
    return Gateway(Starlette(routes=routes, lifespan=lifespan), health)


def _engine(settings: Settings, clock: Clock, sources: Sources) -> Engine:
    schema = core_schema()
    budget_s = settings.request_budget_ms / 1000

    def context(viewer: Viewer | None) -> Context:
        return context_for(viewer, clock, budget_s, sources)

    return Engine(schema, Documents(schema), context)


def _doors(settings: Settings, engine: Engine) -> list[BaseRoute]:
    tokens = Tokens(_jwks(settings), settings.token_issuer, settings.token_audience)
    is_development = settings.profile is Profile.DEVELOPMENT
    http = GraphQLOverHttp(engine, tokens, settings.trace_percent, is_development)
    websocket = GraphQLOverWebSocket(engine, tokens)
    return [
        Route("/graphql", http.__call__, methods=["GET", "POST"]),
        WebSocketRoute("/graphql", websocket.__call__),
    ]


def _jwks(settings: Settings) -> dict[str, object]:
    if settings.jwks_file:
        keys: dict[str, object] = json.loads(Path(settings.jwks_file).read_text())
        return keys
    return DemoIssuer(settings.home, settings.token_issuer, settings.token_audience).jwks()


def _legacy_client(settings: Settings, transport: HttpTransport, clock: Clock) -> LegacyClient:
    url = settings.legacy_url or f"http://127.0.0.1:{settings.port + 1}"
    budget_s = settings.upstream_budget_ms / 1000
    return LegacyClient(transport, clock, url.rstrip("/"), settings.legacy_secret, budget_s)


def _legacy_sources(client: LegacyClient, clock: Clock, topics: Topics) -> Sources:
    zones = Zones(client)
    return Sources(
        people=LegacyPeople(client),
        courses=LegacyCourses(client),
        progress=LegacyProgress(client),
        assessments=LegacyAssessments(client, zones),
        live_classes=LegacyLiveClasses(client, zones, clock),
        topics=topics,
    )
