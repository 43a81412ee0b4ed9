"""What answers are worth."""

from typing import Any

import pytest

from legacy.monolith.scoring import most, points, score
from tests.unit.legacy.monolith.questions import (
    ESSAY,
    FIVE,
    MULTIPLE,
    NUMBER,
    ORDER,
    RIGHT,
    SINGLE,
    TEXT,
    question,
)


def test_all_right_is_all_points() -> None:
    assert score(FIVE, RIGHT) == most(FIVE) == 8.5


def test_nothing_answered_is_no_points() -> None:
    assert score(FIVE, {}) == 0.0


@pytest.mark.parametrize(
    ("asked", "answer", "worth"),
    [
        (SINGLE, "a", 1.0),
        (SINGLE, "b", 0.0),
        (MULTIPLE, ["a", "b"], 2.0),
        (MULTIPLE, ["a", "b", "d"], 1.0),
        (MULTIPLE, ["d"], 0.0),
        (MULTIPLE, ["a", "a", "b", "c"], 3.0),
        (NUMBER, 3, 0.0),
        (NUMBER, 3.145, 1.5),
        (TEXT, "  MITOSIS ", 1.0),
        (TEXT, "Cell Division", 1.0),
        (TEXT, "meiosis", 0.0),
        (ORDER, ["a", "b", "d", "c"], 1.0),
        (ORDER, ["d", "c", "b", "a"], 0.0),
        (ORDER, ["a"], 0.5),
    ],
)
def test_an_answer_has_its_worth(asked: Any, answer: Any, worth: float) -> None:
    assert points(asked, answer) == worth


@pytest.mark.parametrize("asked", FIVE, ids=lambda asked: str(asked["type"]))
@pytest.mark.parametrize("answer", [None, True, {}, {"a": 1}, [{}], [[]], 10**400, "", -1, "é"])
def test_an_answer_of_a_wrong_form_is_worth_nothing(asked: Any, answer: Any) -> None:
    assert points(asked, answer) == 0.0


def test_an_item_is_rounded_half_to_even_before_the_sum() -> None:
    quarter = question("order", ["a", "b", "c", "d"], 1.0)

    worth = points(quarter, ["a", "x", "x", "x"])

    assert worth == 0.2


def test_thirds_do_not_add_up() -> None:
    thirds = [question("multiple", ["a", "b", "c"], 1.0, id_) for id_ in ("q1", "q2", "q3")]

    total = score(thirds, {"q1": ["a"], "q2": ["a"], "q3": ["a"]})

    assert total == 0.9


def test_a_tolerance_is_judged_on_binary_floats() -> None:
    within = question("number", 3.14) | {"tolerance": 0.01}

    assert points(within, 3.13) == 0.0, "3.14 - 3.13 is a little more than 0.01 in binary"


def test_a_written_answer_waits_for_a_human() -> None:
    assert score([*FIVE, ESSAY], RIGHT | {"q6": "Because of the sea."}) is None


def test_an_empty_written_answer_waits_for_nobody() -> None:
    assert score([*FIVE, ESSAY], RIGHT | {"q6": "  "}) == 8.5
