"""Short ways to write a question down; choices are mixed when it is put into an assessment."""

from dataclasses import dataclass, field
from string import ascii_lowercase
from typing import Any, Literal

from legacy.monolith.clock import Dice
from legacy.monolith.shapes import Choice, Question

Kind = Literal["single", "multiple", "number", "text", "order"]


@dataclass(frozen=True, slots=True)
class Ask:
    """A question as its author thinks of it: the right things, and the wrong ones beside them."""

    kind: Kind
    prompt: str
    points: float
    right: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    value: float = 0.0
    tolerance: float = 0.0

    @property
    def is_for_humans(self) -> bool:
        return self.kind == "text" and not self.right


def single(prompt: str, right: str, *wrong: str) -> Ask:
    return Ask("single", prompt, 1.0, [right], list(wrong))


def multiple(prompt: str, right: list[str], wrong: list[str]) -> Ask:
    return Ask("multiple", prompt, 2.0, right, wrong)


def number(prompt: str, value: float, tolerance: float = 0.0) -> Ask:
    return Ask("number", prompt, 1.5, value=value, tolerance=tolerance)


def text(prompt: str, *accepted: str) -> Ask:
    return Ask("text", prompt, 1.0, list(accepted))


def written(prompt: str) -> Ask:
    """A few sentences that a human reads."""
    return Ask("text", prompt, 5.0)


def order(prompt: str, *right: str) -> Ask:
    return Ask("order", prompt, 2.5, list(right))


def question(ask: Ask, number_of: int, dice: Dice) -> Question:
    """The question as it stands in an assessment."""
    if ask.kind == "number":
        plain = _plain(ask, number_of, [], ask.value)
        return plain | {"tolerance": ask.tolerance}
    if ask.kind == "text":
        return _plain(ask, number_of, [], ask.right or None)
    labels = [*ask.right, *ask.wrong]
    dice.shuffle(labels)
    ids = dict(zip(labels, ascii_lowercase, strict=False))
    choices = [Choice(id=ids[label], label=label) for label in labels]
    right = [ids[label] for label in ask.right]
    return _plain(ask, number_of, choices, right[0] if ask.kind == "single" else right)


def _plain(ask: Ask, number_of: int, choices: list[Choice], answer: Any) -> Question:
    return Question(
        id=f"q{number_of}",
        type=ask.kind,
        prompt=ask.prompt,
        choices=choices,
        answer=answer,
        points=ask.points,
    )
