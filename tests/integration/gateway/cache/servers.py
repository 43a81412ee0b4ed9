"""What entries may lie in: memory, one Valkey, or a cluster."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from gateway.cache.far import Far, RedisFar, Standing, far_of
from gateway.realtime.hub import Hub
from services.kit.clock import SystemClock
from services.kit.once import flight
from services.kit.redis import redis_of
from tests.integration.monolith.waiting import until

MakeFar = Callable[[], Far]


@asynccontextmanager
async def process(url: str) -> AsyncIterator[RedisFar]:
    """What one gateway process has of it, ready to ask and to be told."""
    redis = redis_of(url, socket_connect_timeout=1.0)
    hub = Hub(redis)
    hearing = flight(hub.run(), "hub")
    far = far_of(url, hub, SystemClock())
    try:
        await until(lambda: is_ready(far, hub))
        yield far
    finally:
        await far.close()
        hearing.cancel()
        await asyncio.wait([hearing])
        await redis.aclose()


async def is_ready(far: RedisFar, hub: Hub) -> bool:
    """A cluster's nodes are not known before somebody asks for each of them."""
    async with hub.listen("ready"):
        await asyncio.sleep(0.02)
        claims = [await far.claim(f"ready {nth}", 0.01) for nth in range(9)]
        return "ready" in hub.open and all(one.standing is not Standing.AWAY for one in claims)
