"""The sources a request gets: of two sides, the one that the viewer's decisions name."""

from collections import OrderedDict
from dataclasses import dataclass, replace

from flags.client import Flags
from flags.decide import Decisions
from flags.names import COURSE_READ, LIVE_CLASS_SCHEDULE, PROGRESS_READ, PROGRESS_WRITE, Side
from flags.pins import Pinned, Pins
from flags.route import pick, route
from resolvers.ports import Completions, Courses, Sources
from services.contracts.errors import Refused
from services.contracts.ids import CourseId, LessonId, decode
from services.contracts.learning import Lesson
from services.contracts.viewer import Viewer
from services.kit.caller import Caller

MOST_LESSONS = 100_000


@dataclass(frozen=True, slots=True)
class Sides:
    """Both sides' sources, and what decides between them."""

    legacy: Sources
    service: Sources
    flags: Flags
    pins: Pins
    lessons: "CoursesOfLessons"

    def sources_for(self, viewer: Viewer | None) -> Sources:
        """Decided once: a flag that is turned meanwhile counts from the next request on."""
        return self.legacy if viewer is None else self._routed(self.flags.decide(viewer))

    def _routed(self, decisions: Decisions) -> Sources:
        course_read = route(decisions, COURSE_READ, legacy=self.legacy, service=self.service)
        progress_read = route(decisions, PROGRESS_READ, legacy=self.legacy, service=self.service)
        schedule = route(decisions, LIVE_CLASS_SCHEDULE, legacy=self.legacy, service=self.service)
        return replace(
            course_read,
            progress=progress_read.progress,
            completions=self._completions(decisions, course_read.courses),
            live_classes=schedule.live_classes,
        )

    def _completions(self, decisions: Decisions, courses: Courses) -> Completions:
        return PinnedCompletions(
            legacy=self.legacy.completions,
            service=self.service.completions,
            wanted=decisions.side(PROGRESS_WRITE),
            pins=self.pins,
            lessons=self.lessons,
            courses=courses,
        )


@dataclass(frozen=True, slots=True)
class PinnedCompletions:
    """Completes lessons on the side that a learner's course was last written to, if lately."""

    legacy: Completions
    service: Completions
    wanted: Side
    pins: Pins
    lessons: "CoursesOfLessons"
    courses: Courses

    async def complete(self, caller: Caller, lesson: LessonId, key: str) -> Lesson | Refused:
        course = await self.lessons.course_of(caller, lesson, self.courses)
        if isinstance(course, Refused):
            return course
        viewer = caller.viewer
        pinned = Pinned(viewer.tenant, decode(course).local, viewer.user)
        side = await self.pins.claim(pinned, self.wanted)
        writer = pick(side, legacy=self.legacy, service=self.service)
        return await writer.complete(caller, lesson, key)


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
