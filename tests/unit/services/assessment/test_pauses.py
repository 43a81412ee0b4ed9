"""While an attempt is paused its time stands still, and is given back when it goes on."""

from datetime import timedelta

import pytest

from services.assessment.model.decision import Changed, Conflict
from services.assessment.model.definition import Definition
from services.assessment.model.events import AttemptPaused
from services.assessment.model.moment import moment
from services.assessment.model.pause import pause
from services.assessment.model.save import save
from services.assessment.model.submit import submit
from services.assessment.model.sweep import due_at, sweep
from services.assessment.model.window import window_of
from services.contracts.assessment import AssessmentKind
from tests.unit.services.assessment.paper import (
    ENDS,
    HOUR,
    WRONG,
    act,
    after,
    begun,
    definition,
    given,
    paused,
    resumed,
    saved,
    submitted,
)
from tests.unit.services.assessment.subject import TEACHER

GRACE = timedelta(seconds=30)
MINUTE = timedelta(minutes=1)
KINDS = {
    "quiz with a close": definition(grace=GRACE),
    "quiz with a limit": definition(grace=GRACE, closes_at=None, time_limit=HOUR),
    "exam with both": definition(AssessmentKind.EXAM, grace=GRACE, time_limit=HOUR),
}
QUIZ = KINDS["quiz with a close"]
each_kind = pytest.mark.parametrize("by", KINDS.values(), ids=KINDS)


@each_kind
@pytest.mark.parametrize("stood", [timedelta(0), MINUTE, timedelta(days=3)], ids=str)
def test_the_time_it_stood_still_is_given_back(by: Definition, stood: timedelta) -> None:
    attempt = paused(begun(by), by, after(600))

    attempt = resumed(attempt, after(600) + stood)

    assert window_of(attempt, by, after(600) + stood).ends_at == ENDS + stood
    assert saved(attempt, by, [given("one", WRONG)], ENDS + stood).answers


@each_kind
def test_the_end_moves_on_while_it_is_paused(by: Definition) -> None:
    attempt = paused(begun(by), by, after(600))

    for span in (timedelta(0), MINUTE, HOUR):
        assert window_of(attempt, by, after(600) + span).ends_at == ENDS + span


def test_pauses_add_up() -> None:
    attempt = begun(QUIZ)
    for start_s, end_s in ((60, 120), (300, 420)):
        attempt = resumed(paused(attempt, QUIZ, after(start_s)), after(end_s))

    assert attempt.credit == 3 * MINUTE


@pytest.mark.parametrize(
    ("at_s", "is_taken"), [(-1, True), (0, True), (29, True), (30, True), (31, False), (60, False)]
)
def test_what_was_under_way_has_grace_to_arrive(at_s: float, is_taken: bool) -> None:
    attempt = paused(begun(QUIZ), QUIZ, after(600))

    for decision in (
        save(attempt, QUIZ, [given("one", WRONG)], moment(after(600 + at_s))),
        submit(attempt, QUIZ, [given("one", WRONG)], moment(after(600 + at_s))),
    ):
        assert isinstance(decision, Changed) is is_taken
        if isinstance(decision, Conflict):
            assert (decision.code, decision.retryable) == ("WINDOW_CLOSED", True)


def test_the_sweep_leaves_what_is_paused_alone() -> None:
    attempt = paused(begun(QUIZ), QUIZ, ENDS)

    assert due_at(attempt, QUIZ) is None
    assert not isinstance(sweep(attempt, QUIZ, ENDS + timedelta(days=9)), Changed)
    assert due_at(resumed(attempt, ENDS + HOUR), QUIZ) == ENDS + HOUR + GRACE


def test_what_is_submitted_in_a_pause_closed_when_that_began() -> None:
    attempt = paused(begun(QUIZ), QUIZ, after(600))

    done = submitted(attempt, QUIZ, at=after(610))

    assert (done.submitted_at, done.closed_at) == (after(610), after(600))
    assert done.paused_at is None


def test_a_second_pause_gives_nothing_twice() -> None:
    attempt = paused(begun(QUIZ), QUIZ, after(600))
    attempt = resumed(attempt, after(700))

    attempt = resumed(paused(attempt, QUIZ, after(700)), after(700))

    assert attempt.credit == timedelta(seconds=100)


def test_a_pause_that_ends_before_it_began_takes_nothing_away() -> None:
    """Two commands may read the clock in one order and have their turn in the other."""
    attempt = paused(begun(QUIZ), QUIZ, after(600))

    assert resumed(attempt, after(599)).credit == timedelta(0)


def test_who_paused_and_why_is_kept() -> None:
    decision = pause(begun(QUIZ), QUIZ, act(after(600), "A fire alarm."))

    assert isinstance(decision, Changed)
    [event] = decision.events
    assert event == AttemptPaused(at=after(600), by=TEACHER, reason="A fire alarm.")
