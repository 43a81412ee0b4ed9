"""Assessments and their items, out of what is kept."""

from collections.abc import Sequence
from dataclasses import dataclass

from gateway.cache.ages import Terms
from gateway.cache.shelf import Shelf
from gateway.cached.courses import of_course, tag_of
from gateway.cached.reader import About, Reader
from resolvers.ports import Assessments, Each
from services.contracts.assessment import Assessment, Item
from services.contracts.errors import Refused
from services.contracts.ids import AssessmentId, CourseId
from services.kit.caller import Caller

TERMS = Terms(fresh_s=60, stale_s=30, error_s=600)
ASSESSMENT = Shelf[Assessment]("assessment", Assessment, TERMS)
OF_COURSE = Shelf[list[Assessment]]("assessments", list[Assessment], TERMS)
ITEMS = Shelf[list[Item]]("items", list[Item], TERMS)


@dataclass(frozen=True, slots=True)
class CachedAssessments:
    source: Assessments
    reader: Reader

    async def many(self, caller: Caller, ids: Sequence[AssessmentId]) -> Each[Assessment]:
        return await self.reader.of_tenant(caller, ASSESSMENT, ids, self.source.many, _about)

    async def of_courses(
        self, caller: Caller, courses: Sequence[CourseId]
    ) -> Each[list[Assessment]]:
        ask = self.source.of_courses
        return await self.reader.of_tenant(caller, OF_COURSE, courses, ask, of_course)

    async def items(self, caller: Caller, ids: Sequence[AssessmentId]) -> Each[list[Item]]:
        """Which course they belong to is what the assessment says: it was asked for before."""
        found = dict(zip(ids, await self.many(caller, ids), strict=True))

        def about(one: AssessmentId, _: list[Item]) -> About:
            assessment = found[one]
            if isinstance(assessment, Refused):
                return About([], until_ms=1)
            return About([tag_of(assessment.course_id)])

        return await self.reader.of_tenant(caller, ITEMS, ids, self.source.items, about)


def _about(_: AssessmentId, assessment: Assessment) -> About:
    return About([tag_of(assessment.course_id)])
