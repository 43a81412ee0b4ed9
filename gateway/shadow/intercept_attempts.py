"""Lists of attempts as the old side tells them, each of which may be compared."""

from collections.abc import Sequence
from dataclasses import dataclass

from flags.names import ASSESSMENT_READ
from gateway.shadow.asked import A, Ask
from gateway.shadow.shadow import Shadow
from resolvers.ports import Attempts, Each
from services.contracts.assessment import Attempt, AttemptState, Score, SubmissionCount, Window
from services.contracts.ids import AssessmentId, AttemptId, CourseId, LearnerId
from services.contracts.learning import Role
from services.contracts.paging import Key, Page
from services.kit.caller import Caller

STAFF = frozenset(Role) - {Role.LEARNER}


@dataclass(frozen=True, slots=True)
class ShadowedAttempts:
    """A single attempt is told by the side that it began on: there is nothing to compare.

    Neither is there for proctors, whom the monolith shows nothing (PROCTORS_SEE_NOTHING), nor in
    the windows of other staff, who try exams on the service alone (NO_PREVIEWS).
    """

    alone: Attempts
    shadow: Shadow

    async def mine(self, caller: Caller, ids: Sequence[AssessmentId]) -> Each[list[Attempt]]:
        return await self._answer("mine", caller, lambda side, own: side.attempts.mine(own, ids))

    async def many(self, caller: Caller, ids: Sequence[AttemptId]) -> Each[Attempt]:
        return await self.alone.many(caller, ids)

    async def windows(self, caller: Caller, ids: Sequence[AssessmentId]) -> Each[Window]:
        if caller.viewer.roles & STAFF:
            return await self.alone.windows(caller, ids)
        return await self._answer(
            "windows", caller, lambda side, own: side.attempts.windows(own, ids)
        )

    async def submissions(
        self,
        caller: Caller,
        ids: Sequence[AssessmentId],
        first: int,
        after: Key | None,
        states: Sequence[AttemptState],
    ) -> Each[Page[Attempt]]:
        return await self._answer(
            "submissions",
            caller,
            lambda side, own: side.attempts.submissions(own, ids, first, after, states),
        )

    async def submission_counts(
        self, caller: Caller, ids: Sequence[AssessmentId]
    ) -> Each[list[SubmissionCount]]:
        return await self._answer(
            "submission_counts",
            caller,
            lambda side, own: side.attempts.submission_counts(own, ids),
        )

    async def scores(
        self, caller: Caller, pairs: Sequence[tuple[CourseId, LearnerId]]
    ) -> Each[Score | None]:
        return await self._answer(
            "scores", caller, lambda side, own: side.attempts.scores(own, pairs)
        )

    async def _answer(self, name: str, caller: Caller, ask: Ask[A]) -> A:
        if caller.viewer.has(Role.PROCTOR):
            return await self.shadow.alone(caller, ask)
        return await self.shadow.answer(ASSESSMENT_READ, f"attempts.{name}", caller, ask)
