"""Assessments and their items, from the progress service."""

from collections.abc import Sequence

from services.contracts.assessment import Assessment, Item
from services.contracts.errors import Refused
from services.contracts.ids import AssessmentId, CourseId, Kind
from services.contracts.progress_api import ASSESSMENTS, ASSESSMENTS_OF_COURSES, ITEMS
from services.kit.asking import ServiceClient
from services.kit.caller import Caller
from services.kit.local import locals_


class ServiceAssessments:
    def __init__(self, client: ServiceClient) -> None:
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
