"""Judges what two sides said at one position: a side that is behind does not differ.

Where they differ at once, the service is let come to where the monolith was when it answered; then
both are asked again. The monolith saying the same as before, nothing changed in between, and the
service, asked in between, knew all there was: what differs then, differs.
"""

import asyncio
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from flags.compare import AWAY, Comparison, Difference, Kind
from flags.names import (
    ASSESSMENT_ATTEMPTS,
    ASSESSMENT_READ,
    COURSE_READ,
    LIVE_CLASS_SCHEDULE,
    PROGRESS_READ,
)
from gateway.shadow.asked import Asked
from resolvers.ports import Sources
from services.contracts.errors import Refused, UpstreamError
from services.kit.caller import Caller
from services.kit.clock import Clock
from services.kit.deadline import Deadline

SERVICES = {
    COURSE_READ: "progress",
    PROGRESS_READ: "progress",
    LIVE_CLASS_SCHEDULE: "live_class",
    ASSESSMENT_READ: "assessment",
    ASSESSMENT_ATTEMPTS: "assessment",
}
"""Who answers what can be compared."""
REACHED_S = 2.0
"""What a service may be behind for it to be judged."""
PAUSE_S = 0.5
"""A service may be asked at a replica, which is behind by less."""
TIMES = 3
"""Learners may go on while they are asked about."""
AT_ONCE = 8


class Verdict(StrEnum):
    """LAG: the service was behind, or what was asked about did not stand still."""

    SAME = "same"
    DIFFERS = "differs"
    LAG = "lag"


@dataclass(frozen=True, slots=True)
class Judged:
    verdict: Verdict
    found: Comparison


class Reaches(Protocol):
    async def reached(self, service: str, deadline: Deadline) -> bool:
        """Whether it knows all by now that the monolith had done when this was called."""


class Judge(Protocol):
    async def judged(self, asked: Asked, old: Any) -> Judged:
        """Of what the old side has just answered."""


class Asking:
    """Asks either side anew, for nobody who waits."""

    def __init__(self, legacy: Sources, service: Sources, clock: Clock, budget_s: float) -> None:
        self._legacy = legacy
        self._service = service
        self._clock = clock
        self._budget_s = budget_s

    async def legacy(self, asked: Asked) -> Any:
        return await self._told(asked, self._legacy)

    async def service(self, asked: Asked) -> Any:
        return await self._told(asked, self._service)

    def within(self, seconds: float) -> Deadline:
        return Deadline.within(self._clock, seconds)

    async def _told(self, asked: Asked, side: Sources) -> Any:
        """They have seen nothing: what they may not be told less of is the request's affair."""
        caller = Caller(asked.viewer, self.within(self._budget_s))
        try:
            return await asked.ask(side, caller)
        except UpstreamError as failed:
            return failed.refusal


class AtOnce:
    """What differs at first sight differs."""

    def __init__(self, asking: Asking) -> None:
        self._asking = asking

    async def judged(self, asked: Asked, old: Any) -> Judged:
        found = asked.compare(old, await self._asking.service(asked))
        return Judged(Verdict.DIFFERS if found.differences else Verdict.SAME, found)


class AtOnePosition:
    """AT_ONCE at most ask the monolith again at a time."""

    def __init__(
        self, asking: Asking, positions: Reaches, pause_s: float = PAUSE_S, at_once: int = AT_ONCE
    ) -> None:
        self._asking = asking
        self._positions = positions
        self._pause_s = pause_s
        self._places = asyncio.Semaphore(at_once)

    async def judged(self, asked: Asked, old: Any) -> Judged:
        first = asked.compare(old, await self._asking.service(asked))
        if not first.differences:
            return Judged(Verdict.SAME, first)
        if all(map(_is_away, first.differences)):
            return Judged(Verdict.DIFFERS, first)
        async with self._places:
            return await self._again(asked, old, first)

    async def _again(self, asked: Asked, old: Any, first: Comparison) -> Judged:
        service = SERVICES[asked.capability]
        for _ in range(TIMES):
            if not await self._positions.reached(service, self._asking.within(REACHED_S)):
                break
            await asyncio.sleep(self._pause_s)
            new, told = await self._asking.service(asked), await self._asking.legacy(asked)
            if asked.is_same(old, told):
                return _standing(first, asked.compare(told, new))
            old = told
        return Judged(Verdict.LAG, first)


def _standing(first: Comparison, second: Comparison) -> Judged:
    """What is so twice; an instant that went by between two questions is not."""
    second.differences = [one for one in second.differences if (one.path, one.kind) in first.signs]
    return Judged(Verdict.DIFFERS if second.differences else Verdict.LAG, second)


def _is_away(one: Difference) -> bool:
    """Nothing that it could catch up with."""
    return one.kind is Kind.ERROR_THERE and isinstance(one.new, Refused) and one.new.code in AWAY
