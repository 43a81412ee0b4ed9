"""The rows of OULAD as values; `parse` raises ValueError for what cannot be one."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple

# The oldest edition of the data says ? for what is not known.
_UNKNOWN = {"", "?"}
_MOST_DAYS = 3_660
_SHORTEST_TOO_LONG = 10**15
_STARTS = {"B": 2, "J": 10}
"""The month a presentation begins in."""

LESSON_TYPES = {
    "externalquiz": "QUIZ",
    "oucollaborate": "LIVE",
    "oucontent": "TEXT",
    "ouelluminate": "LIVE",
    "page": "TEXT",
    "quiz": "QUIZ",
    "subpage": "TEXT",
}
"""The activities that are studied one after another, and the type of lesson each becomes."""

AssessmentType = Literal["ASSIGNMENT", "QUIZ", "EXAM"]
ASSESSMENT_TYPES: dict[str, AssessmentType] = {"TMA": "ASSIGNMENT", "CMA": "QUIZ", "Exam": "EXAM"}


FIRST_LEARNER = 4
"""Ids below are the staff's; OULAD's own begin far above."""


class Key(NamedTuple):
    """A module and one presentation of it."""

    module: str
    presentation: str

    @classmethod
    def parse(cls, module: str, presentation: str) -> "Key":
        if not re.fullmatch(r"[A-Z]{2,8}", module):
            raise ValueError(f"module {module!r} is no code of letters")
        if not re.fullmatch(r"20\d\d[BJ]", presentation):
            raise ValueError(f"presentation {presentation!r} is no year with B or J")
        return cls(module, presentation)


@dataclass(frozen=True, slots=True)
class Presentation:
    key: Key
    length_days: int

    @classmethod
    def parse(cls, module: str, presentation: str, length: str) -> "Presentation":
        if (days := _day(length)) < 1:
            raise ValueError(f"a presentation of {days} days")
        return cls(Key.parse(module, presentation), days)

    @property
    def start(self) -> date:
        year, half = self.key.presentation[:4], self.key.presentation[4]
        return date(int(year), _STARTS[half], 1)


@dataclass(frozen=True, slots=True)
class Assessment:
    """`day` is the deadline, counted from the start; None: the presentation's last day."""

    key: Key
    id: int
    type: str
    day: int | None
    weight: float

    @classmethod
    def parse(
        cls, module: str, presentation: str, id_: str, type_: str, day: str, weight: str
    ) -> "Assessment":
        if type_ not in ASSESSMENT_TYPES:
            raise ValueError(f"assessment type {type_!r} is not known")
        key, deadline = Key.parse(module, presentation), None if day in _UNKNOWN else _day(day)
        return cls(key, _id(id_), type_, deadline, _percent(weight))


@dataclass(frozen=True, slots=True)
class Registration:
    """That a learner takes a presentation."""

    key: Key
    learner: int

    @classmethod
    def parse(cls, module: str, presentation: str, learner: str) -> "Registration":
        return cls(Key.parse(module, presentation), _id(learner, least=FIRST_LEARNER))


@dataclass(frozen=True, slots=True)
class Material:
    key: Key
    id: int
    activity: str
    week: int

    @classmethod
    def parse(
        cls, module: str, presentation: str, id_: str, activity: str, week: str
    ) -> "Material":
        key, from_week = Key.parse(module, presentation), 0 if week in _UNKNOWN else _day(week)
        return cls(key, _id(id_), activity, from_week)


@dataclass(frozen=True, slots=True)
class Submission:
    """`day` is counted from the start; a banked one comes from an earlier presentation."""

    assessment: int
    learner: int
    day: int
    banked: bool
    score: float | None

    @classmethod
    def parse(
        cls, assessment: str, learner: str, day: str, banked: str, score: str
    ) -> "Submission":
        points = None if score in _UNKNOWN else _percent(score)
        return cls(_id(assessment), _id(learner), _day(day), _flag(banked), points)


def _id(text: str, least: int = 1) -> int:
    if not least <= (number := int(text)) < _SHORTEST_TOO_LONG:
        raise ValueError(f"{text} is not an id from {least} up")
    return number


def _day(text: str) -> int:
    if abs(days := int(text)) > _MOST_DAYS:
        raise ValueError(f"{text} days are too many")
    return days


def _percent(text: str) -> float:
    if not 0 <= (number := float(text)) <= 100:
        raise ValueError(f"{text} is not between 0 and 100")
    return number


def _flag(text: str) -> bool:
    if text not in {"0", "1", "False", "True"}:
        raise ValueError(f"{text!r} is neither true nor false")
    return text in {"1", "True"}
