"""Assessments and past attempts, from the progress service."""

from collections.abc import Sequence

from services.contracts.assessment import Assessment, Attempt, Item
from services.contracts.errors import HIDDEN, Refused
from services.contracts.ids import AssessmentId, AttemptId, CourseId, Kind
from services.contracts.progress_api import (
    ASSESSMENTS,
    ASSESSMENTS_OF_COURSES,
    ITEMS,
    MY_ATTEMPTS,
)
from services.kit.caller import Caller
from services.progress.client.asking import ProgressClient
from services.progress.client.local import local_text, locals_, number


class ServiceAssessments:
    def __init__(self, client: ProgressClient) -> None:
        self._client = client

    async def of_courses(
        self, caller: Caller, courses: Sequence[CourseId]
    ) -> Sequence[list[Assessment] | Refused]:
        named = locals_(caller, Kind.COURSE, courses)
        return await self._client.each(caller, ASSESSMENTS_OF_COURSES, named)

    async def many(
        self, caller: Caller, ids: Sequence[AssessmentId]
    ) -> Sequence[Assessment | Refused]:
        return await self._client.each(caller, ASSESSMENTS, locals_(caller, Kind.ASSESSMENT, ids))

    async def items(
        self, caller: Caller, ids: Sequence[AssessmentId]
    ) -> Sequence[list[Item] | Refused]:
        return await self._client.each(caller, ITEMS, locals_(caller, Kind.ASSESSMENT, ids))

    async def my_attempts(
        self, caller: Caller, ids: Sequence[AssessmentId]
    ) -> Sequence[list[Attempt] | Refused]:
        return await self._client.each(caller, MY_ATTEMPTS, locals_(caller, Kind.ASSESSMENT, ids))

    async def attempts(
        self, caller: Caller, ids: Sequence[AttemptId]
    ) -> Sequence[Attempt | Refused]:
        """Looked for among the caller's own at the assessment that the id begins with."""
        at = [_assessment_of(caller, attempt) for attempt in ids]
        lists = await self._client.each(caller, MY_ATTEMPTS, at)
        return [_find(attempt, mine) for attempt, mine in zip(ids, lists, strict=True)]


def _assessment_of(caller: Caller, attempt: AttemptId) -> int | None:
    named = local_text(caller, Kind.ATTEMPT, attempt)
    return number(named.partition("-")[0]) if named is not None else None


def _find(wanted: AttemptId, mine: list[Attempt] | Refused) -> Attempt | Refused:
    if isinstance(mine, Refused):
        return mine
    return next((attempt for attempt in mine if attempt.id == wanted), HIDDEN)
