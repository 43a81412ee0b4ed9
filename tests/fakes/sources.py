"""The ports over a fake platform."""

from collections.abc import Sequence
from dataclasses import dataclass

from resolvers.ports import Sources
from services.contracts.errors import HIDDEN, ErrorCode, Refused
from services.contracts.ids import (
    CourseId,
    Kind,
    LearnerId,
    LessonId,
    encode,
)
from services.contracts.learning import (
    Completed,
    Course,
    CourseRenamed,
    Enrolment,
    Learner,
    LearnerInCourse,
    Lesson,
    LessonCompleted,
    Module,
    Person,
    Progress,
    Role,
)
from services.contracts.paging import Key, Page, page_of
from services.kit.caller import Caller
from tests.fakes.assessments import FakeAssessments
from tests.fakes.attempts import FakeAttempts
from tests.fakes.classrooms import FakeClassrooms
from tests.fakes.live_classes import FakeLiveClasses
from tests.fakes.platform import FakePlatform, Owner, owner_by_id, owner_of


def sources_of(platform: FakePlatform) -> Sources:
    attempts = FakeAttempts(platform)
    return Sources(
        people=FakePeople(platform),
        courses=FakeCourses(platform),
        editing=FakeCourses(platform),
        progress=FakeProgress(platform),
        completions=FakeProgress(platform),
        written=FakeProgress(platform),
        assessments=FakeAssessments(platform),
        attempts=attempts,
        attempting=attempts,
        supervising=attempts,
        live_classes=FakeLiveClasses(platform),
        classrooms=FakeClassrooms(platform),
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
        return self.platform.each(ids, self.platform.outline)

    async def completed(
        self, caller: Caller, ids: Sequence[CourseId]
    ) -> Sequence[Completed | Refused]:
        self.platform.calls["courses.completed"] += 1
        owner = owner_of(caller.viewer)
        return self.platform.each(ids, lambda course: self.platform.completed(owner, course))

    async def lessons(self, caller: Caller, ids: Sequence[LessonId]) -> Sequence[Lesson | Refused]:
        self.platform.calls["courses.lessons"] += 1
        return self.platform.each(ids, self.platform.lesson)

    async def rosters(
        self, caller: Caller, ids: Sequence[CourseId], first: int, after: Key | None
    ) -> Sequence[Page[LearnerInCourse] | Refused]:
        self.platform.calls["courses.rosters"] += 1
        return self.platform.each(ids, lambda course: self._roster(course, first, after))

    def _roster(
        self, course: CourseId, first: int, after: Key | None
    ) -> Page[LearnerInCourse] | None:
        if course not in self.platform.courses:
            return None
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
    ) -> CourseRenamed | Refused:
        self.platform.calls["courses.rename"] += 1
        known = self.platform.courses.get(course)
        if known is None:
            return HIDDEN
        if not title:
            return Refused(ErrorCode.INVALID, "A course needs a title.")
        renamed = self.platform.courses[course] = Course(course, title, known.code)
        return CourseRenamed(renamed)


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

        def find(pair: tuple[CourseId, LearnerId]) -> Progress | None:
            course, learner = pair
            return self.platform.progress(owner_by_id(learner), course)

        return self.platform.each(pairs, find)

    async def complete(
        self, caller: Caller, lesson: LessonId, key: str
    ) -> LessonCompleted | Refused:
        self.platform.calls["progress.complete"] += 1
        owner = owner_of(caller.viewer)
        self.platform.done.add((owner, lesson))
        done = self.platform.lesson_done(lesson)
        progress = done and self.platform.progress(owner, done.course_id)
        return LessonCompleted(done, progress.known) if done and progress else HIDDEN
