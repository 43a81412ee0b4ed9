"""Asks Redis for what we can do without, and leaves it alone for a moment when it is away."""

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

from redis.exceptions import RedisError

from services.kit.clock import Clock
from services.kit.log import Log
from services.kit.redis import AnyRedis

ANSWER_S = 0.25
REST_S = 1.0
T = TypeVar("T")

log = Log("live_class")


class Aside:
    def __init__(self, redis: AnyRedis, clock: Clock) -> None:
        self.redis = redis
        self._clock = clock
        self._rests_until_s = 0.0

    @property
    def rests(self) -> bool:
        return self._clock.monotonic_s() < self._rests_until_s

    async def ask(self, answer: Awaitable[T]) -> T | None:
        """None where there is no answer within ANSWER_S. Not to be called while it rests."""
        try:
            async with asyncio.timeout(ANSWER_S):
                return await answer
        except (RedisError, OSError, TimeoutError) as away:
            self._rests_until_s = self._clock.monotonic_s() + REST_S
            log.warning("live_class.redis_away", why=type(away).__name__)
            return None
