"""What a class needs beside its room: the way in, signals, and how its media do."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from starlette.routing import Route

from services.kit.clock import Clock
from services.kit.redis import redis_of
from services.kit.settings import Settings
from services.live_class.aside import ANSWER_S, Aside
from services.live_class.entrance.entrance import Entrance
from services.live_class.quality.counts import MediaCounts
from services.live_class.quality.reporting import Reporting, quality_route
from services.live_class.signalling.mailboxes import Mailboxes
from services.live_class.signalling.people import People
from services.live_class.signalling.routes import in_rooms, signalling_routes
from services.live_class.signalling.signalling import Signalling
from services.storage.db import Pool


@dataclass(frozen=True, slots=True)
class Side:
    entrance: Entrance
    signalling: Signalling
    reporting: Reporting


@asynccontextmanager
async def beside(
    redis_url: str, pool: Pool, settings: Settings, clock: Clock
) -> AsyncIterator[Side]:
    """Raises BadSetting."""
    redis = redis_of(redis_url, socket_connect_timeout=ANSWER_S, retry=Retry(NoBackoff(), 0))
    try:
        people = People(in_rooms(pool), clock)
        entrance = Entrance.of(settings, Aside(redis, clock), clock)
        signalling = Signalling(Mailboxes(redis), people, clock)
        yield Side(entrance, signalling, Reporting(entrance, people, MediaCounts.begun()))
    finally:
        await redis.aclose()


def side_routes(side: Side, service: str) -> list[Route]:
    return [*signalling_routes(side.signalling, service), quality_route(side.reporting, service)]
