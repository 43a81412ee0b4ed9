"""Courses and enrolments, out of what is kept."""

from collections.abc import Sequence
from dataclasses import dataclass

from gateway.cache.ages import Terms
from gateway.cache.fetched import Found
from gateway.cache.key import Key
from gateway.cache.owner import Private
from gateway.cache.reading import Cache
from gateway.cache.shelf import Shelf
from gateway.cached.reader import About, Reader, name_of
from resolvers.ports import Courses, Each
from services.contracts.changes import course_tag, enrolments_tag
from services.contracts.errors import UpstreamError, UpstreamUnreachable
from services.contracts.ids import CourseId, LessonId, decode
from services.contracts.learning import (
    Completed,
    Course,
    Enrolment,
    LearnerInCourse,
    Lesson,
    Module,
)
from services.contracts.paging import Key as PageKey
from services.contracts.paging import Page
from services.contracts.viewer import Viewer
from services.kit.caller import Caller

TERMS = Terms(fresh_s=60, stale_s=30, error_s=600)
COURSE = Shelf[Course]("course", Course, TERMS)
OUTLINE = Shelf[list[Module]]("outline", list[Module], TERMS)
LESSON = Shelf[Lesson]("lesson", Lesson, TERMS)
ENROLMENTS = Shelf[list[Enrolment]](
    "enrolments", list[Enrolment], Terms(fresh_s=60, error_s=600, heard_only=True)
)
"""Who may see what hangs on them: past their age they are told only where their source fails, and
that nobody has lost one is heard.
"""


@dataclass(frozen=True, slots=True)
class CachedCourses:
    """What is one viewer's own in a course is asked of the source each time."""

    source: Courses
    reader: Reader

    async def enrolments(self, caller: Caller) -> list[Enrolment]:
        if caller.anew:
            return await self.source.enrolments(caller)
        viewer = caller.viewer

        async def ask(as_own: Caller, _: Sequence[str]) -> Each[list[Enrolment]]:
            return [await self.source.enrolments(as_own)]

        def about(_: str, found: list[Enrolment]) -> About:
            own = enrolments_tag(viewer.tenant, viewer.user)
            return About([own, *[tag_of(one.course.id) for one in found]])

        [outcome] = await self.reader.read(
            caller, Private.of(viewer), ENROLMENTS, [viewer.user], ask, about
        )
        if isinstance(outcome, UpstreamError):
            # One error is told to all who wait; each has a way of its own there.
            raise outcome.with_traceback(None)
        if not isinstance(outcome, Found):
            raise UpstreamUnreachable("enrolments were refused")
        return outcome.value

    async def many(self, caller: Caller, ids: Sequence[CourseId]) -> Each[Course]:
        return await self.reader.of_tenant(caller, COURSE, ids, self.source.many, of_course)

    async def outlines(self, caller: Caller, ids: Sequence[CourseId]) -> Each[list[Module]]:
        return await self.reader.of_tenant(caller, OUTLINE, ids, self.source.outlines, of_course)

    async def lessons(self, caller: Caller, ids: Sequence[LessonId]) -> Each[Lesson]:
        return await self.reader.of_tenant(caller, LESSON, ids, self.source.lessons, _of_lesson)

    async def completed(self, caller: Caller, ids: Sequence[CourseId]) -> Each[Completed]:
        return await self.source.completed(caller, ids)

    async def rosters(
        self, caller: Caller, ids: Sequence[CourseId], first: int, after: PageKey | None
    ) -> Each[Page[LearnerInCourse]]:
        return await self.source.rosters(caller, ids, first, after)


@dataclass(frozen=True, slots=True)
class KeptEnrolments:
    """Of one side, where this process has them fresh: nobody waits for them."""

    cache: Cache
    side: str

    def of(self, viewer: Viewer) -> list[Enrolment] | None:
        key = Key(Private.of(viewer), ENROLMENTS.kind, name_of(self.side, viewer.user))
        found = self.cache.kept(ENROLMENTS, key)
        return None if found is None else found.value


def tag_of(course: CourseId) -> str:
    named = decode(course)
    return course_tag(named.tenant, named.local)


def _of_lesson(_: LessonId, lesson: Lesson) -> About:
    return About([tag_of(lesson.course_id)])


def of_course(course: CourseId, _: object) -> About:
    return About([tag_of(course)])
