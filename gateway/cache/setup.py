"""Puts a gateway's cache together."""

import secrets
from dataclasses import dataclass

from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from gateway.cache.counts import counts
from gateway.cache.far import RedisFar, far_of
from gateway.cache.flights import Flights
from gateway.cache.following import Following
from gateway.cache.heard import Heard
from gateway.cache.making import Making
from gateway.cache.near import Near
from gateway.cache.reading import Cache
from gateway.cache.store import Store
from gateway.realtime.hub import Hub
from services.kit.clock import Clock
from services.kit.redis import redis_of

SIDES_OF_DICE = 1 << 30


@dataclass(frozen=True, slots=True)
class Caching:
    """The cache, what follows the changes for it, and what it is ended by."""

    cache: Cache
    following: Following
    flights: Flights
    far: RedisFar

    async def close(self) -> None:
        await self.flights.close()
        await self.far.close()
        await self.following.close()


def caching_of(redis_url: str, hub: Hub, clock: Clock, near_mb: int) -> Caching:
    heard, far, flights = Heard(clock), far_of(redis_url, hub, clock), Flights()
    counting = counts()
    store = Store(Near(near_mb * 1_000_000), heard, clock, _dice, counting)
    cache = Cache(store, Making(store, far, clock), flights, counting)
    return Caching(cache, following_of(redis_url, heard), flights, far)


def following_of(redis_url: str, heard: Heard) -> Following:
    """With a connection of its own, which waits for what comes; that it was cut is never hidden."""
    redis = redis_of(redis_url, socket_connect_timeout=1.0, retry=Retry(NoBackoff(), 0))
    return Following(redis, heard)


def _dice() -> float:
    return (secrets.randbelow(SIDES_OF_DICE) + 1) / SIDES_OF_DICE
