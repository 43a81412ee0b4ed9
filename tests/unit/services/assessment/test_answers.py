"""Which answers have the right form, and which of several to one item stands."""

import pytest

from services.assessment.model.answers import are_answers, newer
from services.assessment.model.decision import Changed, Conflict, Duplicate
from services.assessment.model.moment import moment
from services.assessment.model.save import save
from services.assessment.model.submit import submit
from services.contracts.assessment import Given, Response
from services.contracts.errors import Refused
from tests.unit.services.assessment.paper import (
    CLEARED,
    ENDS,
    ESSAY,
    after,
    all_right,
    begun,
    definition,
    given,
    saved,
    submitted,
)
from tests.unit.services.assessment.subject import BEGINS

QUIZ = definition()
A, B = Response(choices=["a"]), Response(choices=["b"])
NOW = moment(BEGINS)

FORMS = [
    ("one choice", "one", A, True),
    ("two choices of one", "one", Response(choices=["a", "b"]), False),
    ("no choice of one", "one", Response(choices=[]), False),
    ("a choice of another", "one", Response(choices=["z"]), False),
    ("text for a choice", "one", ESSAY, False),
    ("cleared", "one", CLEARED, True),
    ("some choices", "some", Response(choices=["a", "c"]), True),
    ("none of them", "some", Response(choices=[]), True),
    ("one of another", "some", Response(choices=["a", "z"]), False),
    ("a number", "number", Response(number=-0.5), True),
    ("no number", "number", Response(number=float("nan")), False),
    ("beyond all numbers", "number", Response(number=float("inf")), False),
    ("text for a number", "number", Response(text="1"), False),
    ("text", "essay", ESSAY, True),
    ("no text", "essay", Response(text=""), True),
    ("what no database keeps", "essay", Response(text="a\0b"), False),
    ("a number for a text", "essay", Response(number=1.0), False),
    ("two at once", "essay", Response(text="a", number=1.0), False),
    ("an order", "order", Response(choices=["c", "a", "b"]), True),
    ("a part of an order", "order", Response(choices=["c"]), True),
    ("an item of another", "nobody", ESSAY, False),
]


@pytest.mark.parametrize(
    ("item", "response", "is_right"), [row[1:] for row in FORMS], ids=[row[0] for row in FORMS]
)
def test_an_answer_has_the_form_of_its_item(item: str, response: Response, is_right: bool) -> None:
    sent = [given(item, response)]

    assert are_answers(QUIZ, sent) is is_right
    for decision in (save(begun(QUIZ), QUIZ, sent, NOW), submit(begun(QUIZ), QUIZ, sent, NOW)):
        assert isinstance(decision, Refused) is not is_right
        assert not isinstance(decision, Refused) or decision.code == "INVALID"


@pytest.mark.parametrize(
    ("sequence", "is_right"), [(-1, False), (0, True), (2**63 - 1, True), (2**63, False)]
)
def test_a_sequence_is_a_number_that_can_be_kept(sequence: int, is_right: bool) -> None:
    assert are_answers(QUIZ, [given("one", A, sequence)]) is is_right


SEQUENCES: list[tuple[str, list[Given], list[Given] | None]] = [
    ("nothing", [], []),
    ("newer", [given("one", B, 4)], [given("one", B, 4)]),
    ("newer, the same", [given("one", A, 4)], [given("one", A, 4)]),
    ("as it is", [given("one", A, 3)], []),
    ("older", [given("one", B, 2)], []),
    ("another under the same", [given("one", B, 3)], None),
    ("cleared by a newer", [given("one", CLEARED, 4)], [given("one", CLEARED, 4)]),
    ("two, the newer stands", [given("one", A, 5), given("one", B, 4)], [given("one", A, 5)]),
    ("two, in whatever order", [given("one", B, 4), given("one", A, 5)], [given("one", A, 5)]),
    ("the same twice", [given("one", B, 4), given("one", B, 4)], [given("one", B, 4)]),
    ("two under one", [given("one", A, 4), given("one", B, 4)], None),
    ("two under one, long past", [given("one", A, 1), given("one", B, 1)], []),
    (
        "two under one, and a newer",
        [given("one", A, 4), given("one", B, 4), given("one", A, 5)],
        [given("one", A, 5)],
    ),
    ("of an item without any", [given("essay", ESSAY, 0)], [given("essay", ESSAY, 0)]),
    (
        "one new, one another",
        [given("essay", ESSAY, 1), given("one", B, 3)],
        None,
    ),
]


@pytest.mark.parametrize(
    ("sent", "expected"), [row[1:] for row in SEQUENCES], ids=[row[0] for row in SEQUENCES]
)
def test_of_two_answers_the_newer_stands(sent: list[Given], expected: list[Given] | None) -> None:
    known = saved(begun(QUIZ), QUIZ, [given("one", A, 3)])

    assert newer(known.answers, sent) == expected

    decision = save(known, QUIZ, sent, NOW)
    if expected is None:
        assert isinstance(decision, Conflict)
        assert (decision.code, decision.attempt) == ("VERSION_CONFLICT", known)
    elif expected:
        assert isinstance(decision, Changed)
    else:
        assert decision == Duplicate(known)


def test_two_tabs_that_answer_different_items_are_both_kept() -> None:
    attempt = begun(QUIZ)

    for answer in all_right():
        attempt = saved(attempt, QUIZ, [answer], after(1))

    assert attempt.answers.keys() == {answer.item_id for answer in all_right()}
    assert attempt.saved_at == after(1)


def test_an_answer_that_was_under_way_for_longer_does_not_turn_the_clock_back() -> None:
    attempt = saved(begun(QUIZ), QUIZ, [given("one", A)], after(60))

    attempt = saved(attempt, QUIZ, [given("essay", ESSAY)], after(50))

    assert attempt.saved_at == after(60)
    assert attempt.answers["essay"].saved_at == after(50)


@pytest.mark.parametrize("given_version", [None, 1, 0, 2], ids=["none", "right", "older", "newer"])
def test_a_version_that_is_expected_has_to_be_the_attempts(given_version: int | None) -> None:
    attempt, sent = begun(QUIZ), [given("one", A)]
    is_right = given_version in (None, attempt.version)

    for decision in (
        save(attempt, QUIZ, sent, NOW, given_version),
        submit(attempt, QUIZ, sent, NOW, given_version),
    ):
        assert isinstance(decision, Changed) is is_right
        assert is_right or (isinstance(decision, Conflict) and decision.code == "VERSION_CONFLICT")


FINISHED: list[tuple[str, list[Given], bool]] = [
    ("nothing", [], True),
    ("as it is", [given("one", A, 3)], True),
    ("older", [given("one", B, 2)], True),
    ("newer", [given("one", A, 4)], False),
    ("another under the same", [given("one", B, 3)], False),
    ("of an item without any", [given("essay", ESSAY)], False),
]


@pytest.mark.parametrize(
    ("sent", "is_known"), [row[1:] for row in FINISHED], ids=[row[0] for row in FINISHED]
)
def test_a_late_save_or_submit_of_what_is_known_is_a_duplicate(
    sent: list[Given], is_known: bool
) -> None:
    done = submitted(begun(QUIZ), QUIZ, [given("one", A, 3)])

    for decision in (
        save(done, QUIZ, sent, moment(after(1, ENDS)), expected_version=1),
        submit(done, QUIZ, sent, moment(after(1, ENDS)), expected_version=1),
    ):
        if is_known:
            assert decision == Duplicate(done)
        else:
            assert isinstance(decision, Conflict)
            assert (decision.code, decision.attempt) == ("ATTEMPT_CLOSED", done)


def test_what_is_known_already_is_a_duplicate_though_the_time_is_over() -> None:
    attempt = saved(begun(QUIZ), QUIZ, [given("one", A, 3)])

    assert save(attempt, QUIZ, [given("one", A, 3)], moment(after(9, ENDS))) == Duplicate(attempt)
