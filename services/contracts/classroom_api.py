"""What the live class service may be asked and told of classes as they are held.

`live_class` is a local name: the letter of the side that scheduled it and its id there, such as
`l42` for a class of the monolith's timetable. Users are local ids of the viewer's tenant.
"""

import msgspec

from services.contracts.classroom import (
    ClassDeed,
    ClassroomNews,
    ClassUpdated,
    JoinTicket,
    Quality,
    QualityAdvice,
    Room,
    SignalKind,
    SignalNews,
    SignalSent,
)
from services.contracts.question import Question


class Classes(msgspec.Struct, frozen=True):
    live_classes: list[str]


class Join(msgspec.Struct, frozen=True):
    """`region` is where the client says it is; None: it does not know."""

    live_class: str
    region: str | None = None


class Act(msgspec.Struct, frozen=True):
    live_class: str
    deed: ClassDeed


class OpenBreakouts(msgspec.Struct, frozen=True):
    live_class: str
    count: int
    minutes: int


class Move(msgspec.Struct, frozen=True):
    """Into the breakout of this number; None: back to the class."""

    live_class: str
    user: int
    breakout: int | None


class Send(msgspec.Struct, frozen=True):
    live_class: str
    to: int
    kind: SignalKind
    payload: str


class After(msgspec.Struct, frozen=True):
    """What is new behind the cursor; None: a snapshot first."""

    live_class: str
    cursor: str | None


class Beats(msgspec.Struct, frozen=True):
    """Who is listening at a gateway now: users by class, all of one tenant."""

    users: dict[str, list[int]]


class Counted(msgspec.Struct, frozen=True):
    """How many beats were taken."""

    taken: int


class Report(msgspec.Struct, frozen=True):
    live_class: str
    quality: Quality


ROOMS = Question("/rooms", Classes, list[Room | None])
"""None also where nobody opened it yet, and where the viewer may not see it."""
CHANGES = Question("/rooms/changes", After, ClassroomNews)
SIGNALS = Question("/rooms/signals", After, SignalNews)
BEATS = Question("/rooms/beats", Beats, Counted)
"""Asked by the gateway itself, as `nobody` of the tenant."""

JOIN = Question("/rooms/join", Join, JoinTicket)
ACT = Question("/rooms/act", Act, ClassUpdated)
OPEN_BREAKOUTS = Question("/rooms/breakouts/open", OpenBreakouts, ClassUpdated)
MOVE = Question("/rooms/breakouts/move", Move, ClassUpdated)
SEND = Question("/rooms/send", Send, SignalSent)
REPORT = Question("/rooms/quality", Report, QualityAdvice)


def classroom_topic(tenant: str, live_class: str) -> str:
    """Where it is told that CHANGES may have more to say."""
    return f"classroom:{tenant}:{live_class}"


def signals_topic(tenant: str, live_class: str, user: str | int) -> str:
    """As classroom_topic, for the SIGNALS of one participant."""
    return f"signals:{tenant}:{live_class}:{user}"
