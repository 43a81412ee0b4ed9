"""Topics: one Redis subscription a topic and process, however many listen."""

import asyncio
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from typing import Any

import msgspec
from redis.asyncio.client import PubSub
from redis.exceptions import ConnectionError as NotConnected
from redis.exceptions import RedisError

from gateway.realtime.ear import Ear
from gateway.realtime.heed import Heed
from resolvers.topics import Hearing, News
from services.kit.ending import end_all, heed_cancellation
from services.kit.log import Log
from services.kit.once import flight
from services.kit.redis import AnyRedis, pubsub_of

log = Log("realtime")
ALIVE = "gateway:hub"
"""A topic of our own: a Redis subscription needs one before it can be read."""
RETRY_S = 0.5
WAIT_S = 5.0
OPENS_S = 0.5
"""So long a listener waits for Redis to say that it tells them: behind a longer silence everybody
is told to look again.
"""
MOST_AT_ONCE = 1_000
"""Topics in one command."""


class Told(msgspec.Struct, frozen=True):
    """That something about a topic may be new; what it is must be read from its source."""

    traceparent: str | None = None


class Hub:
    """Listens while `run()` runs. After Redis was away everybody is told that there may be news.

    Whoever hears is called at once, and must be quick.
    """

    def __init__(self, redis: AnyRedis) -> None:
        self._redis = redis
        self._heard: dict[str, list[News]] = {}
        self._said: set[str] = set()
        """Subscriptions that this connection has asked for, and not given back."""
        self.open: set[str] = set()
        """Those of them that Redis has confirmed."""
        self._changed: set[str] = set()
        self._is_changed = asyncio.Event()
        self._opening: dict[str, asyncio.Future[None]] = {}
        self.is_connected = False

    def hear(self, topic: str, news: News) -> Hearing:
        """News of the topic from now on; who reads its source once it is open misses nothing."""
        heard = self._heard.get(topic)
        if heard is None:
            self._heard[topic] = [news]
            self._change(topic)
        else:
            heard.append(news)
        return Heed(self, topic, news)

    @asynccontextmanager
    async def listen(self, topic: str) -> AsyncIterator[Ear]:
        """The same, for one who waits."""
        ear = Ear()
        ear.hearing = self.hear(topic, ear.tell)
        try:
            yield ear
        finally:
            ear.hearing.stop()

    def forget(self, topic: str, news: News) -> None:
        heard = self._heard[topic]
        heard.remove(news)
        if not heard:
            del self._heard[topic]
            self._change(topic)

    async def opened(self, topic: str) -> None:
        """Once Redis has said that it tells news of the topic; where it is away all are told later
        that there may be some.
        """
        if topic in self.open or not self.is_connected:
            return
        opening = self._opening.get(topic)
        if opening is None:
            opening = self._opening[topic] = asyncio.get_running_loop().create_future()
        await asyncio.wait([opening], timeout=OPENS_S)

    @property
    def topics(self) -> int:
        return len(self._heard)

    async def run(self) -> None:
        while True:
            try:
                async with await pubsub_of(self._redis) as pubsub:
                    await self._converse(pubsub)
            except (RedisError, OSError) as away:
                heed_cancellation()
                log.warning("realtime.redis_away", why=str(away))
            finally:
                self.is_connected = False
                self._let_go(list(self._opening))
            await asyncio.sleep(RETRY_S)

    async def _converse(self, pubsub: PubSub) -> None:
        await pubsub.subscribe(ALIVE)
        self._said, self.open, self._changed = set(), set(), set(self._heard)
        self._is_changed.set()
        self.is_connected = True
        self._doubt(tuple(self._heard))
        both = [flight(self._say(pubsub), "hub says"), flight(self._hear(pubsub), "hub hears")]
        try:
            done, _ = await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
            for one in done:
                one.result()
        finally:
            await end_all(both)

    async def _say(self, pubsub: PubSub) -> None:
        """To Redis: which topics are listened to, and which no longer."""
        while True:
            await self._is_changed.wait()
            self._is_changed.clear()
            changed, self._changed = self._changed, set()
            begun = [one for one in changed if one in self._heard and one not in self._said]
            ended = [one for one in changed if one not in self._heard and one in self._said]
            self._said.update(begun)
            self._said.difference_update(ended)
            self.open.difference_update(ended)
            for some in _parts(begun):
                await pubsub.subscribe(*some)
            for some in _parts(ended):
                await pubsub.unsubscribe(*some)

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
            self._tell(message["channel"].decode(), _read(message["data"]).traceparent)
        elif message["type"] == "subscribe":
            self._confirm(message["channel"].decode())

    def _confirm(self, topic: str) -> None:
        """One that is confirmed again was lost meanwhile: the library connects anew and says
        nothing of it.
        """
        if topic in self.open:
            self._doubt([topic])
        elif topic in self._said:
            self.open.add(topic)
            self._let_go([topic])

    def _tell(self, topic: str, traceparent: str | None) -> None:
        for news in tuple(self._heard.get(topic, ())):
            news(traceparent)

    def _doubt(self, topics: Collection[str]) -> None:
        """There may have been news that nobody heard."""
        for topic in topics:
            self._tell(topic, None)

    def _let_go(self, topics: Collection[str]) -> None:
        for topic in topics:
            opening = self._opening.pop(topic, None)
            if opening is not None and not opening.done():
                opening.set_result(None)

    def _change(self, topic: str) -> None:
        if self.is_connected:
            self._changed.add(topic)
            self._is_changed.set()


def _parts(topics: list[str]) -> list[list[str]]:
    return [topics[at : at + MOST_AT_ONCE] for at in range(0, len(topics), MOST_AT_ONCE)]


def _read(data: bytes) -> Told:
    try:
        return msgspec.json.decode(data, type=Told)
    except msgspec.MsgspecError:
        return Told()
