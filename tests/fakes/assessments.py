"""Assessments of a fake platform."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.contracts.assessment import Assessment, Item
from services.contracts.errors import Refused
from services.contracts.ids import AssessmentId, CourseId
from services.kit.caller import Caller
from tests.fakes.platform import FakePlatform


@dataclass
class FakeAssessments:
    platform: FakePlatform

    async def of_courses(
        self, caller: Caller, courses: Sequence[CourseId]
    ) -> Sequence[list[Assessment] | Refused]:
        self.platform.calls["assessments.of_courses"] += 1
        return self.platform.each(courses, self._in)

    def _in(self, course: CourseId) -> list[Assessment] | None:
        if course not in self.platform.courses:
            return None
        return [one for one in self.platform.assessments.values() if one.course_id == course]

    async def many(
        self, caller: Caller, ids: Sequence[AssessmentId]
    ) -> Sequence[Assessment | Refused]:
        self.platform.calls["assessments.many"] += 1
        return self.platform.each(ids, self.platform.assessments.get)

    async def items(
        self, caller: Caller, ids: Sequence[AssessmentId]
    ) -> Sequence[list[Item] | Refused]:
        self.platform.calls["assessments.items"] += 1
        return self.platform.each(ids, self.platform.items.get)
