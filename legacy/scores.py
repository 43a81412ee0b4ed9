"""The scores of courses, the old way: each learner's own, put together from their attempts."""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from legacy import translate, wire
from legacy.attempt_pages import AttemptPages
from legacy.fanout import each, one
from services.contracts.assessment import Score, ScoringPolicy
from services.contracts.errors import ErrorCode, Refused
from services.contracts.gradebook import Entry, course_score
from services.contracts.ids import CourseId, LearnerId, learner_id
from services.contracts.learning import Role
from services.kit.caller import Caller

# Each would be read out of everybody's attempts at each assessment (ATTEMPTS_IN_CONTENT).
NOT_OF_OTHERS = Refused(
    ErrorCode.UPSTREAM_UNAVAILABLE, "The old platform cannot tell what others have in a course."
)
Found: TypeAlias = Score | Refused | None


class LegacyScores(AttemptPages):
    async def scores(
        self, caller: Caller, pairs: Sequence[tuple[CourseId, LearnerId]]
    ) -> Sequence[Found]:
        own = learner_id(caller.viewer.tenant, caller.viewer.user)
        mine = await self._own(caller, [course for course, learner in pairs if learner == own])
        return [mine[course] if learner == own else NOT_OF_OTHERS for course, learner in pairs]

    async def _own(self, caller: Caller, courses: Sequence[CourseId]) -> Mapping[CourseId, Found]:
        learns = await one(self._learns(caller)) if courses else frozenset()
        if isinstance(learns, Refused):
            return dict.fromkeys(courses, learns)

        async def fetch(course: CourseId) -> Found:
            path = f"/courses/{translate.local(course)}/assessments"
            found = await self._client.get(caller, path, wire.Assessments)
            return await self._score(caller, found) if course in learns else None

        return dict(zip(courses, await each(courses, fetch), strict=True))

    async def _learns(self, caller: Caller) -> frozenset[CourseId]:
        """Nothing counts of whoever teaches a course."""
        mine = await self._client.get(caller, "/my/courses", wire.MyCourses)
        tenant = caller.viewer.tenant
        return frozenset(
            translate.course_id(tenant, course.id)
            for course in mine.courses
            if course.role == Role.LEARNER
        )

    async def _score(self, caller: Caller, found: wire.Assessments) -> Found:
        """Half of a score is none."""

        async def fetch(assessment: wire.Assessment) -> Entry:
            return await self._entry(caller, assessment)

        entries: list[Entry] = []
        for entry in await each([exam for exam in found.assessments if exam.weight > 0], fetch):
            if isinstance(entry, Refused):
                return entry
            entries.append(entry)
        return course_score(entries)

    async def _entry(self, caller: Caller, assessment: wire.Assessment) -> Entry:
        """Whether it is over, by the monolith's clock, is asked where it can be."""
        own, policy = str(assessment.id), ScoringPolicy(assessment.policy.upper())
        mine = await self._mine(caller, own)
        if not mine and assessment.closes is None:
            return Entry(assessment.weight, policy, is_over=False)
        paper = await self._paper(caller, own)
        window = paper.window(None)
        is_over = window.closes_at is not None and window.server_now > window.closes_at
        return Entry(assessment.weight, policy, is_over, [paper.attempt(said) for said in mine])
