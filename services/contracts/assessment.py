"""Words for assessments and attempts, as they cross the wire."""

from datetime import datetime, timedelta
from enum import StrEnum

import msgspec

from services.contracts.errors import ErrorCode
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


class Source(StrEnum):
    LEGACY = "LEGACY"
    SERVICE = "SERVICE"


class Score(msgspec.Struct, frozen=True):
    """Points got (`raw`) of the points there were (`max`); `penalty` points are taken off for late.

    It is `provisional` while an item waits for a human; `regraded_from` is what `raw` was before
    the last regrade that changed it.
    """

    raw: float
    max: float
    late: bool = False
    penalty: float = 0.0
    provisional: bool = False
    regraded_from: float | None = None

    @property
    def scaled(self) -> float:
        return max(0.0, self.raw - self.penalty) / self.max if self.max else 0.0


class Response(msgspec.Struct, frozen=True, omit_defaults=True):
    """What was answered to one item: at most one field is set, none where it was cleared."""

    choices: list[str] | None = None
    text: str | None = None
    number: float | None = None

    @property
    def is_cleared(self) -> bool:
        return self.choices is None and self.text is None and self.number is None


class Answer(msgspec.Struct, frozen=True):
    """An item's newest answer; `points` only where the reader may know them."""

    item_id: str
    sequence: int
    response: Response
    saved_at: datetime
    points: float | None = None


class Given(msgspec.Struct, frozen=True):
    """An answer on its way in: of two for one item the one with the greater `sequence` stands."""

    item_id: str
    sequence: int
    response: Response


class Receipt(msgspec.Struct, frozen=True):
    """Proof of a submit: `hash` covers the attempt's id, the instant and each answer."""

    hash: str
    accepted_at: datetime
    answered: int
    of: int


class Window(msgspec.Struct, frozen=True):
    """When a learner may work, accommodations counted in; `ends_at` is None where nothing ends it.

    Before an attempt begins, `ends_at` is when it would end if it began now.
    """

    opens_at: datetime | None
    closes_at: datetime | None
    ends_at: datetime | None
    extra_time: timedelta
    server_now: datetime


class Correct(msgspec.Struct, frozen=True):
    """An item's right answer; of a TEXT item `texts` are the accepted ones."""

    item_id: str
    choices: list[str] | None = None
    texts: list[str] | None = None
    number: float | None = None


class Waiting(msgspec.Struct, frozen=True):
    """Why an attempt is shown as it was at `known_at`; `code` says why its side is away.

    `will_be_credited`: its clock stands still while nobody can reach its side, and runs on later.
    """

    known_at: datetime
    code: ErrorCode
    message: str
    lag_ms: int
    will_be_credited: bool


class Attempt(msgspec.Struct, frozen=True):
    """One try of one learner; instants in UTC. `version` counts its changes on its own side."""

    id: AttemptId
    assessment_id: AssessmentId
    course_id: CourseId
    learner_id: LearnerId
    number: int
    state: AttemptState
    started_at: datetime | None
    saved_at: datetime | None
    submitted_at: datetime | None
    score: Score | None
    version: int = 0
    window: Window | None = None
    answers: list[Answer] = []
    receipt: Receipt | None = None
    correct: list[Correct] | None = None
    preview: bool = False
    banked: bool = False
    source: Source = Source.SERVICE
    waiting: Waiting | None = None


class SubmissionCount(msgspec.Struct, frozen=True):
    """So many attempts at an assessment are in this state; previews are none."""

    state: AttemptState
    count: int


class AttemptAccepted(msgspec.Struct, frozen=True, tag=True):
    """Done; or `duplicate`: it had been done before, and this is how the attempt is now."""

    attempt: Attempt
    duplicate: bool = False


class AttemptConflict(msgspec.Struct, frozen=True, tag=True):
    """Not done, because of how the attempt is by now."""

    code: ErrorCode
    message: str
    current: Attempt
    retryable: bool = False
    retry_after_ms: int | None = None


class AtEnd(StrEnum):
    """What becomes of an attempt that nobody submitted in time."""

    SUBMIT = "SUBMIT"
    OVERDUE = "OVERDUE"
    ABANDON = "ABANDON"
    STAY_OPEN = "STAY_OPEN"


class Rules(msgspec.Struct, frozen=True):
    """What a definition of the monolith does not say.

    `late_for_s`: how long after its end an attempt is still taken, as late (None: for good, 0: not
    at all). `late_penalty`: points in percent of the whole, for each day begun. `overdue_s`: how
    long one that is OVERDUE may still be submitted. `prepare_s`: how long before the opening
    attempts are made ahead (0: not at all).
    """

    at_end: AtEnd
    late_for_s: int | None = 0
    late_penalty: float = 0.0
    overdue_s: int = 0
    prepare_s: int = 0
