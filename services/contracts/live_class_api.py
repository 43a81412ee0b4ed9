"""What the live class service may be asked, as in `progress_api`."""

from datetime import datetime

import msgspec

from services.contracts.live_class import LiveClass
from services.contracts.question import Question


class Agenda(msgspec.Struct, frozen=True):
    """The classes of the viewer's own courses that begin from `since` on and before `until`."""

    since: datetime
    until: datetime


class CoursesBetween(msgspec.Struct, frozen=True):
    """The classes of each course that begin then; None is no bound."""

    courses: list[int]
    since: datetime | None
    until: datetime | None


class Names(msgspec.Struct, frozen=True):
    """Local names, such as `l42` of the monolith's timetable and `s7` of the service's own.

    A whole number is one of the monolith's: so gateways of the release before this one ask.
    """

    ids: list[int | str]


OF_COURSES = Question("/courses/classes", CoursesBetween, list[list[LiveClass] | None])
AGENDA = Question("/agenda", Agenda, list[LiveClass])
CLASSES = Question("/classes", Names, list[LiveClass | None])
