"""What the live class service may be asked, as in `progress_api`."""

from datetime import datetime

import msgspec

from services.contracts.live_class import LiveClass
from services.contracts.question import Ids, Question


class Agenda(msgspec.Struct, frozen=True):
    """The classes of the viewer's own courses that begin from `since` on and before `until`."""

    since: datetime
    until: datetime


class CoursesBetween(msgspec.Struct, frozen=True):
    """The classes of each course that begin then; None is no bound."""

    courses: list[int]
    since: datetime | None
    until: datetime | None


OF_COURSES = Question("/courses/classes", CoursesBetween, list[list[LiveClass] | None])
AGENDA = Question("/agenda", Agenda, list[LiveClass])
CLASSES = Question("/classes", Ids, list[LiveClass | None])
