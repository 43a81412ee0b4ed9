"""A small learning platform in memory: the ports' fake, which knows no guards at all."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from services.contracts.assessment import Assessment, Attempt, Item
from services.contracts.errors import HIDDEN, Refused
from services.contracts.ids import (
    AssessmentId,
    AttemptId,
    CourseId,
    LessonId,
    LiveClassId,
    decode,
)
from services.contracts.learning import (
    Course,
    Lesson,
    Module,
    Person,
    Progress,
    Role,
)
from services.contracts.live_class import LiveClass
from services.contracts.viewer import Viewer
from tests.fakes.topics import FakeTopics

K = TypeVar("K")
V = TypeVar("V")
Owner = tuple[str, str]


@dataclass
class FakePlatform:
    """What it holds, and `calls`: how often each method was asked. `broken` ids are refused."""

    people: dict[Owner, Person] = field(default_factory=dict)
    courses: dict[CourseId, Course] = field(default_factory=dict)
    modules: dict[CourseId, list[Module]] = field(default_factory=dict)
    enrolled: dict[CourseId, dict[Owner, Role]] = field(default_factory=dict)
    done: set[tuple[Owner, LessonId]] = field(default_factory=set)
    assessments: dict[AssessmentId, Assessment] = field(default_factory=dict)
    items: dict[AssessmentId, list[Item]] = field(default_factory=dict)
    attempts: dict[AttemptId, Attempt] = field(default_factory=dict)
    live_classes: dict[LiveClassId, LiveClass] = field(default_factory=dict)
    broken: dict[str, Refused] = field(default_factory=dict)
    calls: Counter[str] = field(default_factory=Counter)
    topics: FakeTopics = field(default_factory=FakeTopics)

    def each(self, ids: Sequence[K], find: Callable[[K], V | None]) -> list[V | Refused]:
        return [self.broken.get(str(one)) or find(one) or HIDDEN for one in ids]

    def lessons(self, course: CourseId) -> list[Lesson]:
        return [lesson for module in self.modules.get(course, []) for lesson in module.lessons]

    def progress(self, owner: Owner, course: CourseId) -> Progress:
        lessons = self.lessons(course)
        done = sum((owner, lesson.id) in self.done for lesson in lessons)
        return Progress(done, len(lessons))


def owner_of(viewer: Viewer) -> Owner:
    return (viewer.tenant, viewer.user)


def owner_by_id(learner: str) -> Owner:
    return (decode(learner).tenant, decode(learner).local)
