"""A machine that does whatever may be done to attempts, in any order, and watches what is promised.

It knows what each command has to be answered, and after every step looks at every attempt. Of its
subject it knows what that says and no more, so that the running service can stand in for the model.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

import hypothesis
from hypothesis import HealthCheck, settings
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)
from msgspec.structs import replace

from services.assessment.model.accommodation import Accommodation
from services.assessment.model.definition import Definition
from services.contracts.assessment import Attempt, AttemptState, Response, Rules
from services.contracts.ids import decode
from tests.unit.services.assessment import draws
from tests.unit.services.assessment.book import ACCEPTED, INVALID, Book, Expected
from tests.unit.services.assessment.in_memory import InMemory
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

STEPS = 30
LONGEST_WAIT_S = 30.0
USERS = (*LEARNERS, TEACHER)


def lies_open(line: Line) -> bool:
    return line.is_open


def runs(line: Line) -> bool:
    return line.is_open and line.paused_at is None


def stands_still(line: Line) -> bool:
    return line.paused_at is not None


def is_finished(line: Line) -> bool:
    return line.is_finished


def has_ended(line: Line) -> bool:
    return not line.is_open


def where(fits: Callable[[Line], bool]) -> Callable[["ExamMachine"], bool]:
    return lambda machine: any(map(fits, machine.book.lines.values()))


class ExamMachine(RuleBasedStateMachine):
    make: Callable[[Definition], Subject] = InMemory

    @initialize(made=draws.definitions, rules=draws.rules)
    def open(self, made: str, rules: Rules) -> None:
        definition = replace(draws.DEFINITIONS[made], rules=rules)
        self.subject = type(self).make(definition)
        self.book = Book(definition, rules)
        self.sweep()
        self.start((LEARNERS[0], 0.0))

    @rule(starter=draws.starters)
    def start(self, starter: tuple[int, float]) -> None:
        user, waited_s = starter
        now, at = self._instants(waited_s)
        expected, last = self.book.start(user, now, at), self.book.last(user)
        is_exact = last % 2 == 0
        told = self.subject.start(user, is_exact, waited_s)
        if told.is_done and told.attempt:
            assert told.attempt.number > last
            self.book.lines[_local(told.attempt)] = self._line(user, is_exact, told.attempt)
        self._look("start", told, expected)

    @precondition(where(lies_open))
    @rule(sent=draws.sent)
    def save(self, sent: draws.Sent) -> None:
        self._save(sent, *self._pick(sent.pick, lies_open))

    @precondition(where(lies_open))
    @rule(sent=draws.sent)
    def submit(self, sent: draws.Sent) -> None:
        self._submit(sent, *self._pick(sent.pick, lies_open))

    @precondition(where(has_ended))
    @rule(sent=draws.sent)
    def come_late(self, sent: draws.Sent) -> None:
        own, line = self._pick(sent.pick, has_ended)
        self._save(sent, own, line)
        self._submit(sent, own, line)

    @precondition(where(runs))
    @rule(pick=draws.picks)
    def pause(self, pick: int) -> None:
        self._act("pause", draws.WHY, *self._pick(pick, runs))

    @precondition(where(stands_still))
    @rule(pick=draws.picks, seconds=draws.spans_s)
    def resume(self, pick: int, seconds: float) -> None:
        self.advance(seconds)
        self._act("resume", draws.WHY, *self._pick(pick, stands_still))

    @precondition(where(has_ended))
    @rule(pick=draws.picks)
    def reopen(self, pick: int) -> None:
        self._act("reopen", draws.WHY, *self._pick(pick, has_ended))

    @precondition(where(bool))
    @rule(acted=draws.acted)
    def meddle(self, acted: draws.Acted) -> None:
        """Whatever the attempt, and without a reason at times."""
        self._act(acted.action, acted.reason, *self._pick(acted.pick, bool))

    @precondition(where(is_finished))
    @rule(graded=draws.graded)
    def grade(self, graded: tuple[int, str, float]) -> None:
        pick, item, points = graded
        own, line = self._pick(pick, is_finished)
        expected = self.book.grade(line, item, points)
        told = self.subject.grade_item(own, item, points)
        if told.is_done:
            line.manual[item] = points
        self._look("grade", told, expected)

    @rule(granted=draws.granted)
    def grant(self, granted: tuple[int, Accommodation, str]) -> None:
        user, given, reason = granted
        is_right = given in draws.GRANTS[:-2] and reason == draws.WHY
        told = self.subject.grant([user], given, reason)
        if told.is_done:
            self.book.grant(user, given)
        self._look("grant", told, ACCEPTED if is_right else INVALID)

    @rule(correction=draws.corrections)
    def regrade(self, correction: tuple[str, Response]) -> None:
        """It reaches what is finished with the next sweep."""
        item, correct = correction
        new = self.book.correction(item, correct)
        told = self.subject.regrade(item, correct, draws.WHY)
        self.book.regrades += new
        self._look("regrade", told, ACCEPTED if new else INVALID)

    @rule(change=draws.changes)
    def change(self, change: Rules | str | bool) -> None:
        if isinstance(change, Rules):
            self.book.rules = change
            self._look("rules", self.subject.set_rules(change), ACCEPTED)
        elif isinstance(change, str):
            newest = self.book.definition
            edit = draws.EDITS[change] | {"version": newest.version + 1}
            self.book.definition = replace(newest, **edit)
            self.subject.publish(self.book.definition)
        else:
            self._mirror(is_banked=change)
        self._watch("change")

    @rule(seconds=draws.spans_s)
    def advance(self, seconds: float) -> None:
        self.subject.advance(seconds)
        self._watch("time")

    @precondition(where(lies_open))
    @rule(at=draws.at_an_edge)
    def do_at_an_edge(self, at: draws.AtAnEdge) -> None:
        """About the end of an attempt, its grace, or what may be late."""
        own, line = self._pick(at.sent.pick, lies_open)
        if edge := self._edge(line, at.edge):
            ahead_s = (edge - self.subject.now()).total_seconds() + at.off_s
            self.advance(max(0.0, ahead_s))
        if "sweep" in at.deed:
            self.sweep()
        if "save" in at.deed:
            self._save(at.sent, own, line)
        if "submit" in at.deed:
            self._submit(at.sent, own, line)

    @rule()
    def sweep(self) -> None:
        now, lines = self.subject.now(), self.book.lines.values()
        due = [(line, self.book.due(line, now)) for line in lines]
        self.subject.sweep()
        for line, state in due:
            self.book.swept(line, state)
        self._watch("sweep")
        for line, state in due:
            is_right = (
                line.is_finished if state is AttemptState.SUBMITTED else line.seen.state is state
            )
            assert state is None or is_right, f"{line.seen.state} and not {state}"
        self.subject.audit()

    def teardown(self) -> None:
        self.subject.audit()

    def _save(self, sent: draws.Sent, own: str, line: Line) -> None:
        at, version = self._instants(sent.waited_s)[1], _version(line, sent.ahead)
        expected, news = self.book.save(line, sent.given, at, version), line.news(sent.given)
        told = self.subject.save(own, sent.given, sent.waited_s, version)
        if told.is_done:
            line.keep(news)
            if line.is_finished and line.seen.submitted_at:
                line.close(line.seen.submitted_at, self.book.rules, self.book.regrades)
        self._look("save", told, expected)

    def _submit(self, sent: draws.Sent, own: str, line: Line) -> None:
        at, version = self._instants(sent.waited_s)[1], _version(line, sent.ahead)
        expected, news = self.book.submit(line, sent.given, at, version), line.news(sent.given)
        told = self.subject.submit(own, sent.given, sent.waited_s, version)
        if told.is_done and told.attempt and told.attempt.score:
            assert told.attempt.submitted_at == at
            assert told.attempt.score.late is line.is_late(at)
            line.keep(news)
            line.close(at, self.book.rules, self.book.regrades)
            line.taken_until = None
        self._look("submit", told, expected)

    def _act(self, action: Action, reason: str, own: str, line: Line) -> None:
        now = self.subject.now()
        expected = self.book.act(action, line, reason, now)
        told = self.subject.act(action, own, reason)
        if told.is_done:
            self.book.acted(action, line, now)
        self._look(action, told, expected)

    def _mirror(self, is_banked: bool) -> None:
        """An attempt made and finished on the old side by a learner who has none open here."""
        for user in LEARNERS:
            if not any(line.is_open for line in self.book.of(user)):
                self.book.mirror(user, self.subject.now(), is_banked)
                self.subject.mirror(user, list(self.book.past[user]))

    def _pick(self, pick: int, fits: Callable[[Line], bool]) -> tuple[str, Line]:
        fitting = [one for one in self.book.lines.items() if fits(one[1])]
        return fitting[pick % len(fitting)]

    def _edge(self, line: Line, edge: int) -> datetime | None:
        end, rules = line.end(self.subject.now()), self.book.rules
        if end is None:
            return None
        graced, last, until = (
            end + line.definition.grace,
            line.last(rules),
            self.book.overdue_until(line),
        )
        return [end, graced, last, until][edge]

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


def _version(line: Line, behind: int | None) -> int | None:
    return None if behind is None else line.seen.version + behind


def run(machine: type[ExamMachine], sequences: int, seed: int) -> None:
    """Raises AssertionError at the first sequence that breaks a promise."""
    bounds = settings(
        max_examples=sequences,
        stateful_step_count=STEPS,
        deadline=None,
        database=None,
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
    )
    seeded = hypothesis.seed(seed)(type(machine.__name__, (machine,), {}))
    run_state_machine_as_test(seeded, settings=bounds)
