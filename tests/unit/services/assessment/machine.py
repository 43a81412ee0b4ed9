"""A machine that does whatever may be done to attempts, in any order, and watches what is promised.

Its rules only draw what is done next: the driver does it, and judges.
"""

from collections.abc import Callable, Collection

import hypothesis
from hypothesis import HealthCheck, Phase, settings
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
from services.contracts.assessment import Response, Rules
from tests.unit.services.assessment import draws
from tests.unit.services.assessment.driver import Driver
from tests.unit.services.assessment.in_memory import InMemory
from tests.unit.services.assessment.ledger import Line
from tests.unit.services.assessment.subject import LEARNERS, Subject

STEPS = 30
Fits = Callable[[Line], bool]


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


def is_there(line: Line) -> bool:
    return True


def where(fits: Fits) -> Callable[["ExamMachine"], bool]:
    return lambda machine: any(map(fits, machine.driver.book.lines.values()))


class ExamMachine(RuleBasedStateMachine):
    """`make` gives a new subject, with that one assessment and nobody's attempts."""

    make: Callable[[Definition], Subject] = InMemory

    @initialize(made=draws.definitions, rules=draws.rules)
    def open(self, made: str, rules: Rules) -> None:
        definition = replace(draws.DEFINITIONS[made], rules=rules)
        self.driver = Driver(type(self).make(definition), definition)
        self.driver.sweep()
        self.driver.start(LEARNERS[0], 0.0)

    @rule(starter=draws.starters)
    def start(self, starter: tuple[int, float]) -> None:
        self.driver.start(*starter)

    @precondition(where(lies_open))
    @rule(sent=draws.sent)
    def save(self, sent: draws.Sent) -> None:
        self.driver.save(self._pick(sent.pick, lies_open), sent)

    @precondition(where(lies_open))
    @rule(sent=draws.sent)
    def submit(self, sent: draws.Sent) -> None:
        self.driver.submit(self._pick(sent.pick, lies_open), sent)

    @precondition(where(has_ended))
    @rule(sent=draws.sent)
    def come_late(self, sent: draws.Sent) -> None:
        own = self._pick(sent.pick, has_ended)
        self.driver.save(own, sent)
        self.driver.submit(own, sent)

    @precondition(where(lies_open))
    @rule(at=draws.at_an_edge)
    def do_at_an_edge(self, at: draws.AtAnEdge) -> None:
        own = self._pick(at.sent.pick, lies_open)
        self.driver.go_to(own, at.edge, at.off_s)
        if "sweep" in at.deed:
            self.driver.sweep()
        if "save" in at.deed:
            self.driver.save(own, at.sent)
        if "submit" in at.deed:
            self.driver.submit(own, at.sent)

    @precondition(where(runs))
    @rule(pick=draws.picks)
    def pause(self, pick: int) -> None:
        self.driver.act("pause", self._pick(pick, runs))

    @precondition(where(stands_still))
    @rule(pick=draws.picks, seconds=draws.spans_s)
    def resume(self, pick: int, seconds: float) -> None:
        self.driver.advance(seconds)
        self.driver.act("resume", self._pick(pick, stands_still))

    @precondition(where(has_ended))
    @rule(pick=draws.picks)
    def reopen(self, pick: int) -> None:
        self.driver.act("reopen", self._pick(pick, has_ended))

    @precondition(where(is_there))
    @rule(acted=draws.acted)
    def meddle(self, acted: draws.Acted) -> None:
        """Whatever the attempt, and without a reason at times."""
        self.driver.act(acted.action, self._pick(acted.pick, is_there), acted.reason)

    @precondition(where(is_finished))
    @rule(graded=draws.graded)
    def grade(self, graded: tuple[int, str, float]) -> None:
        pick, item, points = graded
        self.driver.grade(self._pick(pick, is_finished), item, points)

    @rule(granted=draws.granted)
    def grant(self, granted: tuple[int, Accommodation, str]) -> None:
        self.driver.grant(*granted)

    @rule(correction=draws.corrections)
    def regrade(self, correction: tuple[str, Response]) -> None:
        self.driver.regrade(*correction)

    @rule(change=draws.changes)
    def change(self, change: Rules | str | bool) -> None:
        if isinstance(change, Rules):
            self.driver.set_rules(change)
        elif isinstance(change, str):
            self.driver.publish(draws.EDITS[change])
        else:
            self.driver.mirror(is_banked=change)

    @rule(seconds=draws.spans_s)
    def advance(self, seconds: float) -> None:
        self.driver.advance(seconds)

    @rule()
    def sweep(self) -> None:
        self.driver.sweep()

    def teardown(self) -> None:
        self.driver.subject.audit()

    def _pick(self, pick: int, fits: Fits) -> str:
        fitting = [own for own, line in self.driver.book.lines.items() if fits(line)]
        return fitting[pick % len(fitting)]


def run(
    machine: type[ExamMachine], sequences: int, seed: int, phases: Collection[Phase] = tuple(Phase)
) -> None:
    """Raises AssertionError at the first sequence that breaks a promise."""
    bounds = settings(
        max_examples=sequences,
        stateful_step_count=STEPS,
        deadline=None,
        database=None,
        phases=phases,
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
    )
    seeded = hypothesis.seed(seed)(type(machine.__name__, (machine,), {}))
    run_state_machine_as_test(seeded, settings=bounds)
