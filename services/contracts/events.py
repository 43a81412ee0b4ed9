"""What happened, on either side, in one set of words: the events that cross between services.

Ids in events are local ones: an event names its tenant once.
"""

from datetime import datetime
from typing import TypeAlias

import msgspec

from services.contracts.assessment import AssessmentKind, AttemptState, Item, ScoringPolicy
from services.contracts.class_events import (
    BreakoutEntered,
    BreakoutsHeld,
    ClassAttended,
    ClassHeld,
    ClassPlanned,
    ClassUnplanned,
    HandChanged,
)
from services.contracts.ids import TenantId
from services.contracts.learning import LessonKind, Role

PARTITIONS = 4
"""Streams are spread over so many partitions of a feed; within one, order is kept."""


class PersonChanged(msgspec.Struct, frozen=True, tag=True):
    user: int
    name: str
    locale: str
    roles: list[Role]


class CourseChanged(msgspec.Struct, frozen=True, tag=True):
    course: int
    title: str
    code: str


class EnrolmentChanged(msgspec.Struct, frozen=True, tag=True):
    """`role` is None when the person left the course."""

    course: int
    user: int
    role: Role | None


class ModuleChanged(msgspec.Struct, frozen=True, tag=True):
    module: int
    course: int
    position: int
    title: str


class LessonChanged(msgspec.Struct, frozen=True, tag=True):
    lesson: int
    course: int
    module: int | None
    position: int
    title: str
    kind: LessonKind


class ItemKey(msgspec.Struct, frozen=True):
    """The right answer to an item; none of its fields is set where a human has to judge.

    `choices` are in order where the item's kind is ORDERING; `tolerance` is a number's.
    """

    item: str
    choices: list[str] | None = None
    texts: list[str] | None = None
    number: float | None = None
    tolerance: float = 0.0


class AssessmentChanged(msgspec.Struct, frozen=True, tag=True):
    """A definition; instants in UTC, `weight` in percent.

    `keys` has the right answers, and is told to the one consumer that scores: to no other.
    """

    assessment: int
    course: int
    position: int
    title: str
    kind: AssessmentKind
    opens_at: datetime | None
    closes_at: datetime | None
    time_limit_s: int | None
    grace_s: int
    attempts_allowed: int | None
    scoring_policy: ScoringPolicy
    weight: float
    items: list[Item]
    keys: list[ItemKey] | None = None


class ContentRemoved(msgspec.Struct, frozen=True, tag=True):
    """A module, lesson or assessment is no more."""

    content: int


class PastAttempt(msgspec.Struct, frozen=True):
    """An attempt of the old side; instants in UTC."""

    number: int
    state: AttemptState
    started_at: datetime | None
    saved_at: datetime | None
    submitted_at: datetime | None
    score: float | None
    max: float
    late: bool
    banked: bool = False


class AttemptsRecorded(msgspec.Struct, frozen=True, tag=True):
    """All attempts of one person at one assessment, by number."""

    assessment: int
    user: int
    attempts: list[PastAttempt]


class AttemptChanged(msgspec.Struct, frozen=True, tag=True):
    """One attempt of the new side, as it is from now on; previews are never told.

    One that `begins` is the first told of it, whatever its version.
    """

    assessment: int
    course: int
    user: int
    attempt: PastAttempt
    penalty: float = 0.0
    provisional: bool = False
    begins: bool = False


class LessonsCompleted(msgspec.Struct, frozen=True, tag=True):
    """What came to be completed at once, beside all that was before."""

    course: int
    user: int
    lessons: list[int]


class ClassScheduled(msgspec.Struct, frozen=True, tag=True):
    live_class: int
    course: int
    title: str
    teacher: int | None
    starts_at: datetime
    ends_at: datetime


class ClassRemoved(msgspec.Struct, frozen=True, tag=True):
    live_class: int


class Unreadable(msgspec.Struct, frozen=True, tag=True):
    """Words that this release does not know: `raw` is JSON, as it was told."""

    raw: str
    why: str


Happened: TypeAlias = (
    PersonChanged
    | CourseChanged
    | EnrolmentChanged
    | ModuleChanged
    | LessonChanged
    | AssessmentChanged
    | ContentRemoved
    | AttemptsRecorded
    | AttemptChanged
    | LessonsCompleted
    | ClassScheduled
    | ClassRemoved
    | ClassPlanned
    | ClassUnplanned
    | ClassHeld
    | ClassAttended
    | HandChanged
    | BreakoutsHeld
    | BreakoutEntered
    | Unreadable
)


class Event(msgspec.Struct, frozen=True):
    """One thing that happened.

    `version` counts a stream's events from 1 without a gap; `position` counts a partition's, in the
    feed of `source`. Whoever has applied a stream's version has seen the event.
    """

    source: str
    stream: str
    version: int
    tenant: TenantId
    at: datetime
    data: Happened
    traceparent: str | None = None
    position: int = 0

    @property
    def is_first(self) -> bool:
        """Nothing of the stream was told before it."""
        return self.version <= 1 or (isinstance(self.data, AttemptChanged) and self.data.begins)
