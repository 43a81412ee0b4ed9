"""Topics: one Redis subscription a topic and process, however many listen."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import msgspec
from redis.asyncio.client import PubSub
from redis.exceptions import ConnectionError as NotConnected
from redis.exceptions import RedisError

from services.kit.ending import heed_cancellation
from services.kit.log import Log
from services.kit.redis import AnyRedis, pubsub_of

log = Log("realtime")
ALIVE = "gateway:hub"
"""A topic of our own: a Redis subscription needs one before it can be read."""
RETRY_S = 0.5
WAIT_S = 5.0


class News(msgspec.Struct, frozen=True):
    """That something about a topic may be new; what it is must be read from its source."""

    traceparent: str | None = None


class Ear:
    """One listener; news that come before the last were taken are told as one."""

    def __init__(self) -> None:
        self._news = News()
        self._arrived = asyncio.Event()
        self.open = asyncio.Event()
        """Set once Redis has said that it tells news of the topic."""

    def tell(self, news: News) -> None:
        self._news = news
        self._arrived.set()

    async def next(self) -> str | None:
        """The trace of the newest news, where they have one."""
        await self._arrived.wait()
        self._arrived.clear()
        return self._news.traceparent


class Hub:
    """Listens while `run()` runs. After Redis was away everybody is told that there may be news."""

    def __init__(self, redis: AnyRedis) -> None:
        self._redis = redis
        self._pubsub: PubSub | None = None
        self._ears: defaultdict[str, set[Ear]] = defaultdict(set)
        self._asked: Counter[str] = Counter()
        """Subscriptions that Redis has not confirmed."""

    @asynccontextmanager
    async def listen(self, topic: str) -> AsyncIterator[Ear]:
        """News of the topic from now on; whoever reads its source behind this misses nothing."""
        ear = Ear()
        self._ears[topic].add(ear)
        if len(self._ears[topic]) == 1:
            await self._tell_redis(topic, subscribe=True)
        elif self._pubsub is not None and not self._asked[topic]:
            ear.open.set()
        try:
            yield ear
        finally:
            self._ears[topic].discard(ear)
            if not self._ears[topic]:
                del self._ears[topic]
                await self._tell_redis(topic, subscribe=False)

    @property
    def topics(self) -> int:
        return len(self._ears)

    async def run(self) -> None:
        while True:
            try:
                async with await pubsub_of(self._redis) as pubsub:
                    await pubsub.subscribe(ALIVE)
                    # Whoever begins to listen from here on subscribes by itself.
                    self._pubsub, self._asked = pubsub, Counter(self._ears.keys())
                    if self._ears:
                        await pubsub.subscribe(*self._ears)
                    self._tell_everybody()
                    await self._hear(pubsub)
            except (RedisError, OSError) as away:
                heed_cancellation()
                log.warning("realtime.redis_away", why=str(away))
            finally:
                self._pubsub = None
            await asyncio.sleep(RETRY_S)

    async def _hear(self, pubsub: PubSub) -> None:
        is_asked = False
        while True:
            message = await pubsub.get_message(timeout=WAIT_S)
            if message is not None:
                is_asked = False
                self._take(message)
            elif is_asked:
                raise NotConnected("Redis hears nothing of us, or we of it")
            else:
                # A server that hangs, of a cluster that goes on without it, tells nothing any more.
                await pubsub.ping()
                is_asked = True

    def _take(self, message: dict[str, Any]) -> None:
        if message["type"] == "message":
            news = _read(message["data"])
            for ear in self._ears.get(message["channel"].decode(), ()):
                ear.tell(news)
        elif message["type"] == "subscribe":
            self._confirm(message["channel"].decode())

    def _confirm(self, topic: str) -> None:
        self._asked[topic] -= 1
        if self._asked[topic] <= 0:
            del self._asked[topic]
            for ear in self._ears.get(topic, ()):
                ear.open.set()

    async def _tell_redis(self, topic: str, *, subscribe: bool) -> None:
        """Without a connection there is nothing to say: the next one subscribes to every topic."""
        if self._pubsub is None:
            return
        if subscribe:
            self._asked[topic] += 1
        try:
            await (self._pubsub.subscribe if subscribe else self._pubsub.unsubscribe)(topic)
        except (RedisError, OSError) as away:
            log.warning("realtime.redis_away", why=str(away))

    def _tell_everybody(self) -> None:
        for ears in self._ears.values():
            for ear in ears:
                ear.tell(News())


def _read(data: bytes) -> News:
    try:
        return msgspec.json.decode(data, type=News)
    except msgspec.MsgspecError:
        return News()
