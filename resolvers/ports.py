"""All that the resolvers need from outside; a side implements it, the gateway wires it.

Every `many`-like method answers one item per id, in order: the thing, or why it is not given.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, TypeAlias, TypeVar

from resolvers.classrooms import Classrooms
from resolvers.platform import Status, Untold
from resolvers.topics import Topics
from services.contracts.assessment import (
    Assessment,
    Attempt,
    AttemptAccepted,
    AttemptConflict,
    AttemptState,
    Given,
    Item,
    Response,
    Rules,
    Score,
    SubmissionCount,
    Window,
)
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
    Completed,
    Course,
    CourseRenamed,
    Enrolment,
    Learner,
    LearnerInCourse,
    Lesson,
    LessonCompleted,
    Module,
    Person,
    Progress,
)
from services.contracts.live_class import LiveClass
from services.contracts.paging import Key, Page
from services.contracts.supervising import Deed, Extra, RegradeAccepted, RulesSet, TimeGranted
from services.kit.caller import Caller

T = TypeVar("T")
Each = Sequence[T | Refused]
AttemptResult: TypeAlias = AttemptAccepted | AttemptConflict | Refused


class People(Protocol):
    async def me(self, caller: Caller) -> Person | Refused: ...

    async def learners(self, caller: Caller, ids: Sequence[LearnerId]) -> Each[Learner]: ...


class Courses(Protocol):
    """`outlines` and `lessons` are told alike to all who may see them."""

    async def enrolments(self, caller: Caller) -> list[Enrolment]:
        """Every course the caller takes or teaches; raises UpstreamError."""

    async def many(self, caller: Caller, ids: Sequence[CourseId]) -> Each[Course]: ...

    async def outlines(self, caller: Caller, ids: Sequence[CourseId]) -> Each[list[Module]]: ...

    async def lessons(self, caller: Caller, ids: Sequence[LessonId]) -> Each[Lesson]: ...

    async def completed(self, caller: Caller, ids: Sequence[CourseId]) -> Each[Completed]: ...

    async def rosters(
        self, caller: Caller, ids: Sequence[CourseId], first: int, after: Key | None
    ) -> Each[Page[LearnerInCourse]]:
        """The `first` learners behind the key `after`."""


class Editing(Protocol):
    """What teachers change in a course."""

    async def rename(
        self, caller: Caller, course: CourseId, title: str, key: str
    ) -> CourseRenamed | Refused:
        """Whoever has seen what it says is told the new title from then on."""


class ProgressSource(Protocol):
    """One's own is no older than what the caller has seen, or says that it may be (`known`)."""

    async def mine(self, caller: Caller, courses: Sequence[CourseId]) -> Each[Progress]: ...

    async def of_learners(
        self, caller: Caller, pairs: Sequence[tuple[CourseId, LearnerId]]
    ) -> Each[Progress]: ...


class Written(Protocol):
    """One's own progress on the side that one's completions go to: it shows them at once."""

    async def mine(self, caller: Caller, courses: Sequence[CourseId]) -> Each[Progress]: ...


class Completions(Protocol):
    async def complete(
        self, caller: Caller, lesson: LessonId, key: str
    ) -> LessonCompleted | Refused:
        """Acknowledged: whoever has seen its versions counts the lesson."""


class Assessments(Protocol):
    async def of_courses(
        self, caller: Caller, courses: Sequence[CourseId]
    ) -> Each[list[Assessment]]: ...

    async def many(self, caller: Caller, ids: Sequence[AssessmentId]) -> Each[Assessment]: ...

    async def items(self, caller: Caller, ids: Sequence[AssessmentId]) -> Each[list[Item]]: ...


class Attempts(Protocol):
    """Attempts as read: whoever may see one sees of it what they may know."""

    async def mine(self, caller: Caller, ids: Sequence[AssessmentId]) -> Each[list[Attempt]]: ...

    async def many(self, caller: Caller, ids: Sequence[AttemptId]) -> Each[Attempt]: ...

    async def windows(self, caller: Caller, ids: Sequence[AssessmentId]) -> Each[Window]: ...

    async def submissions(
        self,
        caller: Caller,
        ids: Sequence[AssessmentId],
        first: int,
        after: Key | None,
        states: Sequence[AttemptState],
    ) -> Each[Page[Attempt]]:
        """Everybody's, for those who teach or supervise; in order of learner and number."""

    async def submission_counts(
        self, caller: Caller, ids: Sequence[AssessmentId]
    ) -> Each[list[SubmissionCount]]:
        """How many `submissions` there are of each state that any is in."""

    async def scores(
        self, caller: Caller, pairs: Sequence[tuple[CourseId, LearnerId]]
    ) -> Each[Score | None]:
        """What learners have in courses by now; None as long as nothing counts."""


class Attempting(Protocol):
    """What is done to attempts. One key, one effect."""

    async def start(self, caller: Caller, assessment: AssessmentId, key: str) -> AttemptResult: ...

    async def save(
        self,
        caller: Caller,
        attempt: AttemptId,
        answers: Sequence[Given],
        key: str,
        expected_version: int | None,
    ) -> AttemptResult: ...

    async def submit(
        self,
        caller: Caller,
        attempt: AttemptId,
        answers: Sequence[Given],
        key: str,
        expected_version: int | None,
    ) -> AttemptResult: ...


class Supervising(Protocol):
    """What teachers, proctors and operators do; each with a reason, kept with who and when."""

    async def act(
        self, caller: Caller, deed: Deed, attempt: AttemptId, reason: str, key: str
    ) -> AttemptResult: ...

    async def grade_item(
        self,
        caller: Caller,
        attempt: AttemptId,
        item: str,
        points: float,
        note: str | None,
        key: str,
    ) -> AttemptResult: ...

    async def grant(
        self, caller: Caller, assessment: AssessmentId, given: Extra, reason: str, key: str
    ) -> TimeGranted | Refused: ...

    async def regrade(
        self,
        caller: Caller,
        assessment: AssessmentId,
        item: str,
        correct: Response,
        reason: str,
        key: str,
    ) -> RegradeAccepted | Refused: ...

    async def set_rules(
        self, caller: Caller, assessment: AssessmentId, rules: Rules, key: str
    ) -> RulesSet | Refused: ...


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


@dataclass(frozen=True, slots=True)
class Sources:
    people: People
    courses: Courses
    editing: Editing
    progress: ProgressSource
    completions: Completions
    written: Written
    assessments: Assessments
    attempts: Attempts
    attempting: Attempting
    supervising: Supervising
    live_classes: LiveClasses
    classrooms: Classrooms
    topics: Topics
    status: Status = field(default_factory=Untold)
