"""A learner's course stays on the side of its last write for an hour, whatever the flag says."""

import asyncio
from collections import OrderedDict
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from redis.asyncio import Redis
from redis.exceptions import RedisError

from flags.names import PROGRESS_WRITE, Side
from services.kit.clock import Clock
from services.kit.log import Log

LASTS = timedelta(hours=1)
ANSWER_S = 0.2
MOST_REMEMBERED = 100_000

log = Log("flags")


@dataclass(frozen=True, slots=True)
class Pinned:
    """One learner's way through one course; ids are local."""

    tenant: str
    course: str
    user: str

    @property
    def key(self) -> str:
        return f"pin:{PROGRESS_WRITE.name}:{self.tenant}:{self.course}:{self.user}"


class Pins(Protocol):
    async def claim(self, pinned: Pinned, wanted: Side) -> Side:
        """The side to write to: the one held, or else `wanted`; held for an hour from now."""


class MemoryPins:
    """The pins of one process."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._held: OrderedDict[Pinned, tuple[Side, float]] = OrderedDict()

    async def claim(self, pinned: Pinned, wanted: Side) -> Side:
        side, ends_s = self._held.get(pinned, (wanted, 0.0))
        side = side if ends_s > self._clock.monotonic_s() else wanted
        self.hold(pinned, side)
        return side

    def hold(self, pinned: Pinned, side: Side) -> None:
        self._held[pinned] = side, self._clock.monotonic_s() + LASTS.total_seconds()
        # All last equally long, so the first in line ends first.
        self._held.move_to_end(pinned)
        if len(self._held) > MOST_REMEMBERED:
            self._held.popitem(last=False)


class RedisPins:
    """The pins of all processes.

    When Redis does not answer within `answer_s`, a process goes by those it has seen: two that hear
    nothing may differ, which harms nobody, since either side completes a lesson once.
    """

    def __init__(self, redis: Redis, clock: Clock, answer_s: float = ANSWER_S) -> None:
        self._redis = redis
        self._answer_s = answer_s
        self._seen = MemoryPins(clock)

    async def claim(self, pinned: Pinned, wanted: Side) -> Side:
        try:
            async with asyncio.timeout(self._answer_s):
                side = await self._claim(pinned.key, wanted)
        except (RedisError, OSError, TimeoutError) as failed:
            log.warning("flags.pins_alone", why=type(failed).__name__)
            return await self._seen.claim(pinned, wanted)
        self._seen.hold(pinned, side)
        return side

    async def _claim(self, key: str, wanted: Side) -> Side:
        """In one step, so that of two first writers both get the one's side."""
        async with self._redis.pipeline(transaction=True) as together:
            together.set(key, wanted, nx=True, get=True, ex=LASTS)
            together.expire(key, LASTS)
            held, _ = await together.execute()
        return wanted if held is None else Side(held.decode())
