"""An attempt that is opened again has the time that it had left, and nothing of what it came to."""

from datetime import timedelta

import pytest

from services.assessment.model.accommodation import NO_ACCOMMODATION, Accommodation
from services.assessment.model.attempt import Attempt
from services.assessment.model.decision import Changed, Conflict, Decision
from services.assessment.model.definition import Definition
from services.assessment.model.grade import grade_item
from services.assessment.model.reopen import reopen
from services.assessment.model.sweep import sweep
from services.assessment.model.void import void
from services.assessment.model.window import window_of
from services.contracts.assessment import AtEnd, AttemptState
from tests.unit.services.assessment.paper import (
    ENDS,
    ESSAY,
    HOUR,
    act,
    after,
    all_right,
    begun,
    changed,
    definition,
    given,
    paused,
    rules,
    submitted,
    swept,
)
from tests.unit.services.assessment.subject import TEACHER

QUIZ = definition()
GRACEFUL = definition(grace=timedelta(seconds=30))
LATE = definition(rules=rules(late_for_s=7200))
OVERDUE = definition(rules=rules(AtEnd.OVERDUE, overdue_s=86_400))
FOR_GOOD = definition(rules=rules(AtEnd.STAY_OPEN, late_for_s=None))
LATER = after(10 * 86_400, ENDS)
MINUTE = timedelta(minutes=1)


def again(
    attempt: Attempt, by: Definition = QUIZ, extra: Accommodation = NO_ACCOMMODATION
) -> Decision:
    return reopen(attempt, by, extra, act(LATER), other_is_open=False)


ENDED = [
    ("submitted", QUIZ, submitted(begun(QUIZ), QUIZ, at=after(600)), 50 * MINUTE),
    ("voided", QUIZ, changed(void(begun(QUIZ), QUIZ, act(after(600)))), 50 * MINUTE),
    (
        "voided when it was submitted",
        QUIZ,
        changed(void(submitted(begun(QUIZ), QUIZ, at=after(600)), QUIZ, act(ENDS))),
        50 * MINUTE,
    ),
    (
        "voided in a pause",
        QUIZ,
        changed(void(paused(begun(QUIZ), QUIZ, after(600)), QUIZ, act(after(900)))),
        50 * MINUTE,
    ),
    ("submitted late", LATE, submitted(begun(LATE), LATE, at=after(3600, ENDS)), -HOUR),
]


@pytest.mark.parametrize(
    ("by", "attempt", "left"), [row[1:] for row in ENDED], ids=[row[0] for row in ENDED]
)
def test_the_time_that_was_left_is_left_again(
    by: Definition, attempt: Attempt, left: timedelta
) -> None:
    open_ = changed(again(attempt, by))

    assert open_.state is AttemptState.IN_PROGRESS
    assert window_of(open_, by, LATER).ends_at == LATER + left


NO_TIME = [
    ("submitted at the end", QUIZ, submitted(begun(QUIZ), QUIZ, at=ENDS)),
    ("swept", QUIZ, swept(begun(QUIZ), QUIZ, after(1, ENDS))),
    ("submitted in grace", GRACEFUL, submitted(begun(GRACEFUL), GRACEFUL, at=after(20, ENDS))),
    ("abandoned", OVERDUE, swept(begun(OVERDUE), OVERDUE, after(86_401, ENDS))),
    ("submitted overdue", OVERDUE, submitted(begun(OVERDUE), OVERDUE, at=after(600, ENDS))),
    ("voided long after", QUIZ, changed(void(begun(QUIZ), QUIZ, act(after(600, ENDS))))),
]
no_time = pytest.mark.parametrize(
    ("by", "attempt"), [row[1:] for row in NO_TIME], ids=[row[0] for row in NO_TIME]
)


@no_time
def test_where_no_time_is_left_time_is_granted_first(by: Definition, attempt: Attempt) -> None:
    refused = again(attempt, by)

    assert isinstance(refused, Conflict)
    assert refused.code == "WINDOW_CLOSED"
    assert refused.attempt == attempt


@no_time
def test_with_time_granted_just_that_is_left(by: Definition, attempt: Attempt) -> None:
    open_ = changed(again(attempt, by, Accommodation(extra=5 * MINUTE)))

    assert window_of(open_, by, LATER).ends_at == LATER + 5 * MINUTE


def test_late_work_that_is_taken_for_good_is_reopened_at_any_time() -> None:
    done = submitted(begun(FOR_GOOD), FOR_GOOD, at=after(600, ENDS))

    assert isinstance(again(done, FOR_GOOD), Changed)


def test_what_it_came_to_is_gone_but_for_what_a_human_gave() -> None:
    done = submitted(begun(QUIZ), QUIZ, [*all_right(), given("essay", ESSAY)], after(600))
    done = changed(grade_item(done, QUIZ, "essay", 2.0, None, TEACHER, after(700)))

    open_ = changed(again(done))

    assert (open_.score, open_.receipt, open_.submitted_at) == (None, None, None)
    assert (open_.points, open_.late, open_.closed_at) == ({}, False, None)
    assert open_.answers == done.answers
    resubmitted = submitted(open_, QUIZ, at=LATER)
    assert resubmitted.score is not None
    assert (resubmitted.score.raw, resubmitted.state) == (9.0, AttemptState.GRADED)


def test_one_attempt_is_open_at_most() -> None:
    done = submitted(begun(QUIZ), QUIZ)

    refused = reopen(done, QUIZ, NO_ACCOMMODATION, act(), other_is_open=True)

    assert isinstance(refused, Conflict)
    assert refused.code == "ATTEMPT_CLOSED"


def test_what_was_reopened_is_swept_like_any_other() -> None:
    open_ = changed(again(submitted(begun(QUIZ), QUIZ, at=after(600))))

    assert not isinstance(sweep(open_, QUIZ, LATER + 50 * MINUTE), Changed)
    done = swept(open_, QUIZ, LATER + 50 * MINUTE + timedelta(seconds=1))

    assert done.submitted_at == LATER + 50 * MINUTE
