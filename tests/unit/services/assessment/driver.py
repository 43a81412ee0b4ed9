"""Does one thing to a subject, with what it has to answer; then looks at every attempt there is.

Of its subject it knows what that says and no more, so that the running service can stand in for
the model.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec.structs import replace

from services.assessment.model.accommodation import Accommodation
from services.assessment.model.definition import Definition
from services.contracts.assessment import Attempt, AttemptState, Given, Response, Rules
from services.contracts.ids import decode
from tests.unit.services.assessment.book import ACCEPTED, INVALID, Book, Expected
from tests.unit.services.assessment.draws import GRANTS, WHY, Sent
from tests.unit.services.assessment.ledger import Line
from tests.unit.services.assessment.promises import hold
from tests.unit.services.assessment.subject import (
    LEARNERS,
    TEACHER,
    Action,
    Subject,
    Told,
    Verdict,
)

LONGEST_WAIT_S = 30.0
USERS = (*LEARNERS, TEACHER)


class Driver:
    """`book` has what is promised; every step fails that breaks a promise."""

    def __init__(self, subject: Subject, definition: Definition) -> None:
        self.subject = subject
        self.book = Book(definition, definition.rules)

    def start(self, user: int, waited_s: float) -> None:
        now, at = self._instants(waited_s)
        expected, last = self.book.start(user, now, at), self.book.last(user)
        is_exact = last % 2 == 0
        told = self.subject.start(user, is_exact, waited_s)
        if told.is_done and told.attempt:
            assert told.attempt.number > last
            self.book.lines[_local(told.attempt)] = self._line(user, is_exact, told.attempt)
        self._look("start", told, expected)

    def save(self, own: str, sent: Sent) -> None:
        line, given = self.book.lines[own], sent.given
        at, version = self._instants(sent.waited_s)[1], _version(line, sent.ahead)
        expected, news = self.book.save(line, given, at, version), line.news(given)
        told = self.subject.save(own, given, sent.waited_s, version)
        if told.is_done:
            line.keep(news, at)
            if line.is_finished and line.handed_in_at:
                line.close_by_time(line.handed_in_at, self.book.rules, self.book.regrades)
        self._look("save", told, expected)

    def submit(self, own: str, sent: Sent) -> None:
        line, given = self.book.lines[own], sent.given
        at, version = self._instants(sent.waited_s)[1], _version(line, sent.ahead)
        expected, news = self.book.submit(line, given, at, version), line.news(given)
        told = self.subject.submit(own, given, sent.waited_s, version)
        if told.is_done and told.attempt and told.attempt.score:
            assert told.attempt.submitted_at == at
            assert told.attempt.score.late is line.is_late(at)
            self._hand_in(line, news, at)
        self._look("submit", told, expected)

    def act(self, action: Action, own: str, reason: str = WHY) -> None:
        line, now = self.book.lines[own], self.subject.now()
        expected = self.book.act(action, line, reason, now)
        told = self.subject.act(action, own, reason)
        if told.is_done:
            self.book.acted(action, line, now)
        self._look(action, told, expected)

    def grade(self, own: str, item: str, points: float) -> None:
        line = self.book.lines[own]
        expected = self.book.grade(line, item, points)
        told = self.subject.grade_item(own, item, points)
        if told.is_done:
            line.manual[item] = points
        self._look("grade", told, expected)

    def grant(self, user: int, given: Accommodation, reason: str) -> None:
        is_right = given in GRANTS[:-2] and reason == WHY
        told = self.subject.grant([user], given, reason)
        if told.is_done:
            self.book.grant(user, given)
        self._look("grant", told, ACCEPTED if is_right else INVALID)

    def regrade(self, item: str, correct: Response) -> None:
        """It reaches what is finished with the next sweep."""
        new = self.book.correction(item, correct)
        told = self.subject.regrade(item, correct, WHY)
        self.book.regrades += new
        self._look("regrade", told, ACCEPTED if new else INVALID)

    def set_rules(self, rules: Rules) -> None:
        self.book.rules = rules
        self._look("rules", self.subject.set_rules(rules), ACCEPTED)

    def publish(self, edit: dict[str, object]) -> None:
        newest = self.book.definition
        self.book.definition = replace(newest, version=newest.version + 1, **edit)
        self.subject.publish(self.book.definition)
        self._watch("publish")

    def mirror(self, is_banked: bool) -> None:
        """An attempt made and finished on the old side by whoever has none open here."""
        for user in LEARNERS:
            if not any(line.is_open for line in self.book.of(user)):
                self.book.mirror(user, self.subject.now(), is_banked)
                self.subject.mirror(user, list(self.book.past[user]))
        self._watch("mirror")

    def advance(self, seconds: float) -> None:
        self.subject.advance(seconds)
        self._watch("time")

    def go_to(self, own: str, edge: int, off_s: float) -> None:
        """About the end of an attempt, its grace, or what may be late; never back."""
        if at := self._edge(self.book.lines[own], edge):
            self.advance(max(0.0, (at - self.subject.now()).total_seconds() + off_s))

    def sweep(self) -> None:
        now, lines = self.subject.now(), self.book.lines.values()
        due = [(line, self.book.due(line, now)) for line in lines]
        self.subject.sweep()
        for line, state in due:
            self.book.swept(line, state)
        self._watch("sweep")
        for line, state in due:
            is_submitted = state is AttemptState.SUBMITTED and line.is_finished
            assert state is None or is_submitted or line.seen.state is state, f"not {state}"
        self.subject.audit()

    def _hand_in(self, line: Line, news: Sequence[Given] | None, at: datetime) -> None:
        line.keep(news, at)
        line.taken_until = None
        line.close(at, self.book.rules, self.book.regrades)

    def _edge(self, line: Line, edge: int) -> datetime | None:
        end, rules = line.end(self.subject.now()), self.book.rules
        if end is None:
            return None
        graced, until = end + line.definition.grace, self.book.overdue_until(line)
        return [end, graced, line.last(rules), until][edge]

    def _instants(self, waited_s: float) -> tuple[datetime, datetime]:
        now = self.subject.now()
        return now, now - timedelta(seconds=min(waited_s, LONGEST_WAIT_S))

    def _line(self, user: int, is_exact: bool, attempt: Attempt) -> Line:
        extra, now = self.book.extra[user], self.subject.now()
        return Line(user, user == TEACHER, self.book.definition, is_exact, now, extra, attempt)

    def _look(self, step: str, told: Told, expected: Expected) -> None:
        assert (told.verdict, told.code) == expected, step
        self._watch(step, is_still=told.verdict is not Verdict.ACCEPTED)
        if told.attempt is not None:
            assert self.book.lines[_local(told.attempt)].seen == told.attempt

    def _watch(self, step: str, is_still: bool = False) -> None:
        seen = {_local(one): one for user in USERS for one in self.subject.attempts(user)}
        assert seen.keys() == self.book.lines.keys()
        for own, line in self.book.lines.items():
            if is_still:
                assert seen[own] == line.seen, f"{step} has changed what it left undone"
            else:
                hold(step, line, seen[own])
        for user in USERS:
            assert sum(line.is_open for line in self.book.of(user)) <= 1


def _local(attempt: Attempt) -> str:
    return decode(attempt.id).local


def _version(line: Line, ahead: int | None) -> int | None:
    return None if ahead is None else line.seen.version + ahead
