"""Writes to attempts on the side that each began on, whatever the flags say by then."""

from collections.abc import Sequence
from dataclasses import dataclass

from gateway.attempts.copies import Copies
from gateway.attempts.owner import owner_of
from gateway.attempts.starting import Starting
from resolvers.ports import Attempting, AttemptResult
from services.contracts.assessment import Given
from services.contracts.errors import HIDDEN
from services.contracts.ids import AssessmentId, AttemptId
from services.kit.caller import Caller


@dataclass(frozen=True, slots=True)
class RoutedAttempting:
    legacy: Attempting
    service: Attempting
    starting: Starting
    copies: Copies

    async def start(self, caller: Caller, assessment: AssessmentId, key: str) -> AttemptResult:
        return await self.copies.noted(caller, await self.starting.start(caller, assessment, key))

    async def save(
        self,
        caller: Caller,
        attempt: AttemptId,
        answers: Sequence[Given],
        key: str,
        expected_version: int | None,
    ) -> AttemptResult:
        side = owner_of(attempt, legacy=self.legacy, service=self.service)
        if side is None:
            return HIDDEN
        done = await side.save(caller, attempt, answers, key, expected_version)
        return await self.copies.noted(caller, done)

    async def submit(
        self,
        caller: Caller,
        attempt: AttemptId,
        answers: Sequence[Given],
        key: str,
        expected_version: int | None,
    ) -> AttemptResult:
        side = owner_of(attempt, legacy=self.legacy, service=self.service)
        if side is None:
            return HIDDEN
        done = await side.submit(caller, attempt, answers, key, expected_version)
        return await self.copies.noted(caller, done)
