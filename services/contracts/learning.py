"""Words for people, courses, lessons and progress, as they cross the wire."""

from enum import StrEnum

import msgspec

from services.contracts.completions import Way
from services.contracts.freshness import Known, Seen
from services.contracts.ids import CourseId, LearnerId, LessonId, ModuleId, ViewerId


class Role(StrEnum):
    LEARNER = "LEARNER"
    TEACHER = "TEACHER"
    PROCTOR = "PROCTOR"
    OPERATOR = "OPERATOR"


class LessonKind(StrEnum):
    TEXT = "TEXT"
    VIDEO = "VIDEO"
    QUIZ = "QUIZ"
    LIVE = "LIVE"


class Person(msgspec.Struct, frozen=True):
    """The one who asks, as the platform knows them."""

    id: ViewerId
    name: str
    locale: str
    roles: list[Role]


class Learner(msgspec.Struct, frozen=True):
    id: LearnerId
    name: str


class Course(msgspec.Struct, frozen=True):
    id: CourseId
    title: str
    code: str


class Enrolment(msgspec.Struct, frozen=True):
    """That the viewer takes or teaches a course."""

    course: Course
    role: Role


class Lesson(msgspec.Struct, frozen=True):
    """`completed` is said of what its viewer has just done; of what all are told it is None."""

    id: LessonId
    course_id: CourseId
    title: str
    kind: LessonKind
    completed: bool | None = None


class Module(msgspec.Struct, frozen=True):
    id: ModuleId
    title: str
    lessons: list[Lesson]


class Progress(msgspec.Struct, frozen=True):
    """Lessons done of the lessons there are; `ratio` is between 0 and 1, 0 where there are none."""

    course_id: CourseId
    learner_id: LearnerId
    completed: int
    total: int
    known: Known

    @property
    def ratio(self) -> float:
        return self.completed / self.total if self.total else 0.0

    @property
    def way(self) -> Way:
        return Way.of(self.course_id, self.learner_id)

    @property
    def seen(self) -> dict[str, int]:
        """What whoever is shown this has seen."""
        return {**self.known.versions, self.way.shown: self.completed}


class Completed(msgspec.Struct, frozen=True):
    """What somebody has completed in a course; `versions` say how much of it is known."""

    lessons: list[LessonId]
    versions: dict[str, int] = {}

    def misses(self, seen: Seen) -> bool:
        """Whether its viewer has seen more of the same."""
        return any(seen.get(stream, 0) > known for stream, known in self.versions.items())


class LearnerInCourse(msgspec.Struct, frozen=True):
    """One row of a roster."""

    learner: Learner
    course_id: CourseId


class CourseRenamed(msgspec.Struct, frozen=True):
    """`seen` is what whoever did it has seen by that."""

    course: Course
    seen: dict[str, int] = {}


class LessonCompleted(msgspec.Struct, frozen=True):
    """Acknowledged by the side that `known` names; whoever knows as much counts the lesson."""

    lesson: Lesson
    known: Known

    @property
    def course_id(self) -> CourseId:
        return self.lesson.course_id
