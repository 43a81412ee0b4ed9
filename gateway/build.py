"""Puts the gateway together: the only place that knows which sources stand behind the ports."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

from redis.asyncio import Redis
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import BaseRoute, Route, WebSocketRoute

from flags.client import Flags
from flags.pins import RedisPins
from gateway.attempts.sides import AttemptSides
from gateway.execution.engine import Engine
from gateway.freshness.writes import RedisWrites
from gateway.health import Health
from gateway.identity.setup import Identities, identities_of
from gateway.lessons import CoursesOfLessons
from gateway.operation.document import Documents
from gateway.operation.setup import rules_of, texts_of
from gateway.operation.texts import Texts
from gateway.realtime.hub import Hub
from gateway.sides import Sides
from gateway.transport.cookies import Cookie, WithSessions
from gateway.transport.cors import cross_origin
from gateway.transport.crowd import Crowd
from gateway.transport.headers import Stamped
from gateway.transport.http import GraphQLOverHttp
from gateway.transport.origin import origins_of
from gateway.transport.sign_in import SignIn
from gateway.transport.websocket import GraphQLOverWebSocket
from legacy.assessment import LegacyAssessments
from legacy.attempts import LegacyAttempts
from legacy.client import LegacyClient
from legacy.courses import LegacyCourses
from legacy.live_class import LegacyLiveClasses
from legacy.people import LegacyPeople
from legacy.progress import LegacyProgress
from legacy.versions import Versions
from legacy.zones import Zones
from resolvers.context import Context, context_for
from resolvers.ports import Sources, Topics
from resolvers.sight import Sight
from schema.contract import core_schema
from services.assessment.client.attempts import ServiceAttempts
from services.contracts.viewer import Viewer
from services.kit.asking import ServiceClient
from services.kit.clock import Clock, SystemClock
from services.kit.consistency import Consistency
from services.kit.http import Transport
from services.kit.settings import Profile, Settings, url_of
from services.kit.signing import Signer
from services.kit.transport import HttpTransport
from services.live_class.client import ServiceLiveClasses
from services.progress.client.assessments import ServiceAssessments
from services.progress.client.courses import ServiceCourses
from services.progress.client.people import ServicePeople
from services.progress.client.progress import ServiceCompletions, ServiceProgress

REMEMBERED = timedelta(days=30)
"""How long it is known without the service who has begun there: longer than an attempt lasts."""


@dataclass(frozen=True, slots=True)
class Gateway:
    """The application, and its health for the server that stops it."""

    app: Starlette
    health: Health


def build(settings: Settings, redis_url: str) -> Gateway:
    clock, health = SystemClock(), Health()
    redis = Redis.from_url(redis_url, socket_connect_timeout=1.0)
    hub, flags = Hub(redis), Flags(settings.home)
    texts = texts_of(settings, clock, redis)
    known = identities_of(settings, redis, hub, clock)
    to_legacy = HttpTransport(settings.legacy_connections)
    to_services = HttpTransport(settings.service_connections, signer=Signer.of(settings, "gateway"))
    monolith = _monolith(settings, to_legacy, clock)
    sides = _sides(settings, monolith, to_services, redis, hub, flags, clock)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with asyncio.TaskGroup() as tasks:
            running = [
                tasks.create_task(work, name="gateway")
                for work in (hub.run(), flags.watch(), texts.watch(), *known.watches())
            ]
            yield
            for task in running:
                task.cancel()
        await monolith.close()
        await to_legacy.close()
        await to_services.close()
        await known.to_issuer.close()
        await redis.aclose()

    cookie = Cookie(is_secure=settings.profile is Profile.PRODUCTION)
    consistency = _consistency(settings)
    doors = _doors(settings, clock, sides, texts, known, consistency)
    sign_in = SignIn(known.tokens, known.sessions, known.signed_out, cookie)
    routes = [*doors, *sign_in.routes(), *health.routes()]
    with_sessions = Middleware(WithSessions, known.sessions, cookie, consistency)
    around = [Middleware(Stamped), *cross_origin(origins_of(settings.origins)), with_sessions]
    return Gateway(Starlette(routes=routes, middleware=around, lifespan=lifespan), health)


def _sides(
    settings: Settings,
    monolith: LegacyClient,
    to_services: Transport,
    redis: Redis,
    hub: Hub,
    flags: Flags,
    clock: Clock,
) -> Sides:
    versions = Versions(_client(settings, to_services, "feeder"), clock)
    old_attempts = LegacyAttempts(monolith, Zones(monolith))
    new_attempts = ServiceAttempts(_client(settings, to_services, "assessment"))
    legacy = _legacy_sources(monolith, versions, old_attempts, clock, hub)
    begun = RedisPins(redis, clock, lasts=REMEMBERED)
    return Sides(
        legacy=legacy,
        service=_service_sources(settings, to_services, new_attempts, legacy, hub),
        attempts=AttemptSides(old_attempts, new_attempts, begun),
        flags=flags,
        pins=RedisPins(redis, clock),
        lessons=CoursesOfLessons(),
        writes=RedisWrites(redis, clock),
        clock=clock,
    )


def _engine(
    settings: Settings, clock: Clock, sides: Sides, consistency: Consistency, texts: Texts
) -> Engine:
    schema = core_schema()
    budget_s = settings.request_budget_ms / 1000

    def context(viewer: Viewer | None, received_s: float | None, sight: Sight) -> Context:
        sources = sides.sources_for(viewer)
        return context_for(viewer, clock, budget_s, sources, consistency, received_s, sight)

    return Engine(schema, Documents(schema, rules_of(settings)), context, texts)


def _consistency(settings: Settings) -> Consistency:
    if settings.token_key:
        return Consistency(settings.token_key.encode())
    return Consistency.of_home(settings.home)


def _doors(
    settings: Settings,
    clock: Clock,
    sides: Sides,
    texts: Texts,
    known: Identities,
    consistency: Consistency,
) -> list[BaseRoute]:
    engine = _engine(settings, clock, sides, consistency, texts)
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
    )
    origins = origins_of(settings.origins)
    websocket = GraphQLOverWebSocket(engine, known.tokens, consistency, clock, origins, crowd=crowd)
    return [
        Route("/graphql", http.__call__, methods=["GET", "POST"]),
        WebSocketRoute("/graphql", websocket.__call__),
    ]


def _monolith(settings: Settings, transport: Transport, clock: Clock) -> LegacyClient:
    url, budget_s = url_of(settings, "monolith"), settings.upstream_budget_ms / 1000
    return LegacyClient(transport, clock, url, settings.legacy_secret, budget_s)


def _legacy_sources(
    client: LegacyClient,
    versions: Versions,
    attempts: LegacyAttempts,
    clock: Clock,
    topics: Topics,
) -> Sources:
    zones, courses = Zones(client), LegacyCourses(client)
    progress = LegacyProgress(client, versions)
    return Sources(
        people=LegacyPeople(client),
        courses=courses,
        editing=courses,
        progress=progress,
        completions=progress,
        written=progress,
        assessments=LegacyAssessments(client, zones),
        attempts=attempts,
        attempting=attempts,
        supervising=attempts,
        live_classes=LegacyLiveClasses(client, zones, clock),
        topics=topics,
    )


def _client(settings: Settings, transport: Transport, service: str) -> ServiceClient:
    budget_s = settings.upstream_budget_ms / 1000
    return ServiceClient(transport, service, url_of(settings, service), budget_s)


def _service_sources(
    settings: Settings,
    transport: Transport,
    attempts: ServiceAttempts,
    legacy: Sources,
    topics: Topics,
) -> Sources:
    """Courses are edited at the monolith alone, whoever is asked for them."""
    client = _client(settings, transport, "progress")
    progress = ServiceProgress(client)
    return Sources(
        people=ServicePeople(client),
        courses=ServiceCourses(client),
        editing=legacy.editing,
        progress=progress,
        completions=ServiceCompletions(client),
        written=progress,
        assessments=ServiceAssessments(client),
        attempts=attempts,
        attempting=attempts,
        supervising=attempts,
        live_classes=ServiceLiveClasses(_client(settings, transport, "live_class")),
        topics=topics,
    )
