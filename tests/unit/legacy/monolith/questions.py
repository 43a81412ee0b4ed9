"""One question of each kind, with its right answer."""

from typing import Any

from legacy.monolith.shapes import Choice, Question

CHOICES = [Choice(id=letter, label=letter.upper()) for letter in "abcd"]


def question(type_: Any, answer: Any, points: float = 1.0, id_: str = "q1") -> Question:
    return Question(id=id_, type=type_, prompt="?", choices=CHOICES, answer=answer, points=points)


SINGLE = question("single", "a", 1.0, "q1")
MULTIPLE = question("multiple", ["a", "b", "c"], 3.0, "q2")
NUMBER = question("number", 3.14, 1.5, "q3") | {"tolerance": 0.01}
TEXT = question("text", ["Mitosis", "cell division"], 1.0, "q4")
ORDER = question("order", ["a", "b", "c", "d"], 2.0, "q5")
ESSAY = question("text", None, 5.0, "q6")

FIVE: list[Question] = [SINGLE, MULTIPLE, NUMBER, TEXT, ORDER]
RIGHT: dict[str, Any] = {
    "q1": "a",
    "q2": ["a", "b", "c"],
    "q3": 3.14,
    "q4": "mitosis",
    "q5": ["a", "b", "c", "d"],
}
