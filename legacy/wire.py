"""What the monolith says, word for word: its JSON as structs, times local and without a zone."""

from typing import Any

import msgspec


class Me(msgspec.Struct, frozen=True):
    id: int
    name: str
    locale: str
    roles: list[str]
    timezone: str


class User(msgspec.Struct, frozen=True):
    id: int
    name: str


class Course(msgspec.Struct, frozen=True):
    id: int
    code: str
    title: str


class MyCourse(msgspec.Struct, frozen=True):
    id: int
    code: str
    title: str
    role: str


class MyCourses(msgspec.Struct, frozen=True):
    courses: list[MyCourse]


class OutlineLesson(msgspec.Struct, frozen=True):
    id: int
    title: str
    type: str
    done: bool


class Lesson(msgspec.Struct, frozen=True):
    id: int
    course: int
    title: str
    type: str
    done: bool


class Module(msgspec.Struct, frozen=True):
    id: int
    title: str
    lessons: list[OutlineLesson]


class Outline(msgspec.Struct, frozen=True):
    modules: list[Module]


class Progress(msgspec.Struct, frozen=True):
    done: int
    total: int


class Roster(msgspec.Struct, frozen=True):
    total: int
    learners: list[User]


class Assessment(msgspec.Struct, frozen=True):
    """`policy` is in lower case; `weight` in percent."""

    id: int
    course: int
    title: str
    type: str
    opens: str | None
    closes: str | None
    time_limit_min: int | None
    grace_s: int
    attempts_allowed: int | None
    policy: str
    weight: float


class Assessments(msgspec.Struct, frozen=True):
    assessments: list[Assessment]


class Question(msgspec.Struct, frozen=True):
    id: str
    type: str
    prompt: str
    choices: list[dict[str, str]]
    points: float


class Questions(msgspec.Struct, frozen=True):
    questions: list[Question]


class Paper(msgspec.Struct, frozen=True):
    """Of an assessment's page what an attempt is read against; `now` is by the monolith's clock."""

    opens: str | None
    closes: str | None
    time_limit_min: int | None
    questions: list[Question]
    now: str


class Attempt(msgspec.Struct, frozen=True):
    """`id` is assessment-user-number; `answers` are as they were sent, by question."""

    id: str
    assessment: int
    course: int
    user: int
    number: int
    state: str
    started: str | None
    saved: str | None
    submitted: str | None
    answers: dict[str, Any]
    score: float | None
    max: float
    late: bool
    banked: bool

    @property
    def is_open(self) -> bool:
        return self.state == "in_progress"


class Attempts(msgspec.Struct, frozen=True):
    attempts: list[Attempt]


class Submissions(msgspec.Struct, frozen=True):
    """A page, and how many there are in all."""

    total: int
    attempts: list[Attempt]


class Complaint(msgspec.Struct, frozen=True):
    """What comes with a 409."""

    error: str


class LiveClass(msgspec.Struct, frozen=True):
    id: int
    course: int
    title: str
    teacher: User | None
    starts: str
    ends: str


class InRoom(msgspec.Struct, frozen=True):
    id: int
    name: str
    role: str


class RaisedHand(msgspec.Struct, frozen=True):
    id: int
    name: str
    raised: str


class Room(msgspec.Struct, frozen=True):
    """A class as it is held: "closed" where nobody has opened it."""

    id: int
    state: str
    people: list[InRoom]
    hands: list[RaisedHand]


class LiveClasses(msgspec.Struct, frozen=True):
    classes: list[LiveClass]
