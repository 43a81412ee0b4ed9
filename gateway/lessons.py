"""Completes lessons on the side that a learner's course was last written to, if lately."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

from flags.names import Side
from flags.pins import Pinned, Pins
from gateway.freshness.sides import FreshSides
from resolvers.ports import Courses
from services.contracts.completions import Way
from services.contracts.errors import Refused
from services.contracts.ids import CourseId, LessonId, decode
from services.contracts.learning import LessonCompleted, Progress
from services.kit.caller import Caller

MOST_LESSONS = 100_000


@dataclass(frozen=True, slots=True)
class PinnedWrites:
    """Completes lessons on the side that a learner's course was last written to, if lately."""

    both: FreshSides
    wanted: Side
    pins: Pins
    lessons: "CoursesOfLessons"
    courses: Courses

    async def complete(
        self, caller: Caller, lesson: LessonId, key: str
    ) -> LessonCompleted | Refused:
        course = await self.lessons.course_of(caller, lesson, self.courses)
        if isinstance(course, Refused):
            return course
        writer = self.both.of(await self._side(caller, course))
        done = await writer.completions.complete(caller, lesson, key)
        if isinstance(done, LessonCompleted):
            viewer = caller.viewer
            way = Way(viewer.tenant, decode(course).local, viewer.user)
            await self.both.writes.note(way, done)
        return done

    async def mine(
        self, caller: Caller, courses: Sequence[CourseId]
    ) -> Sequence[Progress | Refused]:
        """Course by course: each may be written to on another side, and it is mostly one."""
        found: list[Progress | Refused] = []
        for course in courses:
            written = self.both.progress(await self._side(caller, course))
            found += await written.mine(caller, [course])
        return found

    async def _side(self, caller: Caller, course: CourseId) -> Side:
        viewer = caller.viewer
        pinned = Pinned(viewer.tenant, decode(course).local, viewer.user)
        return await self.pins.claim(pinned, self.wanted)


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
