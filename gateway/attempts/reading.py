"""Reads attempts of two sides: lists from one of them, each single attempt where it began."""

from collections.abc import Sequence
from dataclasses import dataclass

from gateway.attempts.copies import Copies
from gateway.attempts.owner import side_of
from resolvers.ports import Attempts, Each
from services.contracts.assessment import Attempt, AttemptState, Score, SubmissionCount, Window
from services.contracts.errors import HIDDEN, Refused
from services.contracts.ids import AssessmentId, AttemptId, CourseId, LearnerId, Side
from services.contracts.paging import Key, Page
from services.kit.caller import Caller


@dataclass(frozen=True, slots=True)
class RoutedAttempts:
    """`lists` is the side that lists are read from; `copies` are of the service's attempts."""

    legacy: Attempts
    service: Attempts
    lists: Attempts
    copies: Copies

    async def mine(self, caller: Caller, ids: Sequence[AssessmentId]) -> Each[list[Attempt]]:
        return await self.lists.mine(caller, ids)

    async def windows(self, caller: Caller, ids: Sequence[AssessmentId]) -> Each[Window]:
        return await self.lists.windows(caller, ids)

    async def submissions(
        self,
        caller: Caller,
        ids: Sequence[AssessmentId],
        first: int,
        after: Key | None,
        states: Sequence[AttemptState],
    ) -> Each[Page[Attempt]]:
        return await self.lists.submissions(caller, ids, first, after, states)

    async def submission_counts(
        self, caller: Caller, ids: Sequence[AssessmentId]
    ) -> Each[list[SubmissionCount]]:
        return await self.lists.submission_counts(caller, ids)

    async def scores(
        self, caller: Caller, pairs: Sequence[tuple[CourseId, LearnerId]]
    ) -> Each[Score | None]:
        return await self.lists.scores(caller, pairs)

    async def many(self, caller: Caller, ids: Sequence[AttemptId]) -> Each[Attempt]:
        """Of each side at once, all that are its own."""
        found: dict[AttemptId, Attempt | Refused] = {}
        for side, ask in ((Side.LEGACY, self.legacy.many), (Side.SERVICE, self._of_service)):
            own = [one for one in dict.fromkeys(ids) if side_of(one) is side]
            if own:
                found |= dict(zip(own, await ask(caller, own), strict=True))
        return [found.get(one, HIDDEN) for one in ids]

    async def _of_service(self, caller: Caller, ids: Sequence[AttemptId]) -> Each[Attempt]:
        return await self.copies.mended(caller, ids, await self.service.many(caller, ids))
