"""What happened in live classes that the service plans and holds, in the words of `events`.

`live_class` is a local name, such as `l42`.
"""

from datetime import datetime

import msgspec

from services.contracts.live_class import LiveClassState


class ClassPlanned(msgspec.Struct, frozen=True, tag=True):
    """A class of the service's own timetable, as it is from now on; `live_class` as in `s7`."""

    live_class: str
    course: int
    title: str
    teacher: int | None
    starts_at: datetime
    ends_at: datetime


class ClassUnplanned(msgspec.Struct, frozen=True, tag=True):
    """It does not take place; it may be planned again under the same name."""

    live_class: str


class ClassHeld(msgspec.Struct, frozen=True, tag=True):
    """A class is so from now on; here and below `live_class` is its local name, such as `l42`."""

    live_class: str
    course: int
    state: LiveClassState


class ClassAttended(msgspec.Struct, frozen=True, tag=True):
    """Somebody has come in, or gone where they are `present` no more."""

    live_class: str
    course: int
    user: int
    present: bool


class HandChanged(msgspec.Struct, frozen=True, tag=True):
    live_class: str
    course: int
    user: int
    raised: bool


class BreakoutsHeld(msgspec.Struct, frozen=True, tag=True):
    """So many rooms beside the class from now on, until `ends_at`; 0: everybody is back in it."""

    live_class: str
    course: int
    count: int
    ends_at: datetime | None


class BreakoutEntered(msgspec.Struct, frozen=True, tag=True):
    """A teacher has moved somebody; `breakout` is None where they are back in the class."""

    live_class: str
    course: int
    user: int
    breakout: int | None
