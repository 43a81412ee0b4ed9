"""Completes lessons on the side that a learner's course was last written to, if lately."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

from flags.names import Side
from flags.pins import Pinned, Pins
from flags.route import pick
from resolvers.ports import Courses, Sources
from services.contracts.errors import Refused
from services.contracts.ids import CourseId, LessonId, decode
from services.contracts.learning import Lesson, Progress
from services.kit.caller import Caller

MOST_LESSONS = 100_000


@dataclass(frozen=True, slots=True)
class PinnedWrites:
    """Completes lessons on the side that a learner's course was last written to, if lately."""

    legacy: Sources
    service: Sources
    wanted: Side
    pins: Pins
    lessons: "CoursesOfLessons"
    courses: Courses

    async def complete(self, caller: Caller, lesson: LessonId, key: str) -> Lesson | Refused:
        course = await self.lessons.course_of(caller, lesson, self.courses)
        if isinstance(course, Refused):
            return course
        writer = await self._writer(caller, course)
        return await writer.completions.complete(caller, lesson, key)

    async def mine(
        self, caller: Caller, courses: Sequence[CourseId]
    ) -> Sequence[Progress | Refused]:
        """Course by course: each may be written to on another side, and it is mostly one."""
        found: list[Progress | Refused] = []
        for course in courses:
            writer = await self._writer(caller, course)
            found += await writer.progress.mine(caller, [course])
        return found

    async def _writer(self, caller: Caller, course: CourseId) -> Sources:
        viewer = caller.viewer
        pinned = Pinned(viewer.tenant, decode(course).local, viewer.user)
        side = await self.pins.claim(pinned, self.wanted)
        return pick(side, legacy=self.legacy, service=self.service)


class CoursesOfLessons:
    """Which course a lesson is of: asked for once, since no lesson moves."""

    def __init__(self) -> None:
        self._known: OrderedDict[LessonId, CourseId] = OrderedDict()

    async def course_of(
        self, caller: Caller, lesson: LessonId, courses: Courses
    ) -> CourseId | Refused:
        if lesson not in self._known:
            [found] = await courses.lessons(caller, [lesson])
            if isinstance(found, Refused):
                return found
            self._known[lesson] = found.course_id
            if len(self._known) > MOST_LESSONS:
                self._known.popitem(last=False)
        return self._known[lesson]
