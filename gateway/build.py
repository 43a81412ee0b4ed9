"""Puts the gateway together, and gives back at its end what it has opened."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from redis.asyncio import Redis
from starlette.applications import Starlette
from starlette.types import ASGIApp

from flags.client import Flags
from gateway.building.doors import doors_of
from gateway.building.sides import monolith_of, sides_of
from gateway.health import Health
from gateway.identity.setup import identities_of
from gateway.locale.tongue import Tongues
from gateway.operation.setup import texts_of
from gateway.realtime.hub import Hub
from gateway.transport.cookies import Cookie, WithSessions
from gateway.transport.cors import cross_origin
from gateway.transport.front import Front
from gateway.transport.headers import Stamped
from gateway.transport.origin import origins_of
from gateway.transport.sign_in import SignIn
from gateway.usage.store import RedisStore
from gateway.usage.usage import Usage
from services.kit.clock import SystemClock
from services.kit.consistency import Consistency
from services.kit.settings import Profile, Settings
from services.kit.signing import Signer
from services.kit.transport import HttpTransport


@dataclass(frozen=True, slots=True)
class Gateway:
    """The application, and its health for the server that stops it."""

    app: ASGIApp
    health: Health


def build(settings: Settings, redis_url: str) -> Gateway:
    clock, health = SystemClock(), Health()
    redis = Redis.from_url(redis_url, socket_connect_timeout=1.0)
    hub, flags = Hub(redis), Flags(settings.home)
    texts = texts_of(settings, clock, redis)
    usage = Usage(RedisStore(redis), clock)
    known = identities_of(settings, redis, hub, clock)
    to_legacy = HttpTransport(settings.legacy_connections)
    to_services = HttpTransport(settings.service_connections, signer=Signer.of(settings, "gateway"))
    monolith = monolith_of(settings, to_legacy, clock)
    sides = sides_of(settings, monolith, to_services, redis, hub, flags, clock)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with asyncio.TaskGroup() as tasks:
            running = [
                tasks.create_task(one, name="gateway")
                for one in (hub.run(), flags.watch(), texts.watch(), usage.run(), *known.watches())
            ]
            yield
            for task in running:
                task.cancel()
        await usage.close()
        await monolith.close()
        await to_legacy.close()
        await to_services.close()
        await known.to_issuer.close()
        await redis.aclose()

    cookie = Cookie(is_secure=settings.profile is Profile.PRODUCTION)
    consistency, tongues = _consistency(settings), Tongues.read()
    http, sockets = doors_of(settings, clock, sides, texts, known, consistency, usage, tongues)
    sign_in = SignIn(known.tokens, known.sessions, known.signed_out, cookie, tongues)
    routes = [*sockets, *sign_in.routes(), *health.routes()]
    front = Front(Starlette(routes=routes, lifespan=lifespan), http)
    with_sessions = WithSessions(front, known.sessions, cookie, consistency, tongues)
    origins = origins_of(settings.origins)
    return Gateway(Stamped(cross_origin(with_sessions, origins)), health)


def _consistency(settings: Settings) -> Consistency:
    if settings.token_key:
        return Consistency(settings.token_key.encode())
    return Consistency.of_home(settings.home)
