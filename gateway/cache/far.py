"""Where entries of all processes lie, with a lease on each that somebody is fetching.

For economy only: whatever it forgets, or tells twice, costs another fetch and no truth.
"""

import asyncio
import secrets
from collections import OrderedDict
from dataclasses import dataclass
from enum import Enum
from typing import Any, Protocol

from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import ResponseError

from gateway.cache.envelope import MOST_BYTES
from gateway.cache.lane import ANSWER_S, LONGEST_S
from gateway.cache.lane import AWAY as SILENT
from gateway.cache.scripts import PUT, RELEASE, digest
from gateway.cache.ways import Ways, ways_of
from gateway.realtime.ear import Ear
from gateway.realtime.hub import Hub
from services.kit.clock import Clock
from services.kit.redis import redis_of

LAGS_S = 2.0
"""So long a name that was just written to, here or elsewhere, is read where it was written."""
MOST_LATELY = 10_000
ALIEN = b""
OTHER_KIND = "WRONGTYPE"


class Standing(Enum):
    OURS = "ours"
    HELD = "held"
    AWAY = "away"


@dataclass(frozen=True, slots=True)
class Claim:
    """The token is of a lease of ours."""

    standing: Standing
    token: str = ""


HELD = Claim(Standing.HELD)
"""Somebody else is fetching it."""
AWAY = Claim(Standing.AWAY)
"""Redis does not say: fetch it, and keep it without a lease."""


class Far(Protocol):
    """No method raises, and but for awaited() none takes longer than ANSWER_S."""

    async def get(self, name: str) -> bytes | None:
        """Empty where something lies there that nobody put: too large, or of another kind."""

    async def claim(self, name: str, lasts_s: float) -> Claim:
        """The lease ends by itself after so long."""

    async def put(self, name: str, token: str, body: bytes, lasts_s: float) -> bool:
        """Only while the token holds the lease, which ends by it; whoever waits is told."""

    async def set(self, name: str, body: bytes, lasts_s: float) -> None:
        """Without a lease, which stays where it is."""

    async def release(self, name: str, token: str) -> None:
        """Ends the lease without a value; whoever waits is told."""

    async def awaited(self, name: str, at_most_s: float) -> None:
        """Until the lease has ended, however it did; what to do then a look will tell."""


class RedisFar:
    """One server's or a cluster's. An entry and its lease share a slot, each name its own."""

    def __init__(self, ways: Ways, hub: Hub, clock: Clock) -> None:
        self._ways = ways
        self._hub = hub
        self._clock = clock
        self._lately: OrderedDict[str, float] = OrderedDict()

    async def get(self, name: str) -> bytes | None:
        tag, newest = _tag(name), self._was_written(name)
        body = await self._ask(name, "GETRANGE", _entry(tag), 0, MOST_BYTES, newest=newest)
        if isinstance(body, ResponseError) and str(body).startswith(OTHER_KIND):
            return ALIEN
        if not isinstance(body, bytes) or not body:
            return None
        return body if len(body) <= MOST_BYTES else ALIEN

    async def claim(self, name: str, lasts_s: float) -> Claim:
        token = secrets.token_hex(16)
        lease = _lease(_tag(name))
        reply = await self._ask(name, "SET", lease, token, "NX", "PX", _ms(lasts_s))
        if reply is None:
            self._note(name)
            return HELD
        return (
            AWAY if reply is SILENT or isinstance(reply, Exception) else Claim(Standing.OURS, token)
        )

    async def put(self, name: str, token: str, body: bytes, lasts_s: float) -> bool:
        if len(body) > MOST_BYTES:
            await self.release(name, token)
            return False
        tag = _tag(name)
        told = (_entry(tag), _lease(tag), token, body, _ms(lasts_s), _topic(tag))
        self._note(name)
        return bool(await self._ask(name, "EVALSHA", digest(PUT), 2, *told) == 1)

    async def set(self, name: str, body: bytes, lasts_s: float) -> None:
        if len(body) <= MOST_BYTES:
            self._note(name)
            await self._ask(name, "SET", _entry(_tag(name)), body, "PX", _ms(lasts_s))

    async def release(self, name: str, token: str) -> None:
        tag = _tag(name)
        await self._ask(name, "EVALSHA", digest(RELEASE), 1, _lease(tag), token, _topic(tag))

    async def awaited(self, name: str, at_most_s: float) -> None:
        try:
            async with asyncio.timeout(at_most_s):
                await self._told(name)
        except TimeoutError:
            pass
        self._note(name)

    async def close(self) -> None:
        await self._ways.close()

    async def _told(self, name: str) -> None:
        """The look comes after Redis has said that it will tell: what ended before it is seen."""
        tag = _tag(name)
        async with self._hub.listen(_topic(tag)) as ear:
            await _within_answer(ear)
            left_ms = await self._ask(name, "PTTL", _lease(tag))
            if isinstance(left_ms, int) and left_ms > 0:
                async with asyncio.timeout(left_ms / 1000):
                    await ear.next()

    async def _ask(self, name: str, *command: Any, newest: bool = True) -> Any:
        lane = self._ways.to(_entry(_tag(name)), newest=newest)
        return SILENT if lane is None else await lane.ask(*command)

    def _note(self, name: str) -> None:
        self._lately[name] = self._clock.monotonic_s() + LAGS_S
        self._lately.move_to_end(name)
        if len(self._lately) > MOST_LATELY:
            self._lately.popitem(last=False)

    def _was_written(self, name: str) -> bool:
        return self._lately.get(name, 0.0) > self._clock.monotonic_s()


def far_of(redis_url: str, hub: Hub, clock: Clock) -> RedisFar:
    """With connections of its own: whoever waits for sessions does not wait for entries."""
    redis = redis_of(
        redis_url,
        from_replicas=True,
        socket_connect_timeout=LONGEST_S,
        socket_timeout=LONGEST_S,
        retry=Retry(NoBackoff(), 0),
    )
    return RedisFar(ways_of(redis, clock), hub, clock)


async def _within_answer(ear: Ear) -> None:
    try:
        async with asyncio.timeout(ANSWER_S):
            await ear.opened()
    except TimeoutError:
        pass


def _tag(name: str) -> str:
    """The whole name is what its slot is made of; a brace in it would end it early."""
    return name.replace("%", "%25").replace("}", "%7D")


def _entry(tag: str) -> str:
    return f"cache:{{{tag}}}"


def _lease(tag: str) -> str:
    return f"cache-lease:{{{tag}}}"


def _topic(tag: str) -> str:
    return f"cache-told:{tag}"


def _ms(seconds: float) -> int:
    return max(1, round(seconds * 1000))
