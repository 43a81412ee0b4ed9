"""A quiz of three items, and answers to it."""

from services.contracts.assessment import (
    AssessmentKind,
    Choice,
    Given,
    Item,
    ItemKind,
    Response,
    ScoringPolicy,
)
from services.contracts.events import AssessmentChanged, ItemKey

COURSE = 1
CHOICES = [Choice(letter, letter.upper()) for letter in "abcd"]
ITEMS = [
    Item("q1", "Which?", ItemKind.SINGLE_CHOICE, CHOICES, 1.0),
    Item("q2", "How much?", ItemKind.NUMERIC, [], 1.0),
    Item("q3", "What?", ItemKind.TEXT, [], 1.0),
]
RIGHT = [
    ItemKey("q1", choices=["a"]),
    ItemKey("q2", number=2.0),
    ItemKey("q3", texts=["mitosis"]),
]
QUIZ = AssessmentChanged(
    assessment=1,
    course=COURSE,
    position=1,
    title="Quiz",
    kind=AssessmentKind.QUIZ,
    opens_at=None,
    closes_at=None,
    time_limit_s=None,
    grace_s=0,
    attempts_allowed=1,
    scoring_policy=ScoringPolicy.HIGHEST,
    weight=10.0,
    items=ITEMS,
    keys=RIGHT,
)


def answers(sequence: int = 1, text: str = "mitosis") -> list[Given]:
    """One to each item, all right unless the text is another."""
    return [
        Given("q1", sequence, Response(choices=["a"])),
        Given("q2", sequence, Response(number=2.0)),
        written(sequence, text),
    ]


def written(sequence: int, text: str) -> Given:
    return Given("q3", sequence, Response(text=text))
