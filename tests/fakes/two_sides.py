"""Two sides of one course: each has its own completions, and so many of the other's."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from resolvers.ports import Sources
from services.contracts.assessment import Source
from services.contracts.completions import Way
from services.contracts.errors import HIDDEN, Refused, UpstreamUnreachable
from services.contracts.freshness import Known
from services.contracts.ids import CourseId, LearnerId, LessonId, ModuleId, learner_id
from services.contracts.learning import Lesson, LessonCompleted, LessonKind, Module, Progress
from services.kit.caller import Caller
from tests.fakes.platform import FakePlatform, owner_of
from tests.fakes.sources import FakeProgress, sources_of
from tests.fakes.tenant import LEARNER, add_tenant, course_id, lesson_id

TENANT = "acme"
COURSE = course_id(TENANT)
WAY = Way(TENANT, "1", LEARNER)
LESSONS = 5
AWAY = UpstreamUnreachable("away").refusal


@dataclass
class HalfSide:
    """`told` are its own completions, in order; `versions` are what it has applied of each side."""

    source: Source
    platform: FakePlatform = field(default_factory=FakePlatform)
    told: list[LessonId] = field(default_factory=list)
    versions: dict[str, int] = field(default_factory=dict)
    is_away: bool = False
    reads: int = 0

    def __post_init__(self) -> None:
        add_tenant(self.platform, TENANT)
        lessons = [
            Lesson(lesson_id(TENANT, n), COURSE, "", LessonKind.TEXT) for n in range(1, LESSONS + 1)
        ]
        self.platform.modules[COURSE] = [Module(ModuleId("m"), "", lessons)]

    @property
    def sources(self) -> Sources:
        return replace(
            sources_of(self.platform),
            progress=HalfProgress(self.platform, self),
            completions=HalfProgress(self.platform, self),
        )

    def hears(self, other: "HalfSide", upto: int | None = None) -> None:
        """Applies the other's completions, all or so many."""
        for lesson in other.told[:upto]:
            self.platform.done.add(((TENANT, LEARNER), lesson))
        applied = len(other.told[:upto])
        self.versions[WAY.at(other.source)] = applied

    def knows(self) -> Known:
        return Known(self.source, dict(self.versions))


@dataclass
class HalfProgress(FakeProgress):
    side: HalfSide

    async def mine(
        self, caller: Caller, courses: Sequence[CourseId]
    ) -> Sequence[Progress | Refused]:
        own = learner_id(*owner_of(caller.viewer))
        return await self.of_learners(caller, [(course, own) for course in courses])

    async def of_learners(
        self, caller: Caller, pairs: Sequence[tuple[CourseId, LearnerId]]
    ) -> Sequence[Progress | Refused]:
        self.side.reads += 1
        if self.side.is_away:
            return [AWAY for _ in pairs]
        found = await super().of_learners(caller, pairs)
        known = self.side.knows()
        return [
            Progress(one.course_id, one.learner_id, one.completed, one.total, known)
            if isinstance(one, Progress)
            else one
            for one in found
        ]

    async def complete(
        self, caller: Caller, lesson: LessonId, key: str
    ) -> LessonCompleted | Refused:
        owner = owner_of(caller.viewer)
        if (owner, lesson) not in self.platform.done:
            self.side.told.append(lesson)
            self.side.versions[WAY.at(self.side.source)] = len(self.side.told)
        self.platform.done.add((owner, lesson))
        done = self.platform.lesson_done(lesson)
        return LessonCompleted(done, self.side.knows()) if done else HIDDEN
