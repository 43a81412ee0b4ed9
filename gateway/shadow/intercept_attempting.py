"""What learners do at the old side, each of which may be foretold by the service: a dry run."""

from collections.abc import Awaitable, Sequence
from dataclasses import dataclass

from flags.compare import AWAY
from flags.names import ASSESSMENT_ATTEMPTS
from gateway.shadow.command import Command, command_of, start_of
from gateway.shadow.foretelling import Foretelling
from gateway.shadow.intercept_attempts import STAFF
from gateway.shadow.shadow import Shadow
from resolvers.ports import Attempting, AttemptResult
from services.contracts.assessment import Given
from services.contracts.dry_run import Verb
from services.contracts.errors import Refused
from services.contracts.ids import AssessmentId, AttemptId
from services.kit.caller import Caller


@dataclass(frozen=True, slots=True)
class ForetoldAttempting:
    """The monolith alone is told to do it. Staff try exams on the service alone (NO_PREVIEWS)."""

    alone: Attempting
    shadow: Shadow
    foretelling: Foretelling

    async def start(self, caller: Caller, assessment: AssessmentId, key: str) -> AttemptResult:
        doing = self.alone.start(caller, assessment, key)
        return await self._done(caller, start_of(caller, assessment), doing)

    async def save(
        self,
        caller: Caller,
        attempt: AttemptId,
        answers: Sequence[Given],
        key: str,
        expected_version: int | None,
    ) -> AttemptResult:
        doing = self.alone.save(caller, attempt, answers, key, expected_version)
        command = command_of(caller, Verb.SAVE, attempt, answers, expected_version)
        return await self._done(caller, command, doing)

    async def submit(
        self,
        caller: Caller,
        attempt: AttemptId,
        answers: Sequence[Given],
        key: str,
        expected_version: int | None,
    ) -> AttemptResult:
        doing = self.alone.submit(caller, attempt, answers, key, expected_version)
        command = command_of(caller, Verb.SUBMIT, attempt, answers, expected_version)
        return await self._done(caller, command, doing)

    async def _done(
        self, caller: Caller, command: Command | None, doing: Awaitable[AttemptResult]
    ) -> AttemptResult:
        sent_at = self.foretelling.clock.now()
        done = await doing
        told_at = self.foretelling.clock.now()
        if command is not None and not _is_away(done) and self._is_compared(caller):
            self.shadow.depart(
                command, lambda: self.foretelling.judged(command, done, sent_at, told_at)
            )
        return done

    def _is_compared(self, caller: Caller) -> bool:
        is_learner = not caller.viewer.roles & STAFF
        return is_learner and self.shadow.shadows(ASSESSMENT_ATTEMPTS, caller)


def _is_away(done: AttemptResult) -> bool:
    """Nobody knows what came of it."""
    return isinstance(done, Refused) and done.code in AWAY
