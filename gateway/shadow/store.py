"""Where the numbers of all gateway processes are added up: a hash in Redis for each capability."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import msgspec
from redis.exceptions import RedisError

from flags.names import Capability
from gateway.shadow.compared import COMPARED, DIFFERING, Compared, Counts, Sample
from gateway.usage.store import ADD, OURS, Away, Batch
from services.kit.redis import AnyRedis

LASTS = timedelta(days=30)
"""Behind the last comparison."""
ANSWER_S = 1.0
MOST_SAMPLES = 50
BROKEN = (RedisError, OSError, TimeoutError)


@dataclass(frozen=True, slots=True)
class ShadowStore:
    """Every method raises Away where Redis does not answer."""

    redis: AnyRedis

    async def add(self, capability: Capability, counts: Counts, batch: Batch) -> None:
        """The numbers once, however often it is asked for the same of one batch."""
        pairs = [part for pair in counts.numbers.items() for part in pair]
        said = [f"{OURS}{batch.sender}", batch.number, int(LASTS.total_seconds()), *pairs]
        try:
            async with asyncio.timeout(ANSWER_S):
                await self.redis.register_script(ADD)([_key(capability)], said)
                await self._keep(_samples_key(capability), counts.samples)
        except BROKEN as away:
            raise Away(type(away).__name__) from away

    async def counts(self, capability: Capability) -> Compared:
        try:
            async with asyncio.timeout(ANSWER_S):
                found: Any = await self.redis.hmget(_key(capability), [COMPARED, DIFFERING])
        except BROKEN as away:
            raise Away(type(away).__name__) from away
        return Compared(*(int(number or 0) for number in found))

    async def all_of(self, capability: Capability) -> Counts:
        try:
            async with asyncio.timeout(ANSWER_S):
                kept: Any = await self.redis.hgetall(_key(capability))
                told: Any = await self.redis.lrange(_samples_key(capability), 0, MOST_SAMPLES)
        except BROKEN as away:
            raise Away(type(away).__name__) from away
        read = ((name.decode(), int(number)) for name, number in kept.items())
        numbers = Counter({name: n for name, n in read if not name.startswith(OURS)})
        return Counts(numbers, [msgspec.json.decode(one, type=Sample) for one in told])

    async def forget(self, capability: Capability) -> None:
        """All that was counted so far, such as before a repair."""
        try:
            async with asyncio.timeout(ANSWER_S):
                for key in (_key(capability), _samples_key(capability)):
                    await self.redis.delete(key)
        except BROKEN as away:
            raise Away(type(away).__name__) from away

    async def _keep(self, key: str, samples: Sequence[Sample]) -> None:
        if not samples:
            return
        async with self.redis.pipeline(transaction=False) as pipe:
            pipe.lpush(key, *map(msgspec.json.encode, samples))
            pipe.ltrim(key, 0, MOST_SAMPLES - 1)
            pipe.expire(key, LASTS)
            await pipe.execute()


def _key(capability: Capability) -> str:
    return f"shadow:{capability.name}"


def _samples_key(capability: Capability) -> str:
    return f"shadow-samples:{capability.name}"
