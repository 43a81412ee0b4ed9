"""Who is heard of in a class, and which classes have news: in Redis, which may lose all of it.

A sorted set a class says when each of its people was last heard of; one set says in which classes
something may have changed. Whoever is not in the first is taken to be there: the ticker puts them
in, and from then on they have SILENT_S, as those have who have just joined.
"""

import asyncio
from collections.abc import Awaitable, Iterable, Mapping, Sequence
from typing import TypeVar, cast

from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from services.kit.clock import Clock
from services.kit.log import Log
from services.kit.redis import AnyRedis, redis_of

T = TypeVar("T")
Named = tuple[str, str]
"""A tenant, and a class of it."""

SILENT_S = 30.0
"""Whoever was not heard of for so long is not there."""
KEPT_S = 6 * 3_600
"""So long a class is remembered in which nobody is heard of any more."""
DIRTY = "banyan:live_class:dirty"
ASK_S = 0.5
RESTS_S = 1.0
"""How long Redis is left alone after it failed: nobody's command waits for a dead one again."""
MOST_AT_ONCE = 5_000
AWAY = (OSError, RedisError, TimeoutError)

log = Log("live_class.beats")


class Beats:
    """None of what it does ever fails: without Redis everybody who joined is there."""

    def __init__(self, redis_url: str, clock: Clock) -> None:
        self._clock = clock
        self._rests_until_s = 0.0
        self._redis: AnyRedis = redis_of(
            redis_url, socket_connect_timeout=ASK_S, retry=Retry(NoBackoff(), 0)
        )

    async def heard(self, tenant: str, users: Mapping[str, Sequence[int]]) -> int:
        """Of these, by class; how many were noted."""
        noted = [len(each) for each in users.values()]
        done = await self._ask(self._heard(tenant, users, only_new=False))
        return sum(noted) if done is not None else 0

    async def known(self, tenant: str, live_class: str, users: Sequence[int]) -> None:
        """These have joined: whoever is not known is heard of now."""
        await self._ask(self._heard(tenant, {live_class: users}, only_new=True))

    async def silent(self, tenant: str, live_class: str) -> list[int] | None:
        """Those who were not heard of for SILENT_S; None where Redis does not say."""
        since = self._now_s() - SILENT_S
        asked = self._redis.zrangebyscore(_key(tenant, live_class), 0, since)
        found = cast("list[bytes] | None", await self._ask(asked))
        return None if found is None else [int(user) for user in found]

    async def change(self, tenant: str, live_class: str) -> None:
        """Something may have changed there."""
        await self._ask(self._redis.sadd(DIRTY, _member(tenant, live_class)))

    async def take_changed(self, most: int) -> list[Named]:
        """Some of those in which something may have changed: they are the caller's to look at."""
        found = cast("list[bytes] | None", await self._ask(self._redis.spop(DIRTY, most)))
        return [_named(member) for member in found or ()]

    async def forget(self, tenant: str, live_class: str) -> None:
        await self._ask(self._redis.delete(_key(tenant, live_class)))

    async def close(self) -> None:
        await self._redis.aclose()

    async def _heard(
        self, tenant: str, users: Mapping[str, Sequence[int]], *, only_new: bool
    ) -> bool:
        now_s = self._now_s()
        async with self._redis.pipeline(transaction=False) as pipe:
            for live_class, each in users.items():
                for some in _batches(each):
                    # Clocks of two processes differ: nobody is heard of earlier than before.
                    scores = dict.fromkeys(map(str, some), now_s)
                    pipe.zadd(_key(tenant, live_class), scores, nx=only_new, gt=not only_new)
                pipe.expire(_key(tenant, live_class), KEPT_S)
            await pipe.execute()
        return True

    async def _ask(self, asked: Awaitable[T]) -> T | None:
        """None where Redis does not answer; then it is left alone for a moment."""
        if self._clock.monotonic_s() < self._rests_until_s:
            _drop(asked)
            return None
        try:
            async with asyncio.timeout(ASK_S):
                return await asked
        except AWAY as away:
            self._rests_until_s = self._clock.monotonic_s() + RESTS_S
            log.warning("beats.away", why=repr(away))
            return None

    def _now_s(self) -> float:
        return self._clock.now().timestamp()


def _key(tenant: str, live_class: str) -> str:
    return f"banyan:live_class:beats:{tenant}:{live_class}"


def _member(tenant: str, live_class: str) -> str:
    return f"{live_class}:{tenant}"


def _named(member: bytes) -> Named:
    live_class, _, tenant = member.decode().partition(":")
    return tenant, live_class


def _batches(users: Sequence[int]) -> Iterable[Sequence[int]]:
    return (users[at : at + MOST_AT_ONCE] for at in range(0, len(users), MOST_AT_ONCE))


def _drop(asked: object) -> None:
    """A coroutine that is not awaited is closed, so that it does not complain."""
    if (close := getattr(asked, "close", None)) is not None:
        close()
