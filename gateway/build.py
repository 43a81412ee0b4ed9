"""Puts the gateway together: the only place that knows which sources stand behind the ports."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from starlette.applications import Starlette
from starlette.routing import Route

from gateway.health import Health
from gateway.identity.issuer import DemoIssuer
from gateway.identity.token import Tokens
from gateway.operation.document import Documents
from gateway.transport.http import GraphQLOverHttp
from gateway.upstream.transport import HttpTransport
from legacy.assessment import LegacyAssessments
from legacy.client import LegacyClient
from legacy.courses import LegacyCourses
from legacy.live_class import LegacyLiveClasses
from legacy.people import LegacyPeople
from legacy.progress import LegacyProgress
from legacy.zones import Zones
from resolvers.context import Context, context_for
from resolvers.ports import Sources
from schema.contract import core_schema
from services.contracts.viewer import Viewer
from services.kit.clock import Clock, SystemClock
from services.kit.deadline import Deadline
from services.kit.settings import Profile, Settings


@dataclass(frozen=True, slots=True)
class Gateway:
    """The application, and its health for the server that stops it."""

    app: Starlette
    health: Health


def build(settings: Settings, clock: Clock | None = None) -> Gateway:
    clock = clock or SystemClock()
    health = Health()
    transport = HttpTransport(settings.legacy_connections)
    client = _legacy_client(settings, transport, clock)
    endpoint = _endpoint(settings, clock, _legacy_sources(client, clock))

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        yield
        await client.close()
        await transport.close()

    routes = [
        Route("/graphql", endpoint.__call__, methods=["GET", "POST"]),
        Route("/health/live", health.live),
        Route("/health/ready", health.ready),
    ]
    return Gateway(Starlette(routes=routes, lifespan=lifespan), health)


def _endpoint(settings: Settings, clock: Clock, sources: Sources) -> GraphQLOverHttp:
    schema = core_schema()
    budget_s = settings.request_budget_ms / 1000

    def context(viewer: Viewer | None) -> Context:
        return context_for(viewer, clock, Deadline.within(clock, budget_s), sources)

    return GraphQLOverHttp(
        schema=schema,
        documents=Documents(schema),
        tokens=Tokens(_jwks(settings), settings.token_issuer, settings.token_audience),
        context_for=context,
        trace_percent=settings.trace_percent,
        offers_graphiql=settings.profile is Profile.DEVELOPMENT,
    )


def _jwks(settings: Settings) -> dict[str, object]:
    if settings.jwks_file:
        keys: dict[str, object] = json.loads(Path(settings.jwks_file).read_text())
        return keys
    return DemoIssuer(settings.home, settings.token_issuer, settings.token_audience).jwks()


def _legacy_client(settings: Settings, transport: HttpTransport, clock: Clock) -> LegacyClient:
    url = settings.legacy_url or f"http://127.0.0.1:{settings.port + 1}"
    budget_s = settings.upstream_budget_ms / 1000
    return LegacyClient(transport, clock, url.rstrip("/"), settings.legacy_secret, budget_s)


def _legacy_sources(client: LegacyClient, clock: Clock) -> Sources:
    zones = Zones(client)
    return Sources(
        people=LegacyPeople(client),
        courses=LegacyCourses(client),
        progress=LegacyProgress(client),
        assessments=LegacyAssessments(client, zones),
        live_classes=LegacyLiveClasses(client, zones, clock),
    )
