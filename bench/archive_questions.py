"""Questions of all five kinds for an archive that is made up, and what learners answer to them."""

from string import ascii_lowercase
from typing import Any

from legacy.monolith.clock import Dice
from legacy.monolith.shapes import Choice, Question

POINTS = [1.0, 1.0, 1.0, 1.5, 2.0, 2.0, 2.5, 3.0, 4.0, 5.0, 10.0, 0.25]
TENTHS = [0.1, 0.2, 0.3, 0.7, 1.1, 2.2, 3.3]
ACCEPTED = ["Mitochondrion", "mitochondria ", "STRASSE"]
ESSAY = "It depends on where one looks, but mostly on the second module."


def question(kind: str, number: int, dice: Dice) -> Question:
    """`essay` is a text that a human reads."""
    plain = Question(
        id=f"q{number}",
        type="text" if kind == "essay" else kind,  # type: ignore[typeddict-item]
        prompt="",
        choices=[],
        answer=None,
        points=dice.choice(POINTS),
    )
    if kind in ("single", "multiple", "order"):
        return _choosing(plain, kind, dice)
    if kind == "number":
        right, tolerance = dice.choice(TENTHS), dice.choice([0.0, 0.1, 0.2])
        plain["answer"], plain["tolerance"] = right, tolerance
        return plain
    if kind == "text":
        plain["answer"] = list(ACCEPTED)
    return plain


def another_key(asked: Question, dice: Dice) -> Question:
    """The same question with another right answer."""
    changed = asked.copy()
    if asked["type"] == "number":
        changed["answer"] = asked["answer"] + 1.0
    elif asked["type"] == "text":
        changed["answer"] = None if asked["answer"] is None else ["ribosome"]
    else:
        return _choosing(asked, asked["type"], dice)
    return changed


def answer(asked: Question, dice: Dice) -> Any:
    """Right, nearly right, wrong, cleared, or of no form at all."""
    if dice.random() < 0.01:
        return dice.choice([None, "", 7, True, ["a", 1, "zz"], {"a": 1}])
    return ANSWERS[asked["type"]](asked, dice)


def _choosing(asked: Question, kind: str, dice: Dice) -> Question:
    ids = list(ascii_lowercase[: dice.randint(3, 8)])
    right = dice.sample(ids, 1 if kind == "single" else dice.randint(2, len(ids)))
    changed = asked.copy()
    changed["choices"] = [Choice(id=one, label=one) for one in ids]
    changed["answer"] = right[0] if kind == "single" else right
    return changed


def _single(asked: Question, dice: Dice) -> Any:
    return dice.choice(asked["choices"])["id"] if dice.random() < 0.4 else asked["answer"]


def _multiple(asked: Question, dice: Dice) -> Any:
    ids = [choice["id"] for choice in asked["choices"]]
    return dice.sample(ids, dice.randint(0, len(ids))) if dice.random() < 0.7 else asked["answer"]


def _order(asked: Question, dice: Dice) -> Any:
    said = list(asked["answer"])
    if dice.random() < 0.6:
        one, other = dice.randrange(len(said)), dice.randrange(len(said))
        said[one], said[other] = said[other], said[one]
    return said


def _number(asked: Question, dice: Dice) -> Any:
    away = dice.choice([0.0, 0.1, -0.1, 0.2, -0.2, 0.3, 1.0])
    return round(asked["answer"] + away, 1)


def _text(asked: Question, dice: Dice) -> Any:
    if asked["answer"] is None:
        return ESSAY
    return dice.choice(["mitochondria", " MITOCHONDRION", "straße", "ribosome", "?"])


ANSWERS = {
    "single": _single,
    "multiple": _multiple,
    "order": _order,
    "number": _number,
    "text": _text,
}
