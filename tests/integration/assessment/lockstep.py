"""Two subjects to whom the same is done: whatever they are asked, both say the same."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeVar

from services.assessment.model.accommodation import Accommodation
from services.assessment.model.definition import Definition
from services.contracts.assessment import Attempt, Given, Response, Rules
from services.contracts.events import PastAttempt
from tests.unit.services.assessment.subject import Action, Subject, Told

T = TypeVar("T")


class Lockstep:
    """A subject: see there."""

    def __init__(self, one: Subject, other: Subject) -> None:
        self._subjects = (one, other)

    def now(self) -> datetime:
        return self._both(lambda subject: subject.now())

    def advance(self, seconds: float) -> None:
        self._both(lambda subject: subject.advance(seconds))

    def publish(self, definition: Definition) -> None:
        self._both(lambda subject: subject.publish(definition))

    def mirror(self, user: int, past: Sequence[PastAttempt]) -> None:
        self._both(lambda subject: subject.mirror(user, past))

    def sweep(self) -> None:
        self._both(lambda subject: subject.sweep())

    def start(self, user: int, decimal: bool, waited_s: float) -> Told:
        return self._both(lambda subject: subject.start(user, decimal, waited_s))

    def save(
        self, attempt: str, answers: Sequence[Given], waited_s: float, expected: int | None
    ) -> Told:
        return self._both(lambda subject: subject.save(attempt, answers, waited_s, expected))

    def submit(
        self, attempt: str, answers: Sequence[Given], waited_s: float, expected: int | None
    ) -> Told:
        return self._both(lambda subject: subject.submit(attempt, answers, waited_s, expected))

    def act(self, action: Action, attempt: str, reason: str) -> Told:
        return self._both(lambda subject: subject.act(action, attempt, reason))

    def grade_item(self, attempt: str, item: str, points: float) -> Told:
        return self._both(lambda subject: subject.grade_item(attempt, item, points))

    def grant(self, users: Sequence[int], given: Accommodation, reason: str) -> Told:
        return self._both(lambda subject: subject.grant(users, given, reason))

    def regrade(self, item: str, correct: Response, reason: str) -> Told:
        return self._both(lambda subject: subject.regrade(item, correct, reason))

    def set_rules(self, rules: Rules) -> Told:
        return self._both(lambda subject: subject.set_rules(rules))

    def attempts(self, user: int) -> list[Attempt]:
        return self._both(lambda subject: subject.attempts(user))

    def audit(self) -> None:
        self._both(lambda subject: subject.audit())

    def _both(self, ask: Callable[[Subject], T]) -> T:
        one, other = (ask(subject) for subject in self._subjects)
        assert one == other, f"the model: {one}\nthe service: {other}"
        return one
