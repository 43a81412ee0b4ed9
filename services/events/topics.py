"""Tells readers over Redis that something may have changed: they look for themselves what."""

import asyncio
from collections.abc import Mapping

import msgspec
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from services.kit.clock import Clock
from services.kit.ending import heed_cancellation
from services.kit.log import Log
from services.kit.redis import AnyRedis, redis_of

PUBLISH_S = 0.1
SILENT_S = 1.0
"""How long nothing is said after it failed: nobody's commit waits for a dead Redis again."""

log = Log("topics")


class Topics:
    """Redis pub/sub, for economy: whoever hears nothing reads the same a moment later."""

    def __init__(self, redis_url: str, clock: Clock) -> None:
        self._clock = clock
        self._silent_until_s = 0.0
        self._redis: AnyRedis = redis_of(
            redis_url, socket_connect_timeout=PUBLISH_S, retry=Retry(NoBackoff(), 0)
        )

    async def publish(self, touched: Mapping[str, str | None]) -> None:
        """Topics, each with the trace that touched it; never fails."""
        if not touched or self._clock.monotonic_s() < self._silent_until_s:
            return
        try:
            async with asyncio.timeout(PUBLISH_S), self._redis.pipeline(transaction=False) as pipe:
                for topic, traceparent in touched.items():
                    # A cluster's pipeline has no publish().
                    pipe.execute_command("PUBLISH", topic, _news(traceparent))
                await pipe.execute()
        except (OSError, RedisError, TimeoutError) as failed:
            heed_cancellation()
            self._silent_until_s = self._clock.monotonic_s() + SILENT_S
            log.warning("topics.silent", topics=len(touched), why=repr(failed))

    async def close(self) -> None:
        await self._redis.aclose()


def _news(traceparent: str | None) -> bytes:
    return msgspec.json.encode({"traceparent": traceparent})
