"""What a learner is granted moves their end and their close, and reaches what is open at once."""

from datetime import datetime, timedelta

import pytest

from services.assessment.model.accommodation import NO_ACCOMMODATION, Accommodation
from services.assessment.model.decision import Conflict, Duplicate
from services.assessment.model.definition import Definition
from services.assessment.model.grant import extend, granted
from services.assessment.model.moment import moment
from services.assessment.model.save import save
from services.assessment.model.window import window, window_of
from services.contracts.assessment import AssessmentKind, AtEnd, AttemptState
from services.contracts.errors import Refused
from tests.unit.services.assessment.paper import (
    ENDS,
    HOUR,
    WRONG,
    act,
    after,
    begun,
    changed,
    definition,
    given,
    rules,
    saved,
    submitted,
    swept,
)
from tests.unit.services.assessment.subject import BEGINS

MINUTE = timedelta(minutes=1)
LIMIT = timedelta(minutes=40)
NEVER = datetime(9999, 12, 31, 23, 59, 59, tzinfo=BEGINS.tzinfo)
EXAM = definition(AssessmentKind.EXAM)
UNOPENED = definition(AssessmentKind.EXAM, opens_at=None)
QUIZ = definition()
LIMITED = definition(time_limit=LIMIT)
ENDLESS = definition(opens_at=None, closes_at=None)
NO_CLOSE = definition(closes_at=None, time_limit=LIMIT)
LONG = definition(time_limit=5 * HOUR)
TWICE, SOME, BOTH = (
    Accommodation(2.0),
    Accommodation(extra=5 * MINUTE),
    Accommodation(1.5, 5 * MINUTE),
)

WINDOWS = [
    ("exam as it is", EXAM, NO_ACCOMMODATION, 0, HOUR, HOUR),
    ("exam, twice the time", EXAM, TWICE, 60, 2 * HOUR, 2 * HOUR),
    ("exam, some more", EXAM, SOME, 5, HOUR + 5 * MINUTE, HOUR + 5 * MINUTE),
    ("exam, both", EXAM, BOTH, 35, HOUR + 35 * MINUTE, HOUR + 35 * MINUTE),
    ("exam that never opened, nothing to multiply", UNOPENED, TWICE, 0, HOUR, HOUR),
    ("limit, as it is", LIMITED, NO_ACCOMMODATION, 0, HOUR, LIMIT),
    ("limit, twice the time", LIMITED, TWICE, 40, HOUR + LIMIT, 2 * LIMIT),
    ("limit, both", LIMITED, BOTH, 25, HOUR + 25 * MINUTE, LIMIT + 25 * MINUTE),
    ("close before the limit is up", LONG, NO_ACCOMMODATION, 0, HOUR, HOUR),
    ("close before the limit is up, more", LONG, SOME, 5, HOUR + 5 * MINUTE, HOUR + 5 * MINUTE),
    ("close before the limit is up, twice", LONG, TWICE, 300, 6 * HOUR, 6 * HOUR),
    ("quiz, nothing to multiply", QUIZ, TWICE, 0, HOUR, HOUR),
    ("quiz, some more", QUIZ, BOTH, 5, HOUR + 5 * MINUTE, HOUR + 5 * MINUTE),
    ("no close", NO_CLOSE, TWICE, 40, None, 2 * LIMIT),
    ("no time at all", ENDLESS, BOTH, 5, None, None),
]


def _at(span: timedelta | None) -> datetime | None:
    return None if span is None else BEGINS + span


@pytest.mark.parametrize(
    ("by", "extra", "extra_min", "closes", "ends"),
    [row[1:] for row in WINDOWS],
    ids=[row[0] for row in WINDOWS],
)
def test_an_accommodation_moves_the_end_and_the_close(
    by: Definition,
    extra: Accommodation,
    extra_min: int,
    closes: timedelta | None,
    ends: timedelta | None,
) -> None:
    found = window_of(begun(by, extra=extra), by, BEGINS)

    assert found.extra_time == extra_min * MINUTE
    assert (found.closes_at, found.ends_at) == (_at(closes), _at(ends))


def test_before_a_beginning_the_end_is_as_if_it_were_now() -> None:
    early, late = (window(LIMITED, TWICE, at) for at in (BEGINS, after(600)))

    assert early.ends_at == BEGINS + 2 * LIMIT
    assert late.ends_at == after(600) + 2 * LIMIT


def test_a_date_that_means_never_stays_one() -> None:
    by = definition(closes_at=NEVER, grace=HOUR, rules=rules(late_for_s=10**8))

    found = window_of(begun(by, extra=Accommodation(10.0, timedelta(days=7))), by, BEGINS)

    assert found.closes_at is not None
    assert found.closes_at.year == NEVER.year
    assert saved(begun(by), by, [given("one", WRONG)]).saved_at == BEGINS


ONE_MORE = Accommodation(extra_attempts=1)
SUMS = [
    ("the greatest multiplier", Accommodation(2.0), Accommodation(1.5), Accommodation(2.0)),
    ("times add up", SOME, SOME, Accommodation(extra=10 * MINUTE)),
    ("attempts add up", ONE_MORE, ONE_MORE, Accommodation(extra_attempts=2)),
    ("nothing", BOTH, NO_ACCOMMODATION, BOTH),
]


@pytest.mark.parametrize(
    ("before", "given", "expected"), [row[1:] for row in SUMS], ids=[row[0] for row in SUMS]
)
def test_a_grant_adds_to_what_was_granted(
    before: Accommodation, given: Accommodation, expected: Accommodation
) -> None:
    assert granted(before, given, "A doctor's note.") == expected


WRONG_GRANTS = [
    ("less than all", Accommodation(0.9), "Why."),
    ("more than ten times", Accommodation(10.1), "Why."),
    ("not a number", Accommodation(float("nan")), "Why."),
    ("time taken away", Accommodation(extra=-MINUTE), "Why."),
    ("more than a week", Accommodation(extra=timedelta(days=7, seconds=1)), "Why."),
    ("attempts taken away", Accommodation(extra_attempts=-1), "Why."),
    ("attempts without end", Accommodation(extra_attempts=1001), "Why."),
    ("no reason", TWICE, " "),
]


@pytest.mark.parametrize(
    ("given", "reason"), [row[1:] for row in WRONG_GRANTS], ids=[row[0] for row in WRONG_GRANTS]
)
def test_what_may_not_be_granted_is_refused(given: Accommodation, reason: str) -> None:
    refused = granted(NO_ACCOMMODATION, given, reason)

    assert isinstance(refused, Refused)
    assert refused.code == "INVALID"


def test_the_greatest_grant_there_is_may_be_given() -> None:
    most = Accommodation(10.0, timedelta(days=7), 1000)

    assert granted(NO_ACCOMMODATION, most, "x" * 500) == most


def test_a_grant_reaches_the_attempt_that_is_open() -> None:
    attempt = begun(QUIZ)
    too_late = save(attempt, QUIZ, [given("one", WRONG)], moment(after(1, ENDS)))
    assert isinstance(too_late, Conflict)

    longer = changed(extend(attempt, QUIZ, SOME, act()))

    assert longer.version == attempt.version + 1
    assert saved(longer, QUIZ, [given("one", WRONG)], after(300, ENDS)).answers


def test_an_attempt_that_was_overdue_goes_on_where_that_gives_it_time() -> None:
    by = definition(rules=rules(AtEnd.OVERDUE, overdue_s=600))
    overdue = swept(begun(by), by, after(1, ENDS))

    in_time = changed(extend(overdue, by, SOME, act(after(299, ENDS))))
    too_late = changed(extend(overdue, by, SOME, act(after(301, ENDS))))

    assert in_time.state is AttemptState.IN_PROGRESS
    assert too_late.state is AttemptState.OVERDUE


def test_a_grant_changes_nothing_that_is_closed_or_has_it() -> None:
    closed, open_ = submitted(begun(QUIZ), QUIZ), begun(QUIZ, extra=SOME)

    assert extend(closed, QUIZ, SOME, act()) == Duplicate(closed)
    assert extend(open_, QUIZ, SOME, act()) == Duplicate(open_)
