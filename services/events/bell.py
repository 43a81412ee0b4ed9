"""Wakes whoever waits for news, over Redis: for economy only, nothing is true because it rang."""

import asyncio
from collections import Counter, defaultdict
from types import TracebackType

from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from services.kit.clock import Clock
from services.kit.ending import heed_cancellation
from services.kit.log import Log
from services.kit.once import flight
from services.kit.redis import AnyRedis, pubsub_of, redis_of

PATTERNS = ("outbox:*", "feed:*")
RING_S = 0.1
"""How long a writer, who has committed already, waits for Redis."""
SILENT_S = 1.0
"""How long nobody rings after a ring failed, nor listens after the connection broke."""
CONNECT_S = 1.0

BROKEN = (OSError, RedisError, TimeoutError)

log = Log("events.bell")


def outbox_channel(source: str) -> str:
    """Rung by writers after they committed."""
    return f"outbox:{source}"


def feed_channel(source: str, partition: int) -> str:
    """Rung by relays when a feed has grown."""
    return f"feed:{source}:{partition}"


class Bell:
    """`async with Bell(url, clock) as bell`; without Redis every wait lasts its full time."""

    def __init__(self, url: str, clock: Clock) -> None:
        self._clock = clock
        self._silent_until_s = 0.0
        self._rings: Counter[str] = Counter()
        self._next: defaultdict[str, asyncio.Event] = defaultdict(asyncio.Event)
        self._redis: AnyRedis = redis_of(
            url,
            decode_responses=True,
            socket_connect_timeout=CONNECT_S,
            socket_keepalive=True,
            retry=Retry(NoBackoff(), 0),
        )

    async def __aenter__(self) -> "Bell":
        self._listening = flight(self._listen(), "bell")
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._listening.cancel()
        await asyncio.wait([self._listening])
        await self._redis.aclose()

    async def ring(self, channel: str) -> None:
        """Never fails: whoever hears nothing looks for itself a moment later."""
        if self._clock.monotonic_s() < self._silent_until_s:
            return
        try:
            async with asyncio.timeout(RING_S):
                await self._redis.publish(channel, "")
        except BROKEN as failed:
            heed_cancellation()
            self._silent_until_s = self._clock.monotonic_s() + SILENT_S
            log.warning("bell.silent", channel=channel, why=repr(failed))

    def rings(self, channel: str) -> int:
        """How often it rang here so far: taken before a look, handed to the wait after it."""
        return self._rings[channel]

    async def wait(self, channel: str, at_most_s: float, since: int | None = None) -> bool:
        """Whether it rang before the time was over, or already after `since` rings."""
        # What was done before may have swallowed that this task was told to end.
        heed_cancellation()
        if since is not None and self._rings[channel] != since:
            return True
        try:
            async with asyncio.timeout(at_most_s):
                return await self._next[channel].wait()
        except TimeoutError:
            return False

    async def _listen(self) -> None:
        while True:
            try:
                await self._hear()
            except BROKEN as failed:
                heed_cancellation()
                log.warning("bell.deaf", why=repr(failed))
            await asyncio.sleep(SILENT_S)

    async def _hear(self) -> None:
        async with await pubsub_of(self._redis) as heard:
            await heard.psubscribe(*PATTERNS)
            async for message in heard.listen():
                if message["type"] == "pmessage":
                    self._wake(message["channel"])

    def _wake(self, channel: str) -> None:
        self._rings[channel] += 1
        self._next.pop(channel, asyncio.Event()).set()
