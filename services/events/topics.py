"""Tells readers over Redis that something may have changed: they look for themselves what."""

import asyncio
from collections.abc import Mapping
from itertools import islice

import msgspec
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from services.kit.clock import Clock
from services.kit.ending import heed_cancellation
from services.kit.log import Log
from services.kit.once import flight
from services.kit.redis import AnyRedis, redis_of

PUBLISH_S = 0.1
SILENT_S = 1.0
"""How long nothing is said after it failed: nobody's commit waits for a dead Redis again."""
BATCH, MOST = 500, 50_000
"""Topics that are told at once, and that are owed at most."""

log = Log("topics")


class Topics:
    """Redis pub/sub. Readers hear nothing of what is not told: what failed is owed, and told later.

    It may be told twice, and is lost with the process alone.
    """

    def __init__(self, redis_url: str, clock: Clock) -> None:
        self._clock = clock
        self._silent_until_s = 0.0
        self._owed: dict[str, str | None] = {}
        self._paying: asyncio.Task[None] | None = None
        self._redis: AnyRedis = redis_of(
            redis_url, socket_connect_timeout=PUBLISH_S, retry=Retry(NoBackoff(), 0)
        )

    async def publish(self, touched: Mapping[str, str | None]) -> None:
        """Topics, each with the trace that touched it; never fails, and takes PUBLISH_S at most."""
        if self._owed or self._silence_s > 0:
            self._owe(touched)
        elif touched:
            await self._say(touched)

    async def close(self) -> None:
        """Whoever ends says what it owes, if it can."""
        if self._paying is not None:
            self._paying.cancel()
            await asyncio.wait([self._paying])
        if self._owed and self._silence_s <= 0:
            await self._pay_some()
        await self._redis.aclose()

    @property
    def _silence_s(self) -> float:
        """How much of it is left."""
        return self._silent_until_s - self._clock.monotonic_s()

    async def _say(self, touched: Mapping[str, str | None]) -> None:
        is_said = False
        try:
            async with asyncio.timeout(PUBLISH_S), self._redis.pipeline(transaction=False) as pipe:
                for topic, traceparent in touched.items():
                    # A cluster's pipeline has no publish().
                    pipe.execute_command("PUBLISH", topic, _news(traceparent))
                await pipe.execute()
            is_said = True
        except (OSError, RedisError, TimeoutError) as failed:
            heed_cancellation()
            self._silent_until_s = self._clock.monotonic_s() + SILENT_S
            log.warning("topics.silent", topics=len(touched), why=repr(failed))
        finally:
            # Also where whoever waited for it is gone: what it tells of is committed.
            if not is_said:
                self._owe(touched)

    def _owe(self, touched: Mapping[str, str | None]) -> None:
        self._owed.update(touched)
        for topic in list(islice(self._owed, max(0, len(self._owed) - MOST))):
            del self._owed[topic]
        if self._owed and (self._paying is None or self._paying.done()):
            self._paying = flight(self._pay(), "topics")

    async def _pay(self) -> None:
        """Until nothing is owed any more."""
        while self._owed:
            await asyncio.sleep(max(0.0, self._silence_s))
            await self._pay_some()
            # The library may swallow that this task was cancelled.
            heed_cancellation()

    async def _pay_some(self) -> None:
        batch = dict(islice(self._owed.items(), BATCH))
        for topic in batch:
            del self._owed[topic]
        await self._say(batch)


def _news(traceparent: str | None) -> bytes:
    return msgspec.json.encode({"traceparent": traceparent})
