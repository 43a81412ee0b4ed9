"""What clients may say to attempts: the edges that are taken, and those that are refused."""

from datetime import timedelta
from math import inf, nan

import pytest

from resolvers import said
from services.contracts.assessment import Given, Response
from services.contracts.errors import ErrorCode, Refused

DAY = timedelta(days=1)


def answer(response: Response | None = None, item: str = "q1", sequence: int = 0) -> Given:
    return Given(item, sequence, response or Response(text="osmosis"))


@pytest.mark.parametrize(
    "answers",
    [
        [],
        [answer()],
        [answer(Response())],
        [answer(Response(text="x" * said.LONGEST_TEXT))],
        [answer(Response(choices=["a"] * said.MOST_CHOICES))],
        [answer(Response(number=-0.5)), answer(item="q2")],
        [answer(item=f"q{number}") for number in range(said.MOST_ANSWERS)],
    ],
)
def test_what_is_within_its_bounds_is_taken(answers: list[Given]) -> None:
    assert said.wrong_with_answers(answers, "k" * said.LONGEST_KEY, 0) is None


@pytest.mark.parametrize(
    ("answers", "wrong"),
    [
        ([None], said.BAD_RESPONSE),
        ([answer(sequence=-1)], said.BAD_SEQUENCE),
        ([answer(item="")], said.BAD_ITEM),
        ([answer(item="q" * 201)], said.BAD_ITEM),
        ([answer(), answer(sequence=1)], said.TWICE),
        ([answer(Response(text="x" * (said.LONGEST_TEXT + 1)))], said.TOO_LONG),
        ([answer(Response(number=inf))], said.BAD_NUMBER),
        ([answer(Response(number=nan))], said.BAD_NUMBER),
        ([answer(Response(choices=["a"] * 201))], said.TOO_MANY_CHOICES),
        ([answer(Response(choices=["a", ""]))], said.BAD_ITEM),
        ([answer(item=f"q{number}") for number in range(501)], said.TOO_MANY),
    ],
)
def test_each_fault_in_an_answer_is_told_by_its_own_sentence(
    answers: list[Given | None], wrong: Refused
) -> None:
    assert said.wrong_with_answers(answers, "k", None) == wrong


@pytest.mark.parametrize("key", ["", "k" * 201])
def test_a_key_that_is_none_is_refused_first(key: str) -> None:
    assert said.wrong_with_answers([None], key, None) == said.BAD_KEY
    assert said.wrong_with_reason("", key) == said.BAD_KEY


def test_a_version_counts_from_zero() -> None:
    assert said.wrong_with_answers([], "k", -1) == said.BAD_VERSION


@pytest.mark.parametrize(
    ("reason", "wrong"),
    [
        ("x", None),
        ("x" * 500, None),
        ("", said.BAD_REASON),
        (" \n", said.BAD_REASON),
        ("x" * 501, said.BAD_REASON),
    ],
)
def test_a_reason_says_something_shortly(reason: str, wrong: Refused | None) -> None:
    assert said.wrong_with_reason(reason, "k") == wrong


@pytest.mark.parametrize(
    ("points", "wrong"),
    [
        (0, None),
        (2.5, None),
        (-0.1, said.BAD_POINTS),
        (inf, said.BAD_POINTS),
        (nan, said.BAD_POINTS),
    ],
)
def test_points_are_a_number_from_zero_on(points: float, wrong: Refused | None) -> None:
    assert said.wrong_with_points(points) == wrong


@pytest.mark.parametrize(
    ("learners", "extra", "multiplier", "attempts", "wrong"),
    [
        (1, timedelta(0), 1.0, 0, None),
        (2_000, 7 * DAY, 10.0, 1_000, None),
        (0, DAY, 1.0, 0, said.BAD_LEARNERS),
        (2_001, DAY, 1.0, 0, said.BAD_LEARNERS),
        (1, -DAY, 1.0, 0, said.BAD_EXTRA),
        (1, 7 * DAY + timedelta(seconds=1), 1.0, 0, said.BAD_EXTRA),
        (1, DAY, 0.9, 0, said.BAD_MULTIPLIER),
        (1, DAY, 10.1, 0, said.BAD_MULTIPLIER),
        (1, DAY, nan, 0, said.BAD_MULTIPLIER),
        (1, DAY, 1.0, -1, said.BAD_ATTEMPTS),
    ],
)
def test_a_grant_lies_within_its_bounds(
    learners: int, extra: timedelta, multiplier: float, attempts: int, wrong: Refused | None
) -> None:
    assert said.wrong_with_grant(learners, extra, multiplier, attempts) == wrong


def test_every_sentence_is_about_something_invalid() -> None:
    sentences = [one for one in vars(said).values() if isinstance(one, Refused)]

    assert len(sentences) >= 17
    assert {one.code for one in sentences} == {ErrorCode.INVALID}
