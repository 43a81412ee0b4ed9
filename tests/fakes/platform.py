"""A small learning platform in memory: the ports' fake, which knows no guards at all."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from msgspec.structs import replace

from services.contracts.assessment import Assessment, Attempt, Item, Source
from services.contracts.completions import Way
from services.contracts.errors import HIDDEN, Refused
from services.contracts.freshness import Known
from services.contracts.ids import (
    AssessmentId,
    AttemptId,
    CourseId,
    LessonId,
    LiveClassId,
    decode,
    learner_id,
)
from services.contracts.learning import (
    Completed,
    Course,
    Lesson,
    Module,
    Person,
    Progress,
    Role,
)
from services.contracts.live_class import LiveClass
from services.contracts.viewer import Viewer
from tests.fakes.hall import Hall
from tests.fakes.replies import Replies
from tests.fakes.room import FakeRoom
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
    rooms: dict[LiveClassId, FakeRoom] = field(default_factory=dict)
    class_replies: Replies = field(default_factory=dict)
    topics: FakeTopics = field(default_factory=FakeTopics)
    hall: Hall = field(default_factory=Hall)

    def each(self, ids: Sequence[K], find: Callable[[K], V | None]) -> list[V | Refused]:
        return [self._one(one, find) for one in ids]

    def _one(self, id_: K, find: Callable[[K], V | None]) -> V | Refused:
        if str(id_) in self.broken:
            return self.broken[str(id_)]
        found = find(id_)
        return HIDDEN if found is None else found

    def outline(self, course: CourseId) -> list[Module] | None:
        return self.modules.get(course, []) if course in self.courses else None

    def completed(self, owner: Owner, course: CourseId) -> Completed | None:
        if course not in self.courses:
            return None
        done = [one.id for one in self.lessons(course) if (owner, one.id) in self.done]
        return Completed(sorted(done))

    def lessons(self, course: CourseId) -> list[Lesson]:
        return [lesson for module in self.modules.get(course, []) for lesson in module.lessons]

    def lesson_done(self, lesson: LessonId) -> Lesson | None:
        """As whoever has just completed it is told."""
        found = self.lesson(lesson)
        return replace(found, completed=True) if found else None

    def lesson(self, lesson: LessonId) -> Lesson | None:
        every = (one for course in self.modules for one in self.lessons(course))
        return next((one for one in every if one.id == lesson), None)

    def progress(self, owner: Owner, course: CourseId) -> Progress | None:
        if course not in self.courses:
            return None
        lessons = self.lessons(course)
        done = sum((owner, lesson.id) in self.done for lesson in lessons)
        way = Way(owner[0], decode(course).local, owner[1])
        known = Known(Source.SERVICE, {way.at(Source.SERVICE): done} if done else {})
        return Progress(course, learner_id(*owner), done, len(lessons), known)


def owner_of(viewer: Viewer) -> Owner:
    return (viewer.tenant, viewer.user)


def owner_by_id(learner: str) -> Owner:
    return (decode(learner).tenant, decode(learner).local)
