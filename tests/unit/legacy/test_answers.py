"""Answers cross both ways unharmed, and what is no answer does not cross."""

from math import inf, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from legacy import wire
from legacy.answers import WRONG, holds, response, values
from legacy.client import LegacyRefusal
from services.contracts.assessment import Given, Response

CHOICES = [{"id": letter, "label": letter.upper()} for letter in "abc"]


def question(type_: str) -> wire.Question:
    return wire.Question("q1", type_, "?", CHOICES, 1.0)


def value(type_: str, said: Response) -> object:
    return values([question(type_)], [Given("q1", 3, said)])["q1"]


PAIRS: list[tuple[str, object, Response]] = [
    ("single", "a", Response(choices=["a"])),
    ("multiple", ["b", "a"], Response(choices=["b", "a"])),
    ("multiple", [], Response(choices=[])),
    ("order", ["c", "a", "b"], Response(choices=["c", "a", "b"])),
    ("number", 3.5, Response(number=3.5)),
    ("number", 0.0, Response(number=0.0)),
    ("text", "Cells", Response(text="Cells")),
    ("text", "", Response(text="")),
    ("text", None, Response()),
]


@pytest.mark.parametrize(("type_", "kept", "said"), PAIRS)
def test_each_form_has_one_on_the_other_side(type_: str, kept: object, said: Response) -> None:
    assert value(type_, said) == kept
    assert response(question(type_), kept) == said


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_comes_back_as_it_went(number: float) -> None:
    assert response(question("number"), value("number", Response(number=number))).number == number


@pytest.mark.parametrize(
    ("type_", "said"),
    [
        ("single", Response(choices=["a", "b"])),
        ("single", Response(choices=[])),
        ("single", Response(choices=["x"])),
        ("single", Response(text="a")),
        ("multiple", Response(choices=["a", "x"])),
        ("order", Response(text="abc")),
        ("number", Response(text="3.5")),
        ("number", Response(number=nan)),
        ("number", Response(number=inf)),
        ("text", Response(number=1.0)),
        ("text", Response(text="a", number=1.0)),
    ],
)
def test_what_is_no_answer_of_its_kind_is_refused(type_: str, said: Response) -> None:
    with pytest.raises(LegacyRefusal) as no:
        value(type_, said)

    assert no.value.refusal == WRONG


def test_an_answer_to_no_question_is_refused() -> None:
    with pytest.raises(LegacyRefusal):
        values([question("text")], [Given("q9", 1, Response(text="a"))])


@pytest.mark.parametrize(
    ("type_", "kept"),
    [
        ("single", 7),
        ("single", ["a"]),
        ("multiple", "a"),
        ("number", "3.5"),
        ("number", True),
        ("number", 10**400),
        ("text", {"a": 1}),
        ("sung", "la"),
    ],
)
def test_what_the_monolith_keeps_and_is_no_answer_is_not_guessed(type_: str, kept: object) -> None:
    with pytest.raises((ValueError, KeyError)):
        response(question(type_), kept)


def test_what_was_sent_is_there_or_not() -> None:
    kept = {"q1": "a", "q2": 3}

    assert holds(kept, {})
    assert holds(kept, {"q2": 3.0, "q3": None})
    assert not holds(kept, {"q1": "b"})
    assert not holds(kept, {"q3": "a"})
