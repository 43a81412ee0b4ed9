"""Who has signed out, and when: what was issued to them before is good no longer."""

import asyncio
from typing import Any, NoReturn

from redis.exceptions import RedisError

from gateway.identity.identity import Identity
from gateway.identity.token import LONGEST_LIFE_S
from gateway.realtime.hub import Hub
from services.kit.clock import Clock
from services.kit.log import Log
from services.kit.redis import AnyRedis

log = Log("signed_out")
KEY = TOPIC = "signed-out"
POLL_S = 0.8
"""With a socket's beat of 4 s: whoever's news were lost is out within 5 s."""
OVERLAP_S = 60.0
"""So far may the clocks of our processes be apart."""


class SignedOutEverywhere:
    """Every process knows all of them, so that no request has to ask; Redis tells what is new."""

    def __init__(self, redis: AnyRedis, hub: Hub, clock: Clock) -> None:
        self._redis = redis
        self._hub = hub
        self._clock = clock
        self._known: dict[str, float] = {}
        self._newest_s = 0.0
        self.news = 0

    def has(self, identity: Identity) -> bool:
        known = self._known
        return bool(known) and any(
            identity.issued_s <= known.get(name, 0.0) for name in identity.names
        )

    async def add(self, name: str) -> None:
        """Raises RedisError where it cannot be told to the others: then nobody is signed out."""
        now_s = self._clock.now().timestamp()
        async with self._redis.pipeline(transaction=True) as pipe:
            pipe.zadd(KEY, {name: now_s}, gt=True)
            pipe.zremrangebyscore(KEY, 0, now_s - LONGEST_LIFE_S)
            # A cluster's pipeline has no publish(); the topic has the key's name, and so its slot.
            pipe.execute_command("PUBLISH", TOPIC, "{}")
            await pipe.execute()
        self._take(name, now_s)

    async def watch(self) -> NoReturn:
        """News come at once; what was lost of them is found by looking again."""
        async with self._hub.listen(TOPIC) as ear:
            while True:
                await self.look()
                try:
                    async with asyncio.timeout(POLL_S):
                        await ear.next()
                except TimeoutError:
                    pass

    async def look(self) -> None:
        """Without Redis what is known stays known."""
        try:
            since_s = self._newest_s - OVERLAP_S
            told: Any = await self._redis.zrange(
                KEY, since_s, "+inf", byscore=True, withscores=True
            )
        except (RedisError, OSError) as away:
            log.warning("signed_out.redis_away", why=str(away))
            return
        for name, at_s in told:
            self._take(name.decode(), at_s)

    def _take(self, name: str, at_s: float) -> None:
        if at_s > self._known.get(name, 0.0):
            self.news += 1
        self._known[name] = max(at_s, self._known.get(name, 0.0))
        self._newest_s = max(self._newest_s, at_s)
