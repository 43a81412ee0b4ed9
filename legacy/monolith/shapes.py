"""The shapes of the JSON kept inside the content table."""

from typing import Any, Literal, NotRequired, TypedDict


class Choice(TypedDict):
    id: str
    label: str


class Question(TypedDict):
    """`answer` is the key: an id, ids, a number or accepted texts; None needs a human."""

    id: str
    type: Literal["single", "multiple", "number", "text", "order"]
    prompt: str
    choices: list[Choice]
    answer: Any
    tolerance: NotRequired[float]
    points: float


class Assessment(TypedDict):
    """`body` of an assessment."""

    type: Literal["QUIZ", "ASSIGNMENT", "EXAM"]
    opens: str | None
    closes: str | None
    time_limit_min: int | None
    grace_s: int
    attempts_allowed: int | None
    policy: Literal["highest", "latest", "first", "average"]
    weight: float
    questions: list[Question]


class Attempt(TypedDict):
    """One try, as it stands in `attempts` under its learner's id."""

    number: int
    state: Literal["in_progress", "submitted", "graded"]
    started: str
    saved: str | None
    submitted: str | None
    answers: dict[str, Any]
    score: float | None
    max: float
    late: bool
    banked: bool


Attempts = dict[str, list[Attempt]]
