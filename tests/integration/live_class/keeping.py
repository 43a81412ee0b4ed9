"""The live class service with all that time does, over a Redis of its own; and who hears of it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from redis.asyncio import Redis

from gateway.realtime.hub import Hub
from services.events.duty import keep_all
from services.events.projector import project
from services.events.role import Role
from services.kit.clock import Clock
from services.kit.once import flight
from services.live_class.projection import LiveClassProjection
from services.live_class.service import Addresses, service
from services.storage import db
from services.storage.db import Pool
from tests.fakes.changes import FakeChanges
from tests.fakes.platform import FakePlatform
from tests.fakes.telling import told
from tests.integration.monolith.serving import serving
from tests.integration.monolith.waiting import until

NOBODY = "http://127.0.0.1:9"


@asynccontextmanager
async def kept(database: str, redis: str, clock: Clock) -> AsyncIterator[str]:
    """Where it answers."""
    at = Addresses(database, redis, NOBODY)
    async with service(at, clock) as made, serving(made.app) as url, asyncio.TaskGroup() as work:
        duties = work.create_task(keep_all(made.duties[Role.TIME], clock))
        try:
            yield url
        finally:
            duties.cancel()


@asynccontextmanager
async def heard(redis: str) -> AsyncIterator[Hub]:
    """As a gateway hears of what is told."""
    async with Redis.from_url(redis) as opened:
        made = Hub(opened)

        async def is_connected() -> bool:
            return made.is_connected

        hearing = flight(made.run(), "hub")
        await until(is_connected)
        yield made
        hearing.cancel()
        await asyncio.wait([hearing])


async def known(pool: Pool, platform: FakePlatform, tenant: str) -> None:
    """The service knows of the tenant when this returns."""
    async with db.transaction(pool) as connection:
        await project(connection, LiveClassProjection(FakeChanges()), told(platform, tenant))
