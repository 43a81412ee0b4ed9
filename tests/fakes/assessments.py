"""Assessments and attempts of a fake platform."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.contracts.assessment import Assessment, Attempt, Item
from services.contracts.errors import Refused
from services.contracts.ids import AssessmentId, AttemptId, CourseId, Kind, encode
from services.kit.caller import Caller
from tests.fakes.platform import FakePlatform, owner_of


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

    async def my_attempts(
        self, caller: Caller, ids: Sequence[AssessmentId]
    ) -> Sequence[list[Attempt] | Refused]:
        self.platform.calls["assessments.my_attempts"] += 1
        own = encode(Kind.LEARNER, *owner_of(caller.viewer))
        mine = [one for one in self.platform.attempts.values() if one.learner_id == own]

        def find(assessment: AssessmentId) -> list[Attempt] | None:
            if assessment not in self.platform.assessments:
                return None
            found = [one for one in mine if one.assessment_id == assessment]
            return sorted(found, key=lambda one: one.number)

        return self.platform.each(ids, find)

    async def attempts(
        self, caller: Caller, ids: Sequence[AttemptId]
    ) -> Sequence[Attempt | Refused]:
        self.platform.calls["assessments.attempts"] += 1
        return self.platform.each(ids, self.platform.attempts.get)
