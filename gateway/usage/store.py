"""Where numbers of all gateway processes are added up: hashes in Redis, one a day and client."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple, Protocol

from redis.exceptions import RedisError

from gateway.usage.client import Client
from gateway.usage.counting import Place
from services.kit.redis import AnyRedis

LASTS = timedelta(days=90)
ANSWER_S = 1.0
BETWEEN = "|"
"""No client's name has it."""
OURS = "#"
"""Before the fields that say whose batch was the last: no coordinate begins so."""

# A batch that comes again, because its answer was lost, is not added again.
ADD = """
if tonumber(redis.call('HGET', KEYS[1], ARGV[1]) or '0') >= tonumber(ARGV[2]) then return end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
redis.call('EXPIRE', KEYS[1], ARGV[3])
for nth = 4, #ARGV, 2 do
  redis.call('HINCRBY', KEYS[1], ARGV[nth], ARGV[nth + 1])
end
"""


class Away(Exception):
    """The store did not answer; what it was told may have been added or not."""


class Batch(NamedTuple):
    """Batches of one sender have numbers that grow."""

    sender: str
    number: int


class Store(Protocol):
    async def add(self, place: Place, counts: Mapping[str, int], batch: Batch) -> None:
        """Once, however often it is asked for the same of one batch. Raises Away."""

    async def of(self, days: Iterable[date]) -> dict[Place, dict[str, int]]:
        """Raises Away."""


@dataclass(frozen=True, slots=True)
class RedisStore:
    redis: AnyRedis

    async def add(self, place: Place, counts: Mapping[str, int], batch: Batch) -> None:
        pairs = [part for pair in counts.items() for part in pair]
        lasts_s = int(LASTS.total_seconds())
        said = [f"{OURS}{batch.sender}", batch.number, lasts_s, *pairs]
        try:
            async with asyncio.timeout(ANSWER_S):
                await self.redis.register_script(ADD)([_key(place)], said)
                await self._list(place)
        except (RedisError, OSError, TimeoutError) as away:
            raise Away(type(away).__name__) from away

    async def _list(self, place: Place) -> None:
        async with self.redis.pipeline(transaction=False) as pipe:
            pipe.sadd(_list_key(place.day), BETWEEN.join(place.client))
            pipe.expire(_list_key(place.day), LASTS)
            await pipe.execute()

    async def of(self, days: Iterable[date]) -> dict[Place, dict[str, int]]:
        try:
            return {place: await self._at(place) for day in days for place in await self._on(day)}
        except (RedisError, OSError) as away:
            raise Away(str(away)) from away

    async def _on(self, day: date) -> list[Place]:
        listed: Any = await self.redis.smembers(_list_key(day))
        clients = (Client(*one.decode().split(BETWEEN, 1)) for one in sorted(listed))
        return [Place(day, client) for client in clients]

    async def _at(self, place: Place) -> dict[str, int]:
        kept: Any = await self.redis.hgetall(_key(place))
        read = ((name.decode(), number) for name, number in kept.items())
        return {name: int(number) for name, number in read if not name.startswith(OURS)}


def _key(place: Place) -> str:
    return f"{_list_key(place.day)}:{BETWEEN.join(place.client)}"


def _list_key(day: date) -> str:
    return f"usage:{day.isoformat()}"
