"""On which side somebody's next attempt begins: the service knows, and the monolith is asked."""

from dataclasses import dataclass, replace
from typing import Protocol

from flags.names import ASSESSMENT_ATTEMPTS, Side
from flags.pins import Pinned, Pins
from resolvers.ports import Attempting, AttemptResult, Attempts
from services.contracts.assessment import AttemptState
from services.contracts.assessment_api import Pinned as Told
from services.contracts.errors import (
    ErrorCode,
    Refused,
    UpstreamUnreachable,
)
from services.contracts.ids import AssessmentId, decode
from services.kit.caller import Caller

ASKED_S = 0.4
"""So long the service may keep somebody waiting who is to begin on the old side."""
AWAY = frozenset({ErrorCode.UPSTREAM_TIMEOUT, ErrorCode.UPSTREAM_UNAVAILABLE})
OPEN = frozenset({AttemptState.NOT_STARTED, AttemptState.IN_PROGRESS, AttemptState.OVERDUE})


class NewSide(Attempting, Protocol):
    """The service, as those see it who may begin there."""

    async def side(
        self, caller: Caller, assessment: AssessmentId, wants_service: bool, seen: int | None
    ) -> Told | Refused: ...

    async def start(
        self, caller: Caller, assessment: AssessmentId, key: str, decimal: bool = True
    ) -> AttemptResult: ...


@dataclass(frozen=True, slots=True)
class Starting:
    """`pins` are a memo for when the service is away: what it last said of somebody.

    `past` are the monolith's attempts as it tells them; `wants_service` and `decimal` are what the
    flags say of the viewer.
    """

    legacy: Attempting
    past: Attempts
    service: NewSide
    pins: Pins
    wants_service: bool
    decimal: bool

    async def start(self, caller: Caller, assessment: AssessmentId, key: str) -> AttemptResult:
        side = await self._side(caller, assessment)
        if isinstance(side, Refused):
            return side
        if side is Side.SERVICE:
            return await self.service.start(caller, assessment, key, self.decimal)
        return await self.legacy.start(caller, assessment, key)

    async def _side(self, caller: Caller, assessment: AssessmentId) -> Side | Refused:
        said = await self._first_said(caller, assessment)
        if isinstance(said, Refused):
            return said if self.wants_service else await self._alone(caller, assessment, said)
        if self.wants_service and not said.service:
            said = await self._asked_again(caller, assessment)
        if isinstance(said, Refused):
            return said
        if said.service:
            await self.pins.note(_pinned(caller, assessment), Side.SERVICE)
        return Side.SERVICE if said.service else Side.LEGACY

    async def _first_said(self, caller: Caller, assessment: AssessmentId) -> Told | Refused:
        if not self.wants_service:
            caller = replace(caller, deadline=caller.deadline.carve(ASKED_S))
        return await self.service.side(caller, assessment, self.wants_service, None)

    async def _asked_again(self, caller: Caller, assessment: AssessmentId) -> Told | Refused:
        """The service lets nobody begin there before it knows all that the monolith knows."""
        [found] = await self.past.mine(caller, [assessment])
        if isinstance(found, Refused):
            return found
        if any(attempt.state in OPEN for attempt in found):
            return Told(service=False)
        return await self.service.side(caller, assessment, True, len(found))

    async def _alone(
        self, caller: Caller, assessment: AssessmentId, said: Refused
    ) -> Side | Refused:
        """Without the service: the old side, unless somebody is known to have begun on the new."""
        [held] = await self.pins.noted([_pinned(caller, assessment)])
        if held is not Side.SERVICE:
            return Side.LEGACY
        return said if said.code in AWAY else UpstreamUnreachable.refusal


def _pinned(caller: Caller, assessment: AssessmentId) -> Pinned:
    viewer = caller.viewer
    return Pinned(viewer.tenant, decode(assessment).local, viewer.user, ASSESSMENT_ATTEMPTS)
