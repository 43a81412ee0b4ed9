"""What has begun on a side stays there for a while, whatever the flag says by then."""

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol

from redis.exceptions import RedisError

from flags.names import PROGRESS_WRITE, Capability, Side
from services.kit.clock import Clock
from services.kit.log import Log
from services.kit.redis import AnyRedis

LASTS = timedelta(hours=1)
ANSWER_S = 0.2
MOST_REMEMBERED = 100_000

log = Log("flags")


@dataclass(frozen=True, slots=True)
class Pinned:
    """One learner's way through one thing, such as a course; ids are local."""

    tenant: str
    thing: str
    user: str
    capability: Capability = PROGRESS_WRITE

    @property
    def key(self) -> str:
        return f"pin:{self.capability.name}:{self.tenant}:{self.thing}:{self.user}"


class Pins(Protocol):
    """`claim` decides by what is held; `note` and `noted` keep what somebody else decided."""

    async def claim(self, pinned: Pinned, wanted: Side) -> Side:
        """The side to write to: the one held, or else `wanted`; held anew from now."""

    async def note(self, pinned: Pinned, side: Side) -> None: ...

    async def noted(self, pins: Sequence[Pinned]) -> Sequence[Side | None]: ...


class MemoryPins:
    """The pins of one process; each is held for `lasts`."""

    def __init__(self, clock: Clock, lasts: timedelta = LASTS) -> None:
        self._clock = clock
        self._lasts_s = lasts.total_seconds()
        self._held: OrderedDict[Pinned, tuple[Side, float]] = OrderedDict()

    async def claim(self, pinned: Pinned, wanted: Side) -> Side:
        side = self.held(pinned) or wanted
        self.hold(pinned, side)
        return side

    async def note(self, pinned: Pinned, side: Side) -> None:
        self.hold(pinned, side)

    async def noted(self, pins: Sequence[Pinned]) -> Sequence[Side | None]:
        return [self.held(one) for one in pins]

    def held(self, pinned: Pinned) -> Side | None:
        side, ends_s = self._held.get(pinned, (None, 0.0))
        return side if ends_s > self._clock.monotonic_s() else None

    def hold(self, pinned: Pinned, side: Side) -> None:
        if not self._lasts_s:
            return
        self._held[pinned] = side, self._clock.monotonic_s() + self._lasts_s
        # All last equally long, so the first in line ends first.
        self._held.move_to_end(pinned)
        if len(self._held) > MOST_REMEMBERED:
            self._held.popitem(last=False)


class RedisPins:
    """The pins of all processes, each held for `lasts`.

    When Redis does not answer within `answer_s`, a process goes by those it has seen: two that hear
    nothing may differ, so nothing that must be right may hang on a pin. What Redis said holds for
    `known` without being asked for again: of pins that are held for so much longer.
    """

    def __init__(
        self,
        redis: AnyRedis,
        clock: Clock,
        answer_s: float = ANSWER_S,
        lasts: timedelta = LASTS,
        known: timedelta = timedelta(0),
    ) -> None:
        self._redis = redis
        self._answer_s = answer_s
        self._lasts = lasts
        self._seen = MemoryPins(clock, lasts)
        self._known = MemoryPins(clock, known)

    async def claim(self, pinned: Pinned, wanted: Side) -> Side:
        if (known := self._known.held(pinned)) is not None:
            return known
        try:
            async with asyncio.timeout(self._answer_s):
                side = await self._claim(pinned.key, wanted)
        except (RedisError, OSError, TimeoutError) as failed:
            _alone(failed)
            return await self._seen.claim(pinned, wanted)
        self._seen.hold(pinned, side)
        self._known.hold(pinned, side)
        return side

    async def note(self, pinned: Pinned, side: Side) -> None:
        self._seen.hold(pinned, side)
        try:
            async with asyncio.timeout(self._answer_s):
                await self._redis.set(pinned.key, side, ex=self._lasts)
        except (RedisError, OSError, TimeoutError) as failed:
            _alone(failed)

    async def noted(self, pins: Sequence[Pinned]) -> Sequence[Side | None]:
        known = {one: self._known.held(one) for one in pins}
        asked = [one for one in pins if known[one] is None]
        try:
            async with asyncio.timeout(self._answer_s):
                found = await self._held([one.key for one in asked])
        except (RedisError, OSError, TimeoutError) as failed:
            _alone(failed)
            found = [None] * len(asked)
        for one, held in zip(asked, found, strict=True):
            if held is not None:
                known[one] = _side(held)
                self._known.hold(one, _side(held))
        # Redis may have lost what this process has seen.
        return [known[one] or self._seen.held(one) for one in pins]

    async def _held(self, keys: Sequence[str]) -> Sequence[bytes | str | None]:
        """Of however many in one way to Redis."""
        if not keys:
            return []
        async with self._redis.pipeline(transaction=False) as pipe:
            for key in keys:
                pipe.get(key)
            return list(await pipe.execute())

    async def _claim(self, key: str, wanted: Side) -> Side:
        """Of two first writers both get the one's side: only one of them sets it."""
        held: Any = await self._redis.getex(key, ex=self._lasts)
        if held is None:
            held = await self._redis.set(key, wanted, nx=True, get=True, ex=self._lasts)
        return wanted if held is None else _side(held)


def _side(held: bytes | str) -> Side:
    return Side(held.decode() if isinstance(held, bytes) else held)


def _alone(failed: Exception) -> None:
    log.warning("flags.pins_alone", why=type(failed).__name__)
