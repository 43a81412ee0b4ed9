"""What the assessment service may be asked and told: each path, its words, and its answer's.

Ids in questions are local ones of the viewer's tenant; an attempt's is assessment-user-number, or
assessment-user-pnumber for a preview. An answer to a list has one item per id, in order; None is
said of what is not there and of what the viewer may not see alike.
"""

from typing import TypeAlias

import msgspec

from services.contracts.assessment import (
    Attempt,
    AttemptAccepted,
    AttemptConflict,
    AttemptState,
    Given,
    Response,
    Rules,
    Score,
    SubmissionCount,
    Window,
)
from services.contracts.dry_run import DryRun, Foreseen
from services.contracts.question import Ids, Pairs, Question
from services.contracts.supervising import RegradeAccepted, RulesSet, TimeGranted

WAITED = "banyan-waited-ms"
"""How long a command has been under way since the gateway received it, by a monotonic clock."""


class Side(msgspec.Struct, frozen=True):
    """`seen` is how many attempts the monolith says there are, all finished; None: not asked."""

    assessment: int
    wants_service: bool
    seen: int | None = None


class Pinned(msgspec.Struct, frozen=True):
    """Which side this learner's next attempt is made on."""

    service: bool


class Names(msgspec.Struct, frozen=True):
    """Local ids of attempts."""

    attempts: list[str]


class SubmissionsPart(msgspec.Struct, frozen=True):
    """Of each assessment the `first` attempts behind (`user`, `number`), in that order."""

    assessments: list[int]
    first: int
    after_user: int = 0
    after_number: int = 0
    states: list[AttemptState] = []


class Submissions(msgspec.Struct, frozen=True):
    """`attempts` have (user, number) beside them."""

    total: int
    attempts: list[tuple[int, int, Attempt]]
    more: bool


class CourseScore(msgspec.Struct, frozen=True):
    """None as long as nothing counts."""

    score: Score | None


class Proof(msgspec.Struct, frozen=True):
    attempt: str
    hash: str


class Verified(msgspec.Struct, frozen=True):
    """Whether the log of the attempt, and not its present state, gives this hash at some submit."""

    genuine: bool
    accepted_at: str | None = None
    answered: int = 0
    of: int = 0


class Start(msgspec.Struct, frozen=True):
    """`decimal` names the scorer that the attempt keeps: the exact one, or the monolith's."""

    assessment: int
    decimal: bool = True


class Save(msgspec.Struct, frozen=True):
    attempt: str
    answers: list[Given]
    expected_version: int | None = None


class Submit(msgspec.Struct, frozen=True):
    attempt: str
    answers: list[Given] = []
    expected_version: int | None = None


class Grant(msgspec.Struct, frozen=True):
    """Adds to what was granted before; of multipliers the greatest counts."""

    assessment: int
    learners: list[int]
    extra_s: int
    multiplier: float
    extra_attempts: int
    reason: str


class Action(msgspec.Struct, frozen=True):
    attempt: str
    reason: str


class GradeItem(msgspec.Struct, frozen=True):
    attempt: str
    item: str
    points: float
    note: str | None = None


class Regrade(msgspec.Struct, frozen=True):
    """`correct` has the form of an answer; a TEXT item's text is the one accepted."""

    assessment: int
    item: str
    correct: Response
    reason: str


class SetRules(msgspec.Struct, frozen=True):
    assessment: int
    rules: Rules


Outcome: TypeAlias = AttemptAccepted | AttemptConflict

SIDE = Question("/side", Side, Pinned)
MINE = Question("/mine", Ids, list[list[Attempt] | None])
ATTEMPTS = Question("/attempts", Names, list[Attempt | None])
SUBMISSIONS = Question("/submissions", SubmissionsPart, list[Submissions | None])
SUBMISSION_COUNTS = Question("/submissions/counts", Ids, list[list[SubmissionCount] | None])
SCORES = Question("/scores", Pairs, list[CourseScore | None])
WINDOWS = Question("/windows", Ids, list[Window | None])
VERIFY = Question("/receipts/verify", Proof, Verified)
DRY_RUN = Question("/dry-run", DryRun, Foreseen)

START: Question[Start, Outcome] = Question("/commands/start", Start, Outcome)  # type: ignore[arg-type]
SAVE: Question[Save, Outcome] = Question("/commands/save", Save, Outcome)  # type: ignore[arg-type]
SUBMIT: Question[Submit, Outcome] = Question("/commands/submit", Submit, Outcome)  # type: ignore[arg-type]
PAUSE: Question[Action, Outcome] = Question("/commands/pause", Action, Outcome)  # type: ignore[arg-type]
RESUME: Question[Action, Outcome] = Question("/commands/resume", Action, Outcome)  # type: ignore[arg-type]
VOID: Question[Action, Outcome] = Question("/commands/void", Action, Outcome)  # type: ignore[arg-type]
REOPEN: Question[Action, Outcome] = Question("/commands/reopen", Action, Outcome)  # type: ignore[arg-type]
GRADE_ITEM: Question[GradeItem, Outcome] = Question("/commands/grade-item", GradeItem, Outcome)  # type: ignore[arg-type]
GRANT = Question("/commands/grant", Grant, TimeGranted)
REGRADE = Question("/commands/regrade", Regrade, RegradeAccepted)
SET_RULES = Question("/commands/rules", SetRules, RulesSet)
"""Commands are sent with a key; where nothing is done they answer a Refused instead."""
