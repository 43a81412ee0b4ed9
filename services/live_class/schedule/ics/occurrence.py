"""What a calendar file says: classes that take place, those called off, and what it cannot mean."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

Key: TypeAlias = tuple[str, str]
"""UID, and which occurrence of it: the instant of its original start, "" where it comes once."""


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One class; instants in UTC, `zone` is the one that it was written in, `line` where."""

    uid: str
    recurrence: str
    sequence: int
    title: str
    starts_at: datetime
    ends_at: datetime
    zone: str
    categories: tuple[str, ...] = ()
    location: str = ""
    line: int = 0

    @property
    def key(self) -> Key:
        return self.uid, self.recurrence


@dataclass(frozen=True, slots=True)
class Bad:
    """An event that is not taken; its neighbours are."""

    line: int
    uid: str
    why: str


@dataclass(frozen=True, slots=True)
class Span:
    """Classes that begin from `since` on and before `until`."""

    since: datetime
    until: datetime

    def has(self, moment: datetime) -> bool:
        return self.since <= moment < self.until


@dataclass(slots=True)
class Said:
    """`called_off` are occurrences that the file says do not take place; `outside` is a count."""

    events: int = 0
    occurrences: list[Occurrence] = field(default_factory=list)
    called_off: list[Occurrence] = field(default_factory=list)
    refused: list[Bad] = field(default_factory=list)
    outside: int = 0

    def take(self, other: "Said") -> None:
        self.occurrences += other.occurrences
        self.called_off += other.called_off
        self.refused += other.refused
        self.outside += other.outside
