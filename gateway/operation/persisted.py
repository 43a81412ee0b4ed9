"""Documents that clients registered by their hash: Apollo's automatic persisted queries."""

import asyncio
from collections import OrderedDict
from datetime import timedelta

from redis.exceptions import RedisError

from gateway.operation.ask import digest
from services.kit.clock import Clock
from services.kit.log import Log
from services.kit.redis import AnyRedis

LASTS = timedelta(days=7)
ANSWER_S = 0.05
REST_S = 1.0
"""How long Redis is left alone once it did not answer."""
MOST = 1_000

log = Log("persisted")


class Persisted:
    """Texts by their hash: some in this process, and all in Redis if there is one.

    Without Redis a client that names a hash is asked for the text, as when it was never there.
    """

    def __init__(self, clock: Clock, redis: AnyRedis | None = None, most: int = MOST) -> None:
        self._clock = clock
        self._redis = redis
        self._most = most
        self._near: OrderedDict[str, str] = OrderedDict()
        self._rests_until_s = 0.0

    async def find(self, hash_: str) -> str | None:
        text = self._near.get(hash_)
        if text is None:
            text = await self._fetch(hash_)
            if text is not None:
                self._hold(hash_, text)
        return text

    async def keep(self, hash_: str, text: str) -> None:
        if hash_ in self._near:
            return
        self._hold(hash_, text)
        if (redis := self._far) is not None:
            try:
                async with asyncio.timeout(ANSWER_S):
                    await redis.set(_key(hash_), text, ex=LASTS)
            except (RedisError, OSError, TimeoutError) as failed:
                self._rest(failed)

    async def _fetch(self, hash_: str) -> str | None:
        if (redis := self._far) is None:
            return None
        try:
            async with asyncio.timeout(ANSWER_S):
                stored = await redis.get(_key(hash_))
        except (RedisError, OSError, TimeoutError) as failed:
            self._rest(failed)
            return None
        text = stored.decode(errors="replace") if isinstance(stored, bytes) else None
        # What stands in Redis may have been put there by somebody else.
        return text if text is not None and digest(text) == hash_ else None

    @property
    def _far(self) -> AnyRedis | None:
        return self._redis if self._clock.monotonic_s() >= self._rests_until_s else None

    def _rest(self, failed: BaseException) -> None:
        self._rests_until_s = self._clock.monotonic_s() + REST_S
        log.warning("persisted.alone", why=type(failed).__name__)

    def _hold(self, hash_: str, text: str) -> None:
        self._near[hash_] = text
        if len(self._near) > self._most:
            self._near.popitem(last=False)


def _key(hash_: str) -> str:
    return f"document:{hash_}"
