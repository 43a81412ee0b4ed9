"""What answers are worth: floats, rounded item by item and once more in all, as it always was."""

from collections.abc import Callable, Mapping
from typing import Any

from legacy.monolith.shapes import Question

LARGEST = 1e300
"""Beyond it a whole number is no float."""


def score(questions: list[Question], answers: Mapping[str, Any]) -> float | None:
    """Points of the whole; None when a human has to read an answer first."""
    if any(_needs_human(question, answers.get(question["id"])) for question in questions):
        return None
    return round(sum(points(question, answers.get(question["id"])) for question in questions), 1)


def points(question: Question, answer: object) -> float:
    """Points of one item, rounded to one decimal."""
    share = SHARES[question["type"]](question, answer)
    return round(question["points"] * share, 1)


def most(questions: list[Question]) -> float:
    return round(sum(question["points"] for question in questions), 1)


def _needs_human(question: Question, answer: object) -> bool:
    is_written = isinstance(answer, str) and bool(answer.strip())
    return question["type"] == "text" and question["answer"] is None and is_written


def _single(question: Question, answer: object) -> float:
    return float(answer == question["answer"])


def _multiple(question: Question, answer: object) -> float:
    """Each wrong choice takes back a right one."""
    right = set(question["answer"])
    chosen = _texts(answer)
    return max(0, len(chosen & right) - len(chosen - right)) / len(right)


def _number(question: Question, answer: object) -> float:
    if isinstance(answer, bool) or not isinstance(answer, int | float) or abs(answer) > LARGEST:
        return 0.0
    distance: float = abs(answer - question["answer"])
    return float(distance <= question.get("tolerance", 0.0))


def _text(question: Question, answer: object) -> float:
    if question["answer"] is None or not isinstance(answer, str):
        return 0.0
    accepted = {text.strip().casefold() for text in question["answer"]}
    return float(answer.strip().casefold() in accepted)


def _order(question: Question, answer: object) -> float:
    """Each thing in its place counts."""
    if not isinstance(answer, list):
        return 0.0
    right = question["answer"]
    in_place: int = sum(given == wanted for given, wanted in zip(answer, right, strict=False))
    return in_place / len(right)


def _texts(answer: object) -> set[str]:
    given = answer if isinstance(answer, list) else []
    return {one for one in given if isinstance(one, str)}


SHARES: dict[str, Callable[[Question, object], float]] = {
    "single": _single,
    "multiple": _multiple,
    "number": _number,
    "text": _text,
    "order": _order,
}
