"""What was last known of learners' own attempts, for when the service cannot be asked.

A copy is told to nobody but its learner, and only in the place of a refusal which says that the
service is away.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol, Self

import msgspec
from msgspec.structs import replace
from redis.exceptions import RedisError

from gateway.attempts.owner import side_of
from gateway.cache.breaker import Breaker
from gateway.locale.sentence import Sentence
from resolvers.ports import AttemptResult, Each
from services.contracts.assessment import Attempt, AttemptAccepted, AttemptState, Waiting
from services.contracts.errors import ErrorCode, Refused
from services.contracts.ids import AttemptId, Side, decode, learner_id
from services.kit.caller import Caller
from services.kit.clock import Clock
from services.kit.log import Log
from services.kit.redis import AnyRedis

LASTS_S = 6 * 3_600
"""Longer than anybody works at a stretch; so many are kept as attempts are worked on meanwhile."""
ANSWER_S = 0.05
LARGEST = 256 * 1024
AWAY = frozenset({ErrorCode.UPSTREAM_TIMEOUT, ErrorCode.UPSTREAM_UNAVAILABLE})
BROKEN = (RedisError, OSError, TimeoutError, msgspec.MsgspecError)
OPEN = frozenset({AttemptState.IN_PROGRESS, AttemptState.OVERDUE})
SAVED = Sentence("These answers are saved. New ones cannot be taken for the moment: please wait.")
KNOWN = Sentence("This is what was last known of the attempt: more cannot be told for the moment.")

# Of two that are kept at once the newer one stays.
KEEP = """
local known = redis.call('HGET', KEYS[1], 'version')
if known and tonumber(known) > tonumber(ARGV[1]) then return 0 end
redis.call('HSET', KEYS[1], 'version', ARGV[1], 'copy', ARGV[2])
return redis.call('EXPIRE', KEYS[1], ARGV[3])
"""
log = Log("attempts")


class Copy(msgspec.Struct, frozen=True):
    attempt: Attempt
    at: datetime


class Copies(Protocol):
    async def noted(self, caller: Caller, done: AttemptResult) -> AttemptResult:
        """The same, once what it acknowledges is kept."""

    async def mended(
        self, caller: Caller, ids: Sequence[AttemptId], found: Each[Attempt]
    ) -> Each[Attempt]:
        """What is open is kept; what is refused because its side is away is a copy, if there is."""


@dataclass(frozen=True, slots=True)
class RedisCopies:
    """Never in the way: what cannot be kept is not known, and its refusal stands."""

    redis: AnyRedis
    clock: Clock
    breaker: Breaker

    @classmethod
    def of(cls, redis: AnyRedis, clock: Clock) -> Self:
        return cls(redis, clock, Breaker(clock))

    async def noted(self, caller: Caller, done: AttemptResult) -> AttemptResult:
        if isinstance(done, AttemptAccepted):
            await self._keep(caller, done.attempt)
        return done

    async def mended(
        self, caller: Caller, ids: Sequence[AttemptId], found: Each[Attempt]
    ) -> Each[Attempt]:
        both = zip(ids, found, strict=True)
        return [await self._mended(caller, named, item) for named, item in both]

    async def _mended(
        self, caller: Caller, named: AttemptId, found: Attempt | Refused
    ) -> Attempt | Refused:
        if not isinstance(found, Refused):
            if found.state in OPEN:
                await self._keep(caller, found)
            return found
        copy = await self._copy(caller, named) if found.code in AWAY else None
        return waiting(copy, found.code, self.clock.now()) if copy else found

    async def _keep(self, caller: Caller, attempt: Attempt) -> None:
        if not _is_own(caller, attempt) or side_of(attempt.id) is not Side.SERVICE:
            return
        copy = msgspec.json.encode(Copy(attempt, self.clock.now()))
        if len(copy) <= LARGEST:
            key, version = _key(caller, attempt.id), str(attempt.version)
            await self._ask(self.redis.eval, KEEP, 1, key, version, copy, str(LASTS_S))

    async def _copy(self, caller: Caller, named: AttemptId) -> Copy | None:
        kept = await self._ask(self.redis.hget, _key(caller, named), "copy")
        try:
            copy = msgspec.json.decode(kept, type=Copy) if kept else None
        except msgspec.MsgspecError:
            return None
        is_it = copy is not None and copy.attempt.id == named and _is_own(caller, copy.attempt)
        return copy if is_it else None

    async def _ask(self, command: Any, *said: Any) -> Any:
        """None where Redis does not answer at once."""
        if not self.breaker.lets_through():
            return None
        try:
            async with asyncio.timeout(ANSWER_S):
                found = await command(*said)
        except BROKEN as failed:
            self.breaker.failed()
            log.warning("copies.unreachable", why=type(failed).__name__)
            return None
        self.breaker.worked()
        return found


def waiting(copy: Copy, code: ErrorCode, now: datetime) -> Attempt:
    """Its clock goes on; its answers, its version and its end are what they were."""
    attempt, age = copy.attempt, max(now - copy.at, timedelta(0))
    window, is_open = attempt.window, attempt.state in OPEN
    why = Waiting(
        known_at=copy.at,
        code=code,
        message=SAVED if is_open else KNOWN,
        lag_ms=round(age.total_seconds() * 1000),
        will_be_credited=is_open and window is not None and window.ends_at is not None,
    )
    if window is not None:
        window = replace(window, server_now=window.server_now + age)
    return replace(attempt, window=window, waiting=why)


def _is_own(caller: Caller, attempt: Attempt) -> bool:
    return attempt.learner_id == learner_id(caller.viewer.tenant, caller.viewer.user)


def _key(caller: Caller, named: AttemptId) -> str:
    viewer = caller.viewer
    return f"attempt-copy:{viewer.tenant}:{viewer.user}:{decode(named).local}"
