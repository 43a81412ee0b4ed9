"""What the monolith's triggers write into `changes.data`, as structs: its own words, local times.

There is no `data` where the thing is no more.
"""

from typing import Any

import msgspec

from legacy import wire


class Person(msgspec.Struct, frozen=True):
    name: str
    locale: str
    roles: list[str]


class Course(msgspec.Struct, frozen=True):
    title: str
    code: str


class Enrolment(msgspec.Struct, frozen=True):
    role: str


class Content(msgspec.Struct, frozen=True):
    """A module, a lesson or an assessment, by its `kind`; `body` has another form in each."""

    kind: str
    course: int
    module: int | None
    position: int
    title: str
    body: dict[str, Any]


class Lesson(msgspec.Struct, frozen=True):
    """`body` of a lesson."""

    type: str


class Assessment(msgspec.Struct, frozen=True):
    """`body` of an assessment; the answers are beside it in the row, and not read."""

    type: str
    opens: str | None
    closes: str | None
    time_limit_min: int | None
    grace_s: int
    attempts_allowed: int | None
    policy: str
    weight: float
    questions: list[wire.Question]


class Key(msgspec.Struct, frozen=True):
    """Of a question of an assessment its answer: an id, ids, a number, accepted texts, or none."""

    id: str
    type: str
    answer: Any
    tolerance: float = 0.0


class Keys(msgspec.Struct, frozen=True):
    """`body` of an assessment, as the one who scores reads it."""

    questions: list[Key]


class Attempt(msgspec.Struct, frozen=True):
    number: int
    state: str
    started: str | None
    saved: str | None
    submitted: str | None
    score: float | None
    max: float
    late: bool
    banked: bool = False


class Completions(msgspec.Struct, frozen=True):
    lessons: list[int]


class Room(msgspec.Struct, frozen=True):
    """A class as it is held."""

    course: int
    state: str


class LiveClass(msgspec.Struct, frozen=True):
    course: int
    title: str
    teacher: int | None
    starts: str
    ends: str
