"""The ports over a fake platform."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from resolvers.ports import Sources
from services.contracts.assessment import Assessment, Attempt, Item
from services.contracts.errors import HIDDEN, Refused
from services.contracts.ids import (
    AssessmentId,
    AttemptId,
    CourseId,
    Kind,
    LearnerId,
    LessonId,
    LiveClassId,
    encode,
)
from services.contracts.learning import (
    Course,
    Enrolment,
    Learner,
    LearnerInCourse,
    Lesson,
    Module,
    Person,
    Progress,
    Role,
)
from services.contracts.live_class import LiveClass
from services.contracts.paging import Key, Page, page_of
from services.kit.caller import Caller
from tests.fakes.platform import FakePlatform, Owner, owner_by_id, owner_of


def sources_of(platform: FakePlatform) -> Sources:
    return Sources(
        people=FakePeople(platform),
        courses=FakeCourses(platform),
        progress=FakeProgress(platform),
        assessments=FakeAssessments(platform),
        live_classes=FakeLiveClasses(platform),
        topics=platform.topics,
    )


@dataclass
class FakePeople:
    platform: FakePlatform

    async def me(self, caller: Caller) -> Person | Refused:
        self.platform.calls["people.me"] += 1
        return self.platform.people.get(owner_of(caller.viewer), HIDDEN)

    async def learners(
        self, caller: Caller, ids: Sequence[LearnerId]
    ) -> Sequence[Learner | Refused]:
        self.platform.calls["people.learners"] += 1

        def find(learner: LearnerId) -> Learner | None:
            person = self.platform.people.get(owner_by_id(learner))
            return Learner(learner, person.name) if person else None

        return self.platform.each(ids, find)


@dataclass
class FakeCourses:
    platform: FakePlatform

    async def enrolments(self, caller: Caller) -> list[Enrolment]:
        self.platform.calls["courses.enrolments"] += 1
        owner = owner_of(caller.viewer)
        return [
            Enrolment(self.platform.courses[course], takers[owner])
            for course, takers in self.platform.enrolled.items()
            if owner in takers
        ]

    async def many(self, caller: Caller, ids: Sequence[CourseId]) -> Sequence[Course | Refused]:
        self.platform.calls["courses.many"] += 1
        return self.platform.each(ids, self.platform.courses.get)

    async def outlines(
        self, caller: Caller, ids: Sequence[CourseId]
    ) -> Sequence[list[Module] | Refused]:
        self.platform.calls["courses.outlines"] += 1
        return self.platform.each(ids, self.platform.modules.get)

    async def lessons(self, caller: Caller, ids: Sequence[LessonId]) -> Sequence[Lesson | Refused]:
        self.platform.calls["courses.lessons"] += 1
        known = {
            lesson.id: lesson
            for course in self.platform.modules
            for lesson in self.platform.lessons(course)
        }
        return self.platform.each(ids, known.get)

    async def rosters(
        self, caller: Caller, ids: Sequence[CourseId], first: int, after: Key | None
    ) -> Sequence[Page[LearnerInCourse] | Refused]:
        self.platform.calls["courses.rosters"] += 1
        return self.platform.each(ids, lambda course: self._roster(course, first, after))

    def _roster(self, course: CourseId, first: int, after: Key | None) -> Page[LearnerInCourse]:
        takers = self.platform.enrolled.get(course, {})
        owners = [owner for owner, role in takers.items() if role is Role.LEARNER]
        rows = sorted((self._row(course, owner) for owner in owners), key=lambda row: row[0])
        ahead = [row for row in rows if after is None or row[0] > after]
        more = len(ahead) > first
        return page_of(ahead[:first], more=more, behind=after is not None, total=len(rows))

    def _row(self, course: CourseId, owner: Owner) -> tuple[Key, LearnerInCourse]:
        person = self.platform.people[owner]
        learner = LearnerId(encode(Kind.LEARNER, *owner))
        row = LearnerInCourse(Learner(learner, person.name), course)
        return (owner[1].zfill(20), learner), row

    async def rename(
        self, caller: Caller, course: CourseId, title: str, key: str
    ) -> Course | Refused:
        self.platform.calls["courses.rename"] += 1
        known = self.platform.courses.get(course)
        if known is None:
            return HIDDEN
        renamed = self.platform.courses[course] = Course(course, title, known.code)
        return renamed


@dataclass
class FakeProgress:
    platform: FakePlatform

    async def mine(
        self, caller: Caller, courses: Sequence[CourseId]
    ) -> Sequence[Progress | Refused]:
        self.platform.calls["progress.mine"] += 1
        owner = owner_of(caller.viewer)
        return self.platform.each(courses, lambda course: self.platform.progress(owner, course))

    async def of_learners(
        self, caller: Caller, pairs: Sequence[tuple[CourseId, LearnerId]]
    ) -> Sequence[Progress | Refused]:
        self.platform.calls["progress.of_learners"] += 1
        return [self.platform.progress(owner_by_id(learner), course) for course, learner in pairs]

    async def complete(self, caller: Caller, lesson: LessonId, key: str) -> Lesson | Refused:
        self.platform.calls["progress.complete"] += 1
        self.platform.done.add((owner_of(caller.viewer), lesson))
        [found] = await FakeCourses(self.platform).lessons(caller, [lesson])
        return found


@dataclass
class FakeAssessments:
    platform: FakePlatform

    async def of_courses(
        self, caller: Caller, courses: Sequence[CourseId]
    ) -> Sequence[list[Assessment] | Refused]:
        self.platform.calls["assessments.of_courses"] += 1
        everything = list(self.platform.assessments.values())
        return [[one for one in everything if one.course_id == course] for course in courses]

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
        return [[one for one in mine if one.assessment_id == assessment] for assessment in ids]

    async def attempts(
        self, caller: Caller, ids: Sequence[AttemptId]
    ) -> Sequence[Attempt | Refused]:
        self.platform.calls["assessments.attempts"] += 1
        return self.platform.each(ids, self.platform.attempts.get)


@dataclass
class FakeLiveClasses:
    platform: FakePlatform

    async def of_courses(
        self,
        caller: Caller,
        courses: Sequence[CourseId],
        since: datetime | None,
        until: datetime | None,
    ) -> Sequence[list[LiveClass] | Refused]:
        self.platform.calls["live_classes.of_courses"] += 1
        return [self._between([course], since, until) for course in courses]

    async def agenda(
        self, caller: Caller, since: datetime, until: datetime
    ) -> list[LiveClass] | Refused:
        self.platform.calls["live_classes.agenda"] += 1
        owner = owner_of(caller.viewer)
        mine = [course for course, takers in self.platform.enrolled.items() if owner in takers]
        return self._between(mine, since, until)

    def _between(
        self, courses: Sequence[CourseId], since: datetime | None, until: datetime | None
    ) -> list[LiveClass]:
        return [
            one
            for one in self.platform.live_classes.values()
            if one.course_id in courses
            and (since is None or one.starts_at >= since)
            and (until is None or one.starts_at < until)
        ]

    async def many(
        self, caller: Caller, ids: Sequence[LiveClassId]
    ) -> Sequence[LiveClass | Refused]:
        self.platform.calls["live_classes.many"] += 1
        return self.platform.each(ids, self.platform.live_classes.get)
