"""What the machine drives: attempts at one assessment, as their learners and its staff have them.

A subject may keep them in memory or be the running service: to the same commands at the same
instants each gives the same answers.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Literal, Protocol, TypeAlias

from services.assessment.model.accommodation import Accommodation
from services.assessment.model.definition import Definition
from services.contracts.assessment import Attempt, Given, Response, Rules
from services.contracts.errors import ErrorCode
from services.contracts.events import PastAttempt
from services.contracts.ids import TenantId

BEGINS = datetime(2026, 3, 2, 9, tzinfo=UTC)
TENANT = TenantId("northfield")
ASSESSMENT, COURSE = 7, 3
LEARNERS = (11, 12)
TEACHER = 90
"""Who begins a preview where learners begin an attempt."""

Action: TypeAlias = Literal["pause", "resume", "void", "reopen"]


class Verdict(StrEnum):
    ACCEPTED = "ACCEPTED"
    DUPLICATE = "DUPLICATE"
    CONFLICT = "CONFLICT"
    REFUSED = "REFUSED"


@dataclass(frozen=True, slots=True)
class Told:
    """What a command was answered; `attempt` as its learner sees it from then on."""

    verdict: Verdict
    code: ErrorCode | None = None
    attempt: Attempt | None = None

    @property
    def is_done(self) -> bool:
        return self.verdict is Verdict.ACCEPTED


class Subject(Protocol):
    """Attempts are named by their local ids; `waited_s` is how long a command was under way."""

    def now(self) -> datetime: ...

    def advance(self, seconds: float) -> None: ...

    def publish(self, definition: Definition) -> None:
        """Another version of the assessment; its `rules` are none of it."""

    def mirror(self, user: int, past: Sequence[PastAttempt]) -> None:
        """All that the learner has on the old side."""

    def sweep(self) -> None:
        """All that time and the background have to do by now."""

    def start(self, user: int, decimal: bool, waited_s: float) -> Told: ...

    def save(
        self, attempt: str, answers: Sequence[Given], waited_s: float, expected: int | None
    ) -> Told:
        """By the learner whose it is; so is `submit`."""

    def submit(
        self, attempt: str, answers: Sequence[Given], waited_s: float, expected: int | None
    ) -> Told: ...

    def act(self, action: Action, attempt: str, reason: str) -> Told:
        """By the teacher, as all that follows; of a preview nothing is there to supervise."""

    def grade_item(self, attempt: str, item: str, points: float) -> Told: ...

    def grant(self, users: Sequence[int], given: Accommodation, reason: str) -> Told: ...

    def regrade(self, item: str, correct: Response, reason: str) -> Told: ...

    def set_rules(self, rules: Rules) -> Told: ...

    def attempts(self, user: int) -> list[Attempt]:
        """Those begun, in order of their numbers."""

    def audit(self) -> None:
        """Fails where what is kept is not what the log of events comes to."""
