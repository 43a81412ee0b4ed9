"""What late work costs, until when it is taken, and what becomes of what nobody hands in."""

from datetime import datetime, timedelta

import pytest

from services.assessment.model.decision import Changed, Conflict, Duplicate
from services.assessment.model.definition import Definition, default_rules
from services.assessment.model.moment import moment
from services.assessment.model.rules import check_rules
from services.assessment.model.submit import submit
from services.assessment.model.sweep import due_at, sweep
from services.contracts.assessment import AssessmentKind, AtEnd, AttemptState, Rules
from tests.unit.services.assessment.paper import (
    ENDS,
    WRONG,
    after,
    all_right,
    begun,
    definition,
    given,
    rules,
    saved,
    submitted,
    swept,
)

GRACE = timedelta(seconds=30)
DAY_S = 86_400
S = AttemptState


def late(**rule: object) -> Definition:
    return definition(
        AssessmentKind.ASSIGNMENT,
        grace=GRACE,
        rules=Rules(AtEnd.STAY_OPEN, **{"late_for_s": None} | rule),  # type: ignore[arg-type]
    )


PENALTIES = [
    ("in time", 0, 10, 0.0),
    ("within grace", 30, 10, 0.0),
    ("the first day", 31, 10, 1.0),
    ("a day to the second", DAY_S, 10, 1.0),
    ("the second day", DAY_S + 1, 10, 2.0),
    ("the fourth day", 3 * DAY_S + 1, 10, 4.0),
    ("all that there is", 60 * DAY_S, 10, 7.0),
    ("more than all at once", 31, 100, 7.0),
    ("none at all", 60 * DAY_S, 0, 0.0),
    ("a part of a percent", 31, 0.33, 0.033),
]


@pytest.mark.parametrize(
    ("late_s", "percent", "penalty"),
    [row[1:] for row in PENALTIES],
    ids=[row[0] for row in PENALTIES],
)
def test_each_day_begun_costs_its_part_and_no_more_than_there_is(
    late_s: float, percent: float, penalty: float
) -> None:
    by = late(late_penalty=percent)

    done = submitted(begun(by), by, all_right(), after(late_s, ENDS))

    assert done.score is not None
    assert (done.score.raw, done.score.max, done.score.penalty) == (7.0, 10.0, penalty)
    assert done.score.late is (late_s > 30)
    assert done.score.scaled == (7.0 - penalty) / 10


SWEPT = [
    ("submit", rules(), 30, S.GRADED, 0, False),
    ("submit, late is taken", rules(late_for_s=DAY_S), DAY_S, S.GRADED, 0, False),
    ("submit, late within grace", rules(late_for_s=20), 30, S.GRADED, 0, False),
    ("overdue", rules(AtEnd.OVERDUE, overdue_s=600), 30, S.OVERDUE, None, False),
    ("abandon", rules(AtEnd.ABANDON), 30, S.ABANDONED, None, False),
    ("abandon, late is taken", rules(AtEnd.ABANDON, late_for_s=600), 600, S.ABANDONED, None, False),
    ("stay open", rules(AtEnd.STAY_OPEN), None, S.IN_PROGRESS, None, False),
    ("submit, late for good", rules(late_for_s=None), None, S.IN_PROGRESS, None, False),
]


@pytest.mark.parametrize(
    ("rule", "due_s", "state", "submitted_s", "is_late"),
    [row[1:] for row in SWEPT],
    ids=[row[0] for row in SWEPT],
)
def test_what_nobody_hands_in_becomes_what_the_rules_say(
    rule: Rules, due_s: float | None, state: S, submitted_s: float | None, is_late: bool
) -> None:
    by = definition(grace=GRACE, rules=rule)
    attempt = saved(begun(by), by, all_right())
    due = None if due_s is None else after(due_s, ENDS)

    assert due_at(attempt, by) == due
    decision = sweep(attempt, by, (due or ENDS) + timedelta(seconds=1))

    after_it = decision.attempt if isinstance(decision, Changed | Duplicate) else None
    assert after_it is not None
    assert (after_it.state, after_it.late, after_it.answers) == (state, is_late, attempt.answers)
    assert after_it.submitted_at == (None if submitted_s is None else after(submitted_s, ENDS))


@pytest.mark.parametrize(
    ("rule", "saved_s", "submitted_s", "penalty"),
    [
        (rules(late_for_s=2 * DAY_S, late_penalty=10.0), -60, 0, 0.0),
        (rules(late_for_s=2 * DAY_S, late_penalty=10.0), 30, 30, 0.0),
        (rules(late_for_s=2 * DAY_S, late_penalty=10.0), 31, 31, 1.0),
        (rules(late_for_s=2 * DAY_S, late_penalty=10.0), DAY_S + 1, DAY_S + 1, 2.0),
        (rules(late_penalty=10.0), 30, 0, 0.0),
    ],
    ids=["in time", "under way at the end", "late", "a day late", "no late work is taken"],
)
def test_who_never_presses_submit_is_as_late_as_their_last_answer(
    rule: Rules, saved_s: float, submitted_s: float, penalty: float
) -> None:
    by = definition(grace=GRACE, rules=rule)
    attempt = saved(begun(by), by, all_right(), after(saved_s, ENDS))

    done = swept(attempt, by, after(3 * DAY_S, ENDS))

    assert done.submitted_at == after(submitted_s, ENDS)
    assert done.score is not None
    assert (done.late, done.score.penalty) == (penalty > 0, penalty)


def test_time_given_back_to_a_swept_attempt_counts_from_when_it_was_closed() -> None:
    by = definition(grace=GRACE, rules=rules(late_for_s=DAY_S))

    done = swept(saved(begun(by), by, all_right()), by, after(2 * DAY_S, ENDS))

    assert (done.submitted_at, done.closed_at) == (ENDS, after(DAY_S, ENDS))


def test_what_the_sweep_hands_in_has_a_receipt_of_all_that_was_saved() -> None:
    by = definition()

    done = swept(saved(begun(by), by, all_right()), by, after(1, ENDS))

    assert done.receipt is not None
    assert (done.receipt.answered, done.receipt.of, done.receipt.accepted_at) == (5, 6, ENDS)
    assert done.score is not None
    assert done.score.raw == 7.0


OVERDUE = definition(rules=rules(AtEnd.OVERDUE, overdue_s=600, late_penalty=10.0))


@pytest.mark.parametrize("has_come", [True, False], ids=["swept", "before the sweep"])
@pytest.mark.parametrize("late_s", [1, 599, 600])
def test_what_is_overdue_may_still_be_handed_in_as_late(late_s: float, has_come: bool) -> None:
    attempt = saved(begun(OVERDUE), OVERDUE, all_right())
    attempt = swept(attempt, OVERDUE, after(1, ENDS)) if has_come else attempt

    done = submitted(attempt, OVERDUE, at=after(late_s, ENDS))

    assert (done.state, done.late) == (S.GRADED, True)
    assert done.version == attempt.version + (2 if has_come else 3)
    assert done.score is not None
    assert (done.score.raw, done.score.penalty) == (7.0, 1.0)


@pytest.mark.parametrize(("late_s", "answers"), [(601, []), (1, [given("one", WRONG)])])
def test_what_is_overdue_takes_no_answers_and_not_for_ever(
    late_s: float, answers: list[object]
) -> None:
    attempt = swept(begun(OVERDUE), OVERDUE, after(1, ENDS))

    decision = submit(attempt, OVERDUE, answers, moment(after(late_s, ENDS)))  # type: ignore[arg-type]

    assert isinstance(decision, Conflict)
    assert decision.code == "WINDOW_CLOSED"


@pytest.mark.parametrize(
    ("now", "states"),
    [
        (after(0, ENDS), []),
        (after(1, ENDS), [S.OVERDUE]),
        (after(600, ENDS), [S.OVERDUE]),
        (after(601, ENDS), [S.OVERDUE, S.ABANDONED]),
    ],
    ids=["in time", "overdue", "still", "abandoned"],
)
def test_a_sweep_that_comes_late_does_all_that_was_due(now: datetime, states: list[S]) -> None:
    decision = sweep(begun(OVERDUE), OVERDUE, now)

    assert isinstance(decision, Changed if states else Duplicate)
    if isinstance(decision, Changed):
        assert len(decision.events) == len(states)
        assert decision.attempt.state is states[-1]


def test_other_rules_count_from_the_next_decision_on() -> None:
    attempt = swept(begun(OVERDUE), OVERDUE, after(1, ENDS))
    kind = definition(rules=rules(AtEnd.SUBMIT))

    assert swept(attempt, kind, after(2, ENDS)).state is S.GRADED


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (AssessmentKind.QUIZ, Rules(AtEnd.SUBMIT, 0)),
        (AssessmentKind.EXAM, Rules(AtEnd.SUBMIT, 0)),
        (AssessmentKind.ASSIGNMENT, Rules(AtEnd.STAY_OPEN, None)),
    ],
)
def test_work_may_be_late_for_good_and_tests_may_not(kind: AssessmentKind, expected: Rules) -> None:
    assert default_rules(kind) == expected


@pytest.mark.parametrize(
    "rule",
    [
        rules(late_for_s=-1),
        rules(overdue_s=-1),
        rules(prepare_s=-1),
        rules(late_for_s=10**10),
        rules(late_penalty=-0.1),
        rules(late_penalty=100.1),
        rules(late_penalty=float("nan")),
    ],
    ids=["late", "overdue", "prepare", "centuries", "a gift", "more than all", "not a number"],
)
def test_rules_that_make_no_sense_are_refused(rule: Rules) -> None:
    refused = check_rules(rule)

    assert refused is not None
    assert refused.code == "INVALID"


def test_the_widest_rules_are_taken() -> None:
    assert check_rules(rules(late_for_s=None, late_penalty=100.0, prepare_s=0)) is None
