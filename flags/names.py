"""Every capability that can be answered by either side, once: whose it is and when it goes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Side(StrEnum):
    """The two that can answer."""

    LEGACY = "legacy"
    SERVICE = "service"


@dataclass(frozen=True, slots=True)
class Capability:
    """`default` answers where nobody has decided; after `remove_by` the code must be gone."""

    name: str
    owner: str
    default: Side
    remove_by: date
    what: str


COURSE_READ = Capability(
    name="course.read",
    owner="learning",
    default=Side.LEGACY,
    remove_by=date(2027, 6, 1),
    what="people, courses, enrolments, outlines, lessons and assessment definitions, as read",
)
PROGRESS_READ = Capability(
    name="progress.read",
    owner="learning",
    default=Side.LEGACY,
    remove_by=date(2027, 6, 1),
    what="how far a learner has come in a course",
)
PROGRESS_WRITE = Capability(
    name="progress.write",
    owner="learning",
    default=Side.LEGACY,
    remove_by=date(2027, 9, 1),
    what="completing a lesson; a learner's course stays an hour where it was last written",
)
LIVE_CLASS_SCHEDULE = Capability(
    name="live_class.schedule",
    owner="live",
    default=Side.LEGACY,
    remove_by=date(2027, 6, 1),
    what="the timetable of live classes",
)
ASSESSMENT_READ = Capability(
    name="assessment.read",
    owner="assessment",
    default=Side.LEGACY,
    remove_by=date(2027, 6, 1),
    what="one's own attempts and window, and everybody's for those who teach or supervise",
)
ASSESSMENT_WRITE = Capability(
    name="assessment.write",
    owner="assessment",
    default=Side.LEGACY,
    remove_by=date(2027, 9, 1),
    what="new attempts; one that has begun stays where it began, and is read there",
)
ASSESSMENT_SCORING = Capability(
    name="assessment.scoring",
    owner="assessment",
    default=Side.LEGACY,
    remove_by=date(2027, 12, 1),
    what="new attempts of the service are scored exactly, in decimals, instead of as of old",
)

CAPABILITIES = {
    capability.name: capability
    for capability in (
        COURSE_READ,
        PROGRESS_READ,
        PROGRESS_WRITE,
        LIVE_CLASS_SCHEDULE,
        ASSESSMENT_READ,
        ASSESSMENT_WRITE,
        ASSESSMENT_SCORING,
    )
}


def overdue(capabilities: Iterable[Capability], today: date) -> list[str]:
    """One sentence for each that should have been removed before today."""
    return [
        f"{one.name} of {one.owner} was to be removed by {one.remove_by}"
        for one in capabilities
        if today > one.remove_by
    ]
