"""Attempts as the assessment service tells them: the port Attempts over HTTP."""

from collections.abc import Sequence

from services.assessment.client import local
from services.contracts.assessment import Attempt, AttemptState, Score, SubmissionCount, Window
from services.contracts.assessment_api import (
    ATTEMPTS,
    MINE,
    SCORES,
    SUBMISSION_COUNTS,
    SUBMISSIONS,
    WINDOWS,
    CourseScore,
    Names,
    Submissions,
    SubmissionsPart,
)
from services.contracts.errors import HIDDEN, Refused
from services.contracts.ids import AssessmentId, AttemptId, CourseId, Kind, LearnerId
from services.contracts.paging import Key, Page, page_of
from services.contracts.question import Pairs
from services.kit.asking import ServiceClient
from services.kit.caller import Caller
from services.kit.local import local as local_id
from services.kit.local import locals_


class Reading:
    def __init__(self, client: ServiceClient) -> None:
        self._client = client

    async def mine(
        self, caller: Caller, ids: Sequence[AssessmentId]
    ) -> Sequence[list[Attempt] | Refused]:
        return await self._client.each(caller, MINE, locals_(caller, Kind.ASSESSMENT, ids))

    async def windows(
        self, caller: Caller, ids: Sequence[AssessmentId]
    ) -> Sequence[Window | Refused]:
        return await self._client.each(caller, WINDOWS, locals_(caller, Kind.ASSESSMENT, ids))

    async def many(self, caller: Caller, ids: Sequence[AttemptId]) -> Sequence[Attempt | Refused]:
        named = [local.attempt(caller, one) for one in ids]
        known = [one for one in named if one is not None]
        answers = await self._client.items(caller, ATTEMPTS, Names(known), len(known))
        found = iter(answers)
        return [HIDDEN if one is None else next(found) for one in named]

    async def submissions(
        self,
        caller: Caller,
        ids: Sequence[AssessmentId],
        first: int,
        after: Key | None,
        states: Sequence[AttemptState],
    ) -> Sequence[Page[Attempt] | Refused]:
        """What cannot be a cursor of ours leads to nothing."""
        place = local.place(caller, after)
        if place is None:
            return [HIDDEN for _ in ids]
        named = locals_(caller, Kind.ASSESSMENT, ids)
        known = [one for one in named if one is not None]
        part = SubmissionsPart(known, first, *place, list(states))
        answers = await self._client.items(caller, SUBMISSIONS, part, len(known))
        found = iter(answers)
        return [
            HIDDEN if one is None else _page(next(found), behind=after is not None) for one in named
        ]

    async def submission_counts(
        self, caller: Caller, ids: Sequence[AssessmentId]
    ) -> Sequence[list[SubmissionCount] | Refused]:
        named = locals_(caller, Kind.ASSESSMENT, ids)
        return await self._client.each(caller, SUBMISSION_COUNTS, named)

    async def scores(
        self, caller: Caller, pairs: Sequence[tuple[CourseId, LearnerId]]
    ) -> Sequence[Score | Refused | None]:
        named = [
            (local_id(caller, Kind.COURSE, course), local_id(caller, Kind.LEARNER, learner))
            for course, learner in pairs
        ]
        known = [
            (course, user) for course, user in named if course is not None and user is not None
        ]
        answers = await self._client.items(caller, SCORES, Pairs(known), len(known))
        found = map(_score, answers)
        return [HIDDEN if None in pair else next(found) for pair in named]


def _score(found: CourseScore | Refused) -> Score | Refused | None:
    return found if isinstance(found, Refused) else found.score


def _page(found: Submissions | Refused, *, behind: bool) -> Page[Attempt] | Refused:
    if isinstance(found, Refused):
        return found
    rows = [(local.key(user, number, one.id), one) for user, number, one in found.attempts]
    return page_of(rows, more=found.more, behind=behind, total=found.total)
