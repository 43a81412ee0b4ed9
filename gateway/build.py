"""Puts the gateway together, and gives back at its end what it has opened."""

from dataclasses import dataclass
from functools import partial

from starlette.applications import Starlette
from starlette.routing import BaseRoute
from starlette.types import ASGIApp

from gateway.admission.setup import rates_of
from gateway.building.doors import doors_of, recognizing
from gateway.building.flags import flags_of
from gateway.building.life import Close, Life, Run
from gateway.building.outside import outside_of
from gateway.building.sides import sides_of
from gateway.cache.setup import caching_of
from gateway.health import Health
from gateway.identity.setup import identities_of
from gateway.locale.tongue import Tongues
from gateway.operation.setup import texts_of
from gateway.realtime.hub import Hub
from gateway.transport.cookies import Cookie, WithSessions
from gateway.transport.cors import cross_origin
from gateway.transport.departures import Departures
from gateway.transport.front import Front
from gateway.transport.headers import Stamped
from gateway.transport.origin import origins_of
from gateway.transport.sign_in import SignIn
from gateway.transport.turnstile import Turnstile
from gateway.usage.store import RedisStore
from gateway.usage.usage import Usage
from gateway.why.setup import whys_of
from services.kit.clock import SystemClock
from services.kit.consistency import Consistency
from services.kit.redis import redis_of
from services.kit.settings import Profile, Settings


@dataclass(frozen=True, slots=True)
class Gateway:
    """The application; its health, and what it holds open, for the server that stops it."""

    app: ASGIApp
    health: Health
    departures: Departures


def build(settings: Settings, redis_url: str) -> Gateway:
    clock, health = SystemClock(), Health()
    redis = redis_of(redis_url, socket_connect_timeout=1.0)
    hub, in_force = Hub(redis), flags_of(settings, clock)
    texts = texts_of(settings, clock, redis)
    usage, rates = Usage(RedisStore(redis), clock), rates_of(settings, clock, redis)
    known = identities_of(settings, redis, hub, clock)
    health.needs += known.needs()
    outside = outside_of(settings, in_force.flags, redis, clock)
    caching = caching_of(redis_url, hub, clock, settings.cache_mb) if settings.cache_mb else None
    cache = caching.cache if caching else None
    sides = sides_of(settings, outside, redis, hub, in_force.flags, clock, caching)
    why = whys_of(settings, sides, clock)
    runs: list[Run] = [hub.run, *in_force.runs, texts.watch, usage.run, rates.run, *known.runs()]
    runs += [*outside.moving.runs(), *why.runs]
    closes: list[Close] = [usage.close, *outside.closes, known.to_issuer.close]
    closes += [*in_force.closes, redis.aclose]
    if caching is not None:
        runs.append(caching.following.run)
        closes.insert(0, caching.close)
    cookie = Cookie(is_secure=settings.profile is Profile.PRODUCTION)
    consistency, tongues = _consistency(settings), Tongues.read()
    http, sockets = doors_of(
        settings, clock, sides, texts, known, consistency, usage, tongues, cache, rates, why.whys
    )
    runs.append(partial(sides.classrooms.run, http.engine.groups))
    closes.insert(0, http.engine.groups.close)
    sign_in = SignIn(known.tokens, known.sessions, known.signed_out, cookie, tongues)
    routes: list[BaseRoute] = [*sign_in.routes(), *health.routes()]
    routes += [*outside.moving.page(health).routes(), *why.routes]
    front = Front(Starlette(routes=routes, lifespan=Life(runs, closes).lifespan), http, sockets)
    with_sessions = WithSessions(front, known.sessions, cookie, consistency, tongues)
    origins = origins_of(settings.origins)
    app = Stamped(cross_origin(with_sessions, origins))
    entrance = Turnstile(recognizing(app, http, sides, cache))
    return Gateway(entrance, health, sockets.departures)


def _consistency(settings: Settings) -> Consistency:
    if settings.token_key:
        return Consistency(settings.token_key.encode())
    return Consistency.of_home(settings.home)
