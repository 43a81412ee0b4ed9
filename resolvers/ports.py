"""All that the resolvers need from outside; a side implements it, the gateway wires it.

Every `many`-like method answers one item per id, in order: the thing, or why it is not given.
"""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

from services.contracts.assessment import Assessment, Attempt, Item
from services.contracts.errors import Refused
from services.contracts.ids import (
    AssessmentId,
    AttemptId,
    CourseId,
    LearnerId,
    LessonId,
    LiveClassId,
)
from services.contracts.learning import (
    Course,
    Enrolment,
    Learner,
    LearnerInCourse,
    Lesson,
    Module,
    Person,
    Progress,
)
from services.contracts.live_class import LiveClass
from services.contracts.paging import Key, Page
from services.kit.caller import Caller

T = TypeVar("T")
Each = Sequence[T | Refused]


class People(Protocol):
    async def me(self, caller: Caller) -> Person | Refused: ...

    async def learners(self, caller: Caller, ids: Sequence[LearnerId]) -> Each[Learner]: ...


class Courses(Protocol):
    async def enrolments(self, caller: Caller) -> list[Enrolment]:
        """Every course the caller takes or teaches; raises UpstreamError."""

    async def many(self, caller: Caller, ids: Sequence[CourseId]) -> Each[Course]: ...

    async def outlines(self, caller: Caller, ids: Sequence[CourseId]) -> Each[list[Module]]: ...

    async def lessons(self, caller: Caller, ids: Sequence[LessonId]) -> Each[Lesson]: ...

    async def rosters(
        self, caller: Caller, ids: Sequence[CourseId], first: int, after: Key | None
    ) -> Each[Page[LearnerInCourse]]:
        """The `first` learners behind the key `after`."""


class Editing(Protocol):
    """What teachers change in a course."""

    async def rename(
        self, caller: Caller, course: CourseId, title: str, key: str
    ) -> Course | Refused: ...


class ProgressSource(Protocol):
    async def mine(self, caller: Caller, courses: Sequence[CourseId]) -> Each[Progress]: ...

    async def of_learners(
        self, caller: Caller, pairs: Sequence[tuple[CourseId, LearnerId]]
    ) -> Each[Progress]: ...


class Written(Protocol):
    """One's own progress on the side that one's completions go to: it shows them at once."""

    async def mine(self, caller: Caller, courses: Sequence[CourseId]) -> Each[Progress]: ...


class Completions(Protocol):
    async def complete(self, caller: Caller, lesson: LessonId, key: str) -> Lesson | Refused: ...


class Assessments(Protocol):
    async def of_courses(
        self, caller: Caller, courses: Sequence[CourseId]
    ) -> Each[list[Assessment]]: ...

    async def many(self, caller: Caller, ids: Sequence[AssessmentId]) -> Each[Assessment]: ...

    async def items(self, caller: Caller, ids: Sequence[AssessmentId]) -> Each[list[Item]]: ...

    async def my_attempts(
        self, caller: Caller, ids: Sequence[AssessmentId]
    ) -> Each[list[Attempt]]: ...

    async def attempts(self, caller: Caller, ids: Sequence[AttemptId]) -> Each[Attempt]: ...


class LiveClasses(Protocol):
    async def of_courses(
        self,
        caller: Caller,
        courses: Sequence[CourseId],
        since: datetime | None,
        until: datetime | None,
    ) -> Each[list[LiveClass]]: ...

    async def agenda(
        self, caller: Caller, since: datetime, until: datetime
    ) -> list[LiveClass] | Refused: ...

    async def many(self, caller: Caller, ids: Sequence[LiveClassId]) -> Each[LiveClass]: ...


class Ear(Protocol):
    async def next(self) -> str | None:
        """Returns when there may be news, with the trace of the newest if they have one."""


class Topics(Protocol):
    def listen(self, topic: str) -> AbstractAsyncContextManager[Ear]:
        """News of a topic from now on."""


@dataclass(frozen=True, slots=True)
class Sources:
    people: People
    courses: Courses
    editing: Editing
    progress: ProgressSource
    completions: Completions
    written: Written
    assessments: Assessments
    live_classes: LiveClasses
    topics: Topics
