"""Assessments, the old way."""

from collections.abc import Sequence

from legacy import translate, wire
from legacy.client import LegacyClient
from legacy.fanout import each
from legacy.zones import Zones
from services.contracts.assessment import Assessment, Item
from services.contracts.errors import Refused
from services.contracts.ids import AssessmentId, CourseId
from services.kit.caller import Caller


class LegacyAssessments:
    def __init__(self, client: LegacyClient, zones: Zones) -> None:
        self._client = client
        self._zones = zones

    async def of_courses(
        self, caller: Caller, courses: Sequence[CourseId]
    ) -> Sequence[list[Assessment] | Refused]:
        async def fetch(course: CourseId) -> list[Assessment]:
            zone = await self._zones.of(caller)
            path = f"/courses/{translate.local(course)}/assessments"
            found = await self._client.get(caller, path, wire.Assessments)
            tenant = caller.viewer.tenant
            return [translate.an_assessment(tenant, zone, one) for one in found.assessments]

        return await each(courses, fetch)

    async def many(
        self, caller: Caller, ids: Sequence[AssessmentId]
    ) -> Sequence[Assessment | Refused]:
        async def fetch(assessment: AssessmentId) -> Assessment:
            zone = await self._zones.of(caller)
            path = f"/assessments/{translate.local(assessment)}"
            found = await self._client.get(caller, path, wire.Assessment)
            return translate.an_assessment(caller.viewer.tenant, zone, found)

        return await each(ids, fetch)

    async def items(
        self, caller: Caller, ids: Sequence[AssessmentId]
    ) -> Sequence[list[Item] | Refused]:
        async def fetch(assessment: AssessmentId) -> list[Item]:
            path = f"/assessments/{translate.local(assessment)}"
            found = await self._client.get(caller, path, wire.Questions)
            return [translate.item(question) for question in found.questions]

        return await each(ids, fetch)
