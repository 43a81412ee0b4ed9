"""The model decides over what the old side had, as if it had been begun here."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from services.assessment.foreseeing.deciding import Scene
from services.assessment.model.accommodation import NO_ACCOMMODATION
from services.assessment.model.definition import Definition, default_rules
from services.contracts.assessment import AssessmentKind, AtEnd, Given, Response, Rules
from services.contracts.dry_run import Decided, DryRun, Verb
from services.contracts.errors import ErrorCode
from services.contracts.events import PastAttempt
from services.contracts.ids import TenantId
from tests.fakes.tenant import NOW
from tests.integration.assessment.definitions import ITEMS, KEYS
from tests.unit.services.assessment.foreseeing.told import GRADED, OPEN, at, past

LIMIT = timedelta(minutes=30)
TEST = Definition(
    assessment=7,
    course=1,
    version=1,
    kind=AssessmentKind.QUIZ,
    opens_at=None,
    closes_at=None,
    time_limit=LIMIT,
    grace=timedelta(seconds=20),
    attempts_allowed=2,
    items=ITEMS,
    keys=KEYS,
    rules=default_rules(AssessmentKind.QUIZ),
)
ENDS = NOW + LIMIT
ANSWER = Given("q2", 1, Response(number=46.0))
DONE = past(1, GRADED, 5, 9)
MEANWHILE = at(60)
AFTER_S = LIMIT.total_seconds() + 60


def decided(
    verb: Verb, before: list[PastAttempt], when: datetime = MEANWHILE, **changed: Any
) -> Decided:
    scene = Scene(TenantId("acme"), 4, replace(TEST, **changed), NO_ACCOMMODATION)
    answers = [] if verb is Verb.START else [ANSWER]
    return scene.decided(DryRun(verb, 7, when, when, 1, answers), before, when)


def test_a_start_counts_what_was_begun_there() -> None:
    assert decided(Verb.START, [DONE]) == Decided(number=2, state=OPEN, ends_at=MEANWHILE + LIMIT)
    assert decided(Verb.START, [DONE, past(2, GRADED)]) == Decided(ErrorCode.ATTEMPT_LIMIT)


def test_what_is_open_there_is_given_again() -> None:
    assert decided(Verb.START, [past()]) == Decided(number=1, state=OPEN, ends_at=ENDS)


def test_a_start_before_the_opening_is_refused() -> None:
    assert decided(Verb.START, [], opens_at=at(61)) == Decided(ErrorCode.WINDOW_CLOSED)


@pytest.mark.parametrize("verb", [Verb.SAVE, Verb.SUBMIT])
def test_an_attempt_that_is_not_there_is_not_found(verb: Verb) -> None:
    assert decided(verb, []) == Decided(ErrorCode.NOT_FOUND)


def test_a_save_is_taken_until_the_end() -> None:
    assert decided(Verb.SAVE, [past()]) == Decided(number=1, state=OPEN, ends_at=ENDS)
    assert decided(Verb.SAVE, [past()], at(AFTER_S)) == Decided(ErrorCode.WINDOW_CLOSED)
    assert decided(Verb.SAVE, [DONE]) == Decided(ErrorCode.ATTEMPT_CLOSED)


def test_a_submit_is_scored_and_tells_whether_it_is_late() -> None:
    forgiving = Rules(AtEnd.STAY_OPEN, late_for_s=None)
    handed_in = Decided(number=1, state=GRADED, late=False, ends_at=ENDS)

    late = decided(Verb.SUBMIT, [past()], at(AFTER_S), rules=forgiving)

    assert decided(Verb.SUBMIT, [past()]) == handed_in
    assert late == replace(handed_in, late=True)


def test_nothing_is_said_of_a_state_that_answers_decide_which_are_not_mirrored() -> None:
    found = decided(Verb.SUBMIT, [past()], keys=KEYS[:2])

    assert found == Decided(number=1, state=None, late=False, ends_at=ENDS)
