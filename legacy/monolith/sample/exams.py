"""The assessments of a course: one that is over, one that is open, some that are to come."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from legacy.monolith.clock import Dice
from legacy.monolith.local_time import write
from legacy.monolith.sample.asks import Ask, question
from legacy.monolith.sample.subject import Subject
from legacy.monolith.shapes import Assessment

WEIGHTS = {2: [40.0, 60.0], 3: [20.0, 30.0, 50.0], 4: [15.0, 20.0, 25.0, 40.0]}


@dataclass(frozen=True, slots=True)
class Form:
    """How one assessment of each course looks; days are counted from the day of the sample."""

    title: str
    opens_in_days: int
    closes_in_days: int
    fields: dict[str, Any]
    questions: int
    asks_for_text: bool = False

    @property
    def is_over(self) -> bool:
        return self.closes_in_days < 0

    @property
    def is_open(self) -> bool:
        return self.opens_in_days < 0 <= self.closes_in_days


FIRST_QUIZ = Form(
    "First quiz",
    -21,
    -7,
    {"type": "QUIZ", "attempts_allowed": 2, "policy": "highest"},
    questions=5,
)
OPEN_QUIZ = Form(
    "Midterm quiz",
    -3,
    25,
    {"type": "QUIZ", "attempts_allowed": 3, "policy": "latest"},
    questions=6,
)
ASSIGNMENT = Form(
    "Assignment",
    -10,
    18,
    {"type": "ASSIGNMENT", "attempts_allowed": 1, "policy": "first", "grace_s": 3_600},
    questions=2,
    asks_for_text=True,
)
EXAM = Form(
    "Final exam",
    40,
    41,
    {
        "type": "EXAM",
        "attempts_allowed": 1,
        "policy": "highest",
        "time_limit_min": 90,
        "grace_s": 120,
    },
    questions=6,
    asks_for_text=True,
)
FORMS = {
    2: [FIRST_QUIZ, OPEN_QUIZ],
    3: [FIRST_QUIZ, OPEN_QUIZ, EXAM],
    4: [FIRST_QUIZ, OPEN_QUIZ, ASSIGNMENT, EXAM],
}


def assessment(form: Form, weight: float, subject: Subject, day: date, dice: Dice) -> Assessment:
    asks = _chosen(form, subject, dice)
    plain = Assessment(
        type="QUIZ",
        opens=write(_morning(day, form.opens_in_days)),
        closes=write(_morning(day, form.closes_in_days)),
        time_limit_min=None,
        grace_s=0,
        attempts_allowed=None,
        policy="highest",
        weight=weight,
        questions=[question(ask, number, dice) for number, ask in enumerate(asks, start=1)],
    )
    return plain | form.fields  # type: ignore[return-value]


def _chosen(form: Form, subject: Subject, dice: Dice) -> list[Ask]:
    by_machine = [ask for ask in subject.asks if not ask.is_for_humans]
    by_humans = [ask for ask in subject.asks if ask.is_for_humans]
    return dice.sample(by_machine, form.questions) + (by_humans if form.asks_for_text else [])


def _morning(day: date, in_days: int) -> datetime:
    return datetime.combine(day + timedelta(days=in_days), time(8))
