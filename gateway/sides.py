"""The sources a request gets: of two sides, the one that the viewer's decisions name."""

from dataclasses import dataclass, field, replace

from flags.client import Flags
from flags.decide import Decisions
from flags.names import COURSE_READ, LIVE_CLASS_SCHEDULE, PROGRESS_READ, PROGRESS_WRITE, Side
from flags.pins import Pins
from flags.route import route
from gateway.attempts.sides import AttemptSides
from gateway.classroom.sides import ClassroomSides
from gateway.freshness.sides import FreshSides
from gateway.freshness.writes import Writes
from gateway.lessons import CoursesOfLessons, PinnedWrites
from gateway.strangling.fallback import Reads
from resolvers.ports import ProgressSource, Sources
from services.contracts.viewer import Viewer
from services.kit.clock import Clock
from services.kit.telemetry import note


@dataclass(frozen=True, slots=True)
class Sides:
    """Both sides' sources, and what decides between them.

    `served` is the service's side for those whom it answers; `service` is what it says by itself.
    """

    legacy: Sources
    service: Sources
    attempts: AttemptSides
    classrooms: ClassroomSides
    flags: Flags
    reads: Reads
    served: Sources
    pins: Pins
    lessons: CoursesOfLessons
    writes: Writes
    clock: Clock
    _made: dict[str, Sources] = field(default_factory=dict)
    """By what was decided: a source knows sides, and nothing of a viewer or of a request."""

    def sources_for(self, viewer: Viewer | None) -> Sources:
        """Decided once: a flag that is turned meanwhile counts from the next request on."""
        return self.legacy if viewer is None else self._routed(self.flags.decide(viewer))

    def variant_of(self, viewer: Viewer) -> str:
        """Whoever has the same is answered by the same sides."""
        return self.flags.decide(viewer).sides

    def _routed(self, decisions: Decisions) -> Sources:
        self.reads.note(decisions)
        note("banyan.decisions", decisions.told)
        made = self._made.get(decisions.sides)
        if made is None:
            made = self._made[decisions.sides] = self._of(decisions)
        return made

    def _of(self, decisions: Decisions) -> Sources:
        course_read = route(decisions, COURSE_READ, legacy=self.legacy, service=self.served)
        both = FreshSides(self.legacy, self.service, self.writes, self.clock)
        wanted = decisions.side(PROGRESS_WRITE)
        writes = PinnedWrites(both, wanted, self.pins, self.lessons, course_read.courses)
        schedule = route(decisions, LIVE_CLASS_SCHEDULE, legacy=self.legacy, service=self.served)
        return replace(
            course_read,
            progress=self._progress(both, decisions),
            completions=writes,
            written=writes,
            live_classes=schedule.live_classes,
            classrooms=self.classrooms.of(decisions),
            attempts=self.attempts.reading(decisions),
            attempting=self.attempts.doing(decisions),
            supervising=self.attempts.supervising(decisions),
        )

    def _progress(self, both: FreshSides, decisions: Decisions) -> ProgressSource:
        old, side = both.progress(Side.LEGACY), decisions.side(PROGRESS_READ)
        return old if side is Side.LEGACY else self.reads.progress(both.progress(side), old)
