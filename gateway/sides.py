"""The sources a request gets: of two sides, the one that the viewer's decisions name."""

from dataclasses import dataclass, replace

from flags.client import Flags
from flags.decide import Decisions
from flags.names import COURSE_READ, LIVE_CLASS_SCHEDULE, PROGRESS_READ, PROGRESS_WRITE
from flags.pins import Pins
from flags.route import route
from gateway.attempts.sides import AttemptSides
from gateway.lessons import CoursesOfLessons, PinnedWrites
from resolvers.ports import Sources
from services.contracts.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Sides:
    """Both sides' sources, and what decides between them."""

    legacy: Sources
    service: Sources
    attempts: AttemptSides
    flags: Flags
    pins: Pins
    lessons: CoursesOfLessons

    def sources_for(self, viewer: Viewer | None) -> Sources:
        """Decided once: a flag that is turned meanwhile counts from the next request on."""
        return self.legacy if viewer is None else self._routed(self.flags.decide(viewer))

    def _routed(self, decisions: Decisions) -> Sources:
        course_read = route(decisions, COURSE_READ, legacy=self.legacy, service=self.service)
        progress_read = route(decisions, PROGRESS_READ, legacy=self.legacy, service=self.service)
        wanted = decisions.side(PROGRESS_WRITE)
        writes = PinnedWrites(
            self.legacy, self.service, wanted, self.pins, self.lessons, course_read.courses
        )
        schedule = route(decisions, LIVE_CLASS_SCHEDULE, legacy=self.legacy, service=self.service)
        return replace(
            course_read,
            progress=progress_read.progress,
            completions=writes,
            written=writes,
            live_classes=schedule.live_classes,
            attempts=self.attempts.reading(decisions),
            attempting=self.attempts.doing(decisions),
            supervising=self.attempts.supervising(decisions),
        )
