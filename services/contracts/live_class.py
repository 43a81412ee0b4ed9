"""Words for live classes as scheduled, as they cross the wire."""

from datetime import datetime
from enum import StrEnum

import msgspec

from services.contracts.ids import CourseId, LiveClassId
from services.contracts.learning import Learner


class LiveClassState(StrEnum):
    SCHEDULED = "SCHEDULED"
    OPEN = "OPEN"
    LIVE = "LIVE"
    ENDED = "ENDED"


class LiveClass(msgspec.Struct, frozen=True):
    """A class in the timetable; instants in UTC."""

    id: LiveClassId
    course_id: CourseId
    title: str
    teacher: Learner | None
    starts_at: datetime
    ends_at: datetime
    state: LiveClassState
