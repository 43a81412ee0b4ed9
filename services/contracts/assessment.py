"""Words for assessments and attempts, as they cross the wire."""

from datetime import datetime, timedelta
from enum import StrEnum

import msgspec

from services.contracts.ids import AssessmentId, AttemptId, CourseId, LearnerId


class AssessmentKind(StrEnum):
    QUIZ = "QUIZ"
    ASSIGNMENT = "ASSIGNMENT"
    EXAM = "EXAM"


class ScoringPolicy(StrEnum):
    HIGHEST = "HIGHEST"
    LATEST = "LATEST"
    FIRST = "FIRST"
    AVERAGE = "AVERAGE"


class ItemKind(StrEnum):
    SINGLE_CHOICE = "SINGLE_CHOICE"
    MULTIPLE_CHOICE = "MULTIPLE_CHOICE"
    NUMERIC = "NUMERIC"
    TEXT = "TEXT"
    ORDERING = "ORDERING"


class AttemptState(StrEnum):
    NOT_STARTED = "NOT_STARTED"
    IN_PROGRESS = "IN_PROGRESS"
    OVERDUE = "OVERDUE"
    SUBMITTED = "SUBMITTED"
    PENDING_REVIEW = "PENDING_REVIEW"
    GRADED = "GRADED"
    ABANDONED = "ABANDONED"
    INVALIDATED = "INVALIDATED"


class Choice(msgspec.Struct, frozen=True):
    id: str
    label: str


class Item(msgspec.Struct, frozen=True):
    """A question without its answer."""

    id: str
    prompt: str
    kind: ItemKind
    choices: list[Choice]
    points: float


class Assessment(msgspec.Struct, frozen=True):
    """A definition; instants in UTC. `weight` is its share of the course's score, in percent."""

    id: AssessmentId
    course_id: CourseId
    title: str
    kind: AssessmentKind
    opens_at: datetime | None
    closes_at: datetime | None
    time_limit: timedelta | None
    grace: timedelta
    attempts_allowed: int | None
    scoring_policy: ScoringPolicy
    weight: float


class Score(msgspec.Struct, frozen=True):
    """Points got (`raw`) of the points there were (`max`)."""

    raw: float
    max: float
    late: bool = False

    @property
    def scaled(self) -> float:
        return self.raw / self.max if self.max else 0.0


class Attempt(msgspec.Struct, frozen=True):
    """One try of one learner; instants in UTC."""

    id: AttemptId
    assessment_id: AssessmentId
    learner_id: LearnerId
    number: int
    state: AttemptState
    started_at: datetime | None
    saved_at: datetime | None
    submitted_at: datetime | None
    score: Score | None
