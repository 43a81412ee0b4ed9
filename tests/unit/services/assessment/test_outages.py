"""What an outage takes of an attempt's time is given back: all of it, once, and nothing else."""

from datetime import datetime, timedelta

import pytest

from services.assessment.model.attempt import Attempt
from services.assessment.model.definition import Definition
from services.assessment.model.events import TimeCredited
from services.assessment.model.outage import MOST, REASON, credited
from services.assessment.model.reopen import reopen
from services.assessment.model.span import Span, length
from services.assessment.model.sweep import due_at
from services.assessment.model.window import window_of
from services.contracts.assessment import AssessmentKind, AtEnd
from tests.unit.services.assessment.paper import (
    ENDS,
    HOUR,
    act,
    after,
    begun,
    changed,
    definition,
    paused,
    resumed,
    rules,
    submitted,
)

GRACE = timedelta(seconds=30)
QUIZ = definition(grace=GRACE)
EXAM = definition(AssessmentKind.EXAM, grace=GRACE, time_limit=HOUR)
OUTAGE = Span(after(600), after(900))
LASTED = timedelta(seconds=300)


def end_of(attempt: Attempt, by: Definition = QUIZ, now: datetime = OUTAGE.until) -> datetime:
    ends_at = window_of(attempt, by, now).ends_at
    assert ends_at is not None
    return ends_at


def mended(attempt: Attempt, *outages: Span, by: Definition = QUIZ) -> Attempt:
    return changed(credited(attempt, by, outages, after(1_000)))


@pytest.mark.parametrize("by", [QUIZ, EXAM], ids=["close", "limit"])
def test_an_attempt_under_way_ends_so_much_later(by: Definition) -> None:
    attempt = mended(begun(by), OUTAGE, by=by)

    assert end_of(attempt, by) == ENDS + LASTED
    assert due_at(attempt, by) == ENDS + LASTED + GRACE
    assert window_of(attempt, by, OUTAGE.until).extra_time == LASTED


def test_what_is_kept_says_what_for_and_that_nobody_did_it() -> None:
    found = credited(begun(QUIZ), QUIZ, [OUTAGE], after(901))

    assert found is not None
    since, until = OUTAGE.since, OUTAGE.until
    assert found.events == (
        TimeCredited(
            at=after(901), by=None, since=since, until=until, credit=LASTED, reason=REASON
        ),
    )


def test_to_come_twice_is_to_come_once() -> None:
    attempt = mended(begun(QUIZ), OUTAGE)

    assert credited(attempt, QUIZ, [OUTAGE], after(1_000)) is None


def test_of_two_that_overlap_what_both_took_is_given_back_once() -> None:
    other = Span(after(800), after(1_000))

    assert end_of(mended(begun(QUIZ), OUTAGE, other)) == ENDS + timedelta(seconds=400)


def test_whoever_begins_amid_it_lost_the_rest_of_it() -> None:
    attempt = begun(EXAM, after(700))

    assert end_of(mended(attempt, OUTAGE, by=EXAM), EXAM) == ENDS + timedelta(seconds=200)


@pytest.mark.parametrize(
    "attempt",
    [
        begun(QUIZ, OUTAGE.until),
        begun(QUIZ, after(1_000)),
        submitted(begun(QUIZ), QUIZ, at=after(599)),
        paused(begun(QUIZ), QUIZ, after(500)),
        begun(definition(closes_at=None)),
    ],
    ids=["begun at its end", "begun after it", "ended before it", "paused", "without an end"],
)
def test_who_lost_nothing_is_given_nothing(attempt: Attempt) -> None:
    by = definition(closes_at=None) if attempt == begun(definition(closes_at=None)) else QUIZ

    assert credited(attempt, by, [OUTAGE], after(1_000)) is None


def test_whose_time_was_over_before_it_is_given_nothing() -> None:
    short = definition(closes_at=after(500), grace=GRACE)

    assert credited(begun(short), short, [OUTAGE], after(1_000)) is None


def test_whose_time_would_have_ended_amid_it_has_what_was_left_when_it_began() -> None:
    short = definition(closes_at=after(610), grace=GRACE)

    assert end_of(mended(begun(short), OUTAGE, by=short), short) == after(910)


def test_late_work_has_its_time_too() -> None:
    late = definition(closes_at=after(300), rules=rules(AtEnd.SUBMIT, late_for_s=600))

    assert due_at(mended(begun(late), OUTAGE, by=late), late) == after(900) + LASTED


@pytest.mark.parametrize("resumed_s", [650, 900, 1_000])
def test_a_pause_and_an_outage_at_once_are_given_back_once(resumed_s: float) -> None:
    stopped = paused(begun(QUIZ), QUIZ, after(620))

    attempt = mended(resumed(stopped, after(resumed_s)), OUTAGE)

    assert attempt.credit == timedelta(seconds=max(resumed_s, 900) - 600)
    assert credited(attempt, QUIZ, [OUTAGE], after(1_000)) is None


def test_a_pause_that_goes_on_behind_the_outage_is_given_back_when_it_ends() -> None:
    stopped = mended(paused(begun(QUIZ), QUIZ, after(620)), OUTAGE)

    assert stopped.credit == timedelta(seconds=20)
    assert resumed(stopped, after(1_000)).credit == timedelta(seconds=400)


def test_the_time_it_was_closed_for_is_not_given_back_again() -> None:
    closed = submitted(begun(QUIZ), QUIZ, at=after(500))

    again = changed(reopen(closed, QUIZ, closed.accommodation, act(after(950)), False))

    assert credited(again, QUIZ, [OUTAGE], after(1_000)) is None


def test_for_one_outage_two_hours_are_given_back_at_most() -> None:
    long = Span(after(600), after(600) + timedelta(days=1))

    attempt = mended(begun(QUIZ), long)

    assert attempt.credit == MOST
    assert credited(attempt, QUIZ, [long], after(1_000)) is None


@pytest.mark.parametrize(
    ("less", "left_s"),
    [
        ([], 300),
        ([(0, 600)], 300),
        ([(900, 950)], 300),
        ([(500, 700)], 200),
        ([(700, 800)], 200),
        ([(850, 990), (600, 610)], 240),
        ([(650, 750), (700, 800)], 150),
        ([(500, 1_000), (650, 660)], 0),
    ],
)
def test_a_span_is_as_long_as_what_lies_in_no_other(
    less: list[tuple[float, float]], left_s: float
) -> None:
    others = [Span(after(since), after(until)) for since, until in less]

    assert length(OUTAGE, others) == timedelta(seconds=left_s)
