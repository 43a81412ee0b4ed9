"""What learners completed lately through any gateway process, for the side that does not know yet.

For economy: without it the side that was written to is asked.
"""

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

import msgspec
from redis.exceptions import RedisError

from services.contracts.completions import Way
from services.contracts.ids import LessonId
from services.contracts.learning import LessonCompleted
from services.kit.clock import Clock
from services.kit.log import Log
from services.kit.redis import AnyRedis

LASTS = timedelta(minutes=10)
ANSWER_S = 0.2
BROKEN = (RedisError, OSError, TimeoutError, msgspec.MsgspecError)

log = Log("freshness")


class Write(msgspec.Struct, frozen=True):
    """The `version` of `stream` completed the lesson; `at_ms` by the gateway's clock."""

    lesson: LessonId
    stream: str
    version: int
    at_ms: int


class Writes(Protocol):
    async def note(self, way: Way, done: LessonCompleted) -> None: ...

    async def of(self, way: Way) -> list[Write]: ...


@dataclass(frozen=True, slots=True)
class RedisWrites:
    """Never fails: what is not kept is not known."""

    redis: AnyRedis
    clock: Clock

    async def note(self, way: Way, done: LessonCompleted) -> None:
        write = write_of(way, done, self.clock)
        if write is None:
            return
        try:
            async with asyncio.timeout(ANSWER_S), self.redis.pipeline(transaction=True) as pipe:
                pipe.hset(_key(way), write.lesson, msgspec.json.encode(write))
                pipe.expire(_key(way), LASTS)
                await pipe.execute()
        except BROKEN as failed:
            log.warning("writes.not_kept", why=type(failed).__name__)

    async def of(self, way: Way) -> list[Write]:
        try:
            async with asyncio.timeout(ANSWER_S):
                kept = await self.redis.hvals(_key(way))
            return [msgspec.json.decode(one, type=Write) for one in kept]
        except BROKEN as failed:
            log.warning("writes.not_known", why=type(failed).__name__)
            return []


def write_of(way: Way, done: LessonCompleted, clock: Clock) -> Write | None:
    """None where its side could not say which version it is."""
    stream = way.at(done.known.source)
    version = done.known.versions.get(stream)
    if version is None:
        return None
    return Write(done.lesson.id, stream, version, round(clock.now().timestamp() * 1000))


def _key(way: Way) -> str:
    return f"writes:{way.stream}"
