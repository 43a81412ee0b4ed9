"""Two seconds before and behind each instant at which the rules of time change."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from services.assessment.model.attempt import Attempt
from services.assessment.model.decision import Changed, Conflict, Decision, Duplicate
from services.assessment.model.definition import Definition
from services.assessment.model.moment import Moment, moment
from services.assessment.model.prior import Prior
from services.assessment.model.save import save
from services.assessment.model.start import Starter, start
from services.assessment.model.submit import submit
from services.assessment.model.sweep import sweep
from services.contracts.assessment import AssessmentKind, AtEnd
from services.contracts.errors import Refused
from tests.unit.services.assessment.paper import (
    ENDS,
    LEARNER,
    WRONG,
    after,
    begun,
    definition,
    given,
    rules,
    saved,
    submitted,
    swept,
)
from tests.unit.services.assessment.subject import BEGINS, TENANT

GRACE_S = 30
AROUND = (-2, -1, 0, 1, 2)
LATE_S = 600


def timed(**other: Any) -> Definition:
    return definition(grace=timedelta(seconds=GRACE_S), **other)


STRICT = timed()
LIMITED = timed(closes_at=None, time_limit=ENDS - BEGINS)
LATE = timed(rules=rules(late_for_s=LATE_S))
A_LITTLE_LATE = timed(rules=rules(late_for_s=10))
FOR_GOOD = timed(kind=AssessmentKind.ASSIGNMENT, rules=rules(AtEnd.STAY_OPEN, late_for_s=None))
GRACELESS = definition()

# Of each the seconds behind the end at which something changes, and what is true until then.
EDGES = [
    ("strict", STRICT, 0, "in time", "in time"),
    ("strict", STRICT, GRACE_S, "in time", "over"),
    ("limited", LIMITED, 0, "in time", "in time"),
    ("limited", LIMITED, GRACE_S, "in time", "over"),
    ("late", LATE, GRACE_S, "in time", "late"),
    ("late", LATE, LATE_S, "late", "over"),
    ("a little late", A_LITTLE_LATE, 10, "in time", "in time"),
    ("a little late", A_LITTLE_LATE, GRACE_S, "in time", "over"),
    ("for good", FOR_GOOD, GRACE_S, "in time", "late"),
    ("for good", FOR_GOOD, 10**8, "late", "late"),
    ("graceless", GRACELESS, 0, "in time", "over"),
]
CASES = [
    pytest.param(
        by, edge_s + off_s, before if off_s <= 0 else behind, id=f"{name} {edge_s}{off_s:+}s"
    )
    for name, by, edge_s, before, behind in EDGES
    for off_s in AROUND
]


def _is_taken(decision: Decision) -> bool:
    if isinstance(decision, Changed):
        return True
    assert isinstance(decision, Conflict)
    assert (decision.code, decision.retryable) == ("WINDOW_CLOSED", False)
    return False


@pytest.mark.parametrize(("by", "at_s", "expected"), CASES)
def test_an_answer_is_taken_until_its_time_is_over(
    by: Definition, at_s: float, expected: str
) -> None:
    decision = save(begun(by), by, [given("one", WRONG)], moment(after(at_s, ENDS)))

    assert _is_taken(decision) is (expected != "over")


@pytest.mark.parametrize(("by", "at_s", "expected"), CASES)
def test_a_submit_is_taken_until_its_time_is_over_and_late_behind_grace(
    by: Definition, at_s: float, expected: str
) -> None:
    decision = submit(begun(by), by, [given("one", WRONG)], moment(after(at_s, ENDS)))

    assert _is_taken(decision) is (expected != "over")
    if isinstance(decision, Changed):
        assert decision.attempt.late is (expected == "late")
        assert decision.attempt.submitted_at == after(at_s, ENDS)


@pytest.mark.parametrize("off_s", AROUND)
@pytest.mark.parametrize("by", [STRICT, LATE], ids=["strict", "late"])
def test_the_sweep_comes_when_nothing_is_taken_any_more(by: Definition, off_s: float) -> None:
    last_s = GRACE_S if by is STRICT else LATE_S
    attempt, now = begun(by), after(last_s + off_s, ENDS)

    is_taken = _is_taken(save(attempt, by, [given("one", WRONG)], moment(now)))

    assert isinstance(sweep(attempt, by, now), Changed) is not is_taken


@pytest.mark.parametrize(
    ("waited_s", "is_taken"),
    [(0, False), (4.9, False), (5, True), (20, True), (30, True), (3600, True)],
    ids=str,
)
def test_waiting_in_a_queue_costs_nobody_their_time(waited_s: float, is_taken: bool) -> None:
    late = moment(after(GRACE_S + 5, ENDS), timedelta(seconds=waited_s))

    decision = save(begun(STRICT), STRICT, [given("one", WRONG)], late)

    assert _is_taken(decision) is is_taken


def test_nobody_has_waited_for_longer_than_half_a_minute() -> None:
    late = moment(after(GRACE_S + 31, ENDS), timedelta(hours=1))

    assert not _is_taken(save(begun(STRICT), STRICT, [given("one", WRONG)], late))


def test_nobody_has_waited_for_less_than_nothing() -> None:
    assert moment(BEGINS, timedelta(seconds=-5)) == Moment(BEGINS, BEGINS)


def test_grace_is_given_once_and_moves_no_end() -> None:
    attempt = begun(STRICT)
    for at_s in (10, 20, 30):
        attempt = saved(attempt, STRICT, [given("one", WRONG, at_s)], after(at_s, ENDS))

    decision = save(attempt, STRICT, [given("one", WRONG, 99)], moment(after(31, ENDS)))

    assert not _is_taken(decision)


def test_what_was_under_way_is_taken_though_the_sweep_was_quicker() -> None:
    closed = swept(begun(STRICT), STRICT, after(GRACE_S + 1, ENDS))
    under_way = moment(after(GRACE_S + 2, ENDS), timedelta(seconds=3))

    kept = submit(closed, STRICT, [given("one", WRONG)], under_way)

    assert isinstance(kept, Changed)
    assert kept.attempt.answers["one"].response == WRONG
    assert kept.attempt.submitted_at == under_way.judged_at
    assert not kept.attempt.late


def test_a_submit_that_was_under_way_with_nothing_new_finds_it_done() -> None:
    attempt = saved(begun(STRICT), STRICT, [given("one", WRONG)])
    closed = swept(attempt, STRICT, after(GRACE_S + 1, ENDS))
    under_way = moment(after(GRACE_S + 2, ENDS), timedelta(seconds=3))

    assert submit(closed, STRICT, [given("one", WRONG)], under_way) == Duplicate(closed)


def test_an_answer_that_was_under_way_is_handed_in_with_the_others() -> None:
    closed = swept(begun(STRICT), STRICT, after(GRACE_S + 1, ENDS))
    under_way = moment(after(GRACE_S + 2, ENDS), timedelta(seconds=3))

    kept = save(closed, STRICT, [given("one", WRONG)], under_way)

    assert isinstance(kept, Changed)
    assert kept.attempt.is_finished
    assert kept.attempt.submitted_at == closed.submitted_at
    assert kept.attempt.receipt is not None
    assert kept.attempt.receipt.answered == 1


@pytest.mark.parametrize(
    ("closed", "waited_s"),
    [
        (swept(begun(STRICT), STRICT, after(GRACE_S + 1, ENDS)), 1),
        (submitted(begun(STRICT), STRICT, at=ENDS), 30),
    ],
    ids=["sent too late", "submitted by the learner"],
)
def test_nothing_else_is_taken_of_what_is_closed(closed: Attempt, waited_s: float) -> None:
    when = moment(after(GRACE_S + 2, ENDS), timedelta(seconds=waited_s))

    decision = save(closed, STRICT, [given("one", WRONG)], when)

    assert isinstance(decision, Conflict)
    assert decision.code == "ATTEMPT_CLOSED"


def test_other_rules_bring_nothing_back_that_time_has_closed() -> None:
    closed = swept(begun(STRICT), STRICT, after(GRACE_S + 1, ENDS))

    decision = save(closed, FOR_GOOD, [given("one", WRONG)], moment(after(GRACE_S + 2, ENDS)))

    assert isinstance(decision, Conflict)


FIVE_HOURS = timedelta(hours=5)
LIMITED_LATE = timed(time_limit=FIVE_HOURS, rules=rules(late_for_s=LATE_S))
STARTS = [
    ("opens", STRICT, BEGINS, "early", "yes"),
    ("closes", STRICT, ENDS, "yes", "over"),
    ("closes before the limit", timed(time_limit=FIVE_HOURS), ENDS, "yes", "over"),
    ("late is over", LATE, after(LATE_S, ENDS), "yes", "over"),
    ("late, but with a limit", LIMITED_LATE, ENDS, "yes", "over"),
    ("late for good", FOR_GOOD, after(10**8, ENDS), "yes", "yes"),
    ("never closes", LIMITED, after(10**8, ENDS), "yes", "yes"),
]
"""What is said before the instant and behind it; at the very instant one may begin."""


@pytest.mark.parametrize("off_s", AROUND)
@pytest.mark.parametrize(
    ("by", "edge", "before", "behind"), [row[1:] for row in STARTS], ids=[row[0] for row in STARTS]
)
def test_an_attempt_begins_between_the_opening_and_the_close(
    by: Definition, edge: datetime, before: str, behind: str, off_s: int
) -> None:
    at = after(off_s, edge)
    expected = "yes" if off_s == 0 else before if off_s < 0 else behind

    decision = start(Starter(TENANT, LEARNER), by, Prior(), moment(at))

    if expected == "yes":
        assert isinstance(decision, Changed)
    else:
        assert isinstance(decision, Refused)
        assert decision.code == "WINDOW_CLOSED"
        assert ("not open yet" in decision.message) is (expected == "early")


def test_a_start_that_waited_past_the_close_begins_with_its_own_time_whole() -> None:
    by = timed(closes_at=ENDS, time_limit=timedelta(minutes=5))
    when = moment(after(4, ENDS), timedelta(seconds=5))

    decision = start(Starter(TENANT, LEARNER), by, Prior(), when)

    assert isinstance(decision, Changed)
    assert decision.attempt.started_at == when.now
