"""Every capability that can be answered by either side, once: whose it is and when it goes."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum


class Side(StrEnum):
    """The two that can answer."""

    LEGACY = "legacy"
    SERVICE = "service"


@dataclass(frozen=True, slots=True)
class Bears:
    """Which share of a service's calls may fail or be slow, and of its answers may differ, before
    all go back to the monolith; None: as many as of any other (`flags/budget.py`).
    """

    errors: float | None = None
    slow: float | None = None
    mismatches: float | None = None


@dataclass(frozen=True, slots=True)
class Capability:
    """`default` answers where nobody has decided; after `remove_by` the code must be gone.

    `may_fall_back`: what the service fails to read may be read at the monolith instead, which
    knows all that the service does.
    """

    name: str
    owner: str
    default: Side
    remove_by: date
    what: str
    may_fall_back: bool = False
    bears: Bears = Bears()


COURSE_READ = Capability(
    name="course.read",
    owner="learning",
    default=Side.LEGACY,
    remove_by=date(2027, 6, 1),
    what="people, courses, enrolments, outlines, lessons and assessment definitions, as read",
    may_fall_back=True,
)
PROGRESS_READ = Capability(
    name="progress.read",
    owner="learning",
    default=Side.LEGACY,
    remove_by=date(2027, 6, 1),
    what="how far a learner has come in a course",
    may_fall_back=True,
)
PROGRESS_WRITE = Capability(
    name="progress.write",
    owner="learning",
    default=Side.LEGACY,
    remove_by=date(2027, 9, 1),
    what="completing a lesson; a learner's course stays an hour where it was last written",
    bears=Bears(errors=0.02),
)
LIVE_CLASS_SCHEDULE = Capability(
    name="live_class.schedule",
    owner="live",
    default=Side.LEGACY,
    remove_by=date(2027, 6, 1),
    what="the timetable of live classes",
    may_fall_back=True,
)
LIVE_CLASS_CONTROL = Capability(
    name="live_class.control",
    owner="live",
    default=Side.LEGACY,
    remove_by=date(2027, 9, 1),
    what="live classes as they are held; one that was opened stays where it was opened",
)
ASSESSMENT_READ = Capability(
    name="assessment.read",
    owner="assessment",
    default=Side.LEGACY,
    remove_by=date(2027, 6, 1),
    what="one's own attempts and window, and everybody's for those who teach or supervise",
)
ASSESSMENT_ATTEMPTS = Capability(
    name="assessment.attempts",
    owner="assessment",
    default=Side.LEGACY,
    remove_by=date(2027, 9, 1),
    what="new attempts; one that has begun stays where it began, and is read there",
    bears=Bears(errors=0.02, slow=0.25, mismatches=0.005),
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
        LIVE_CLASS_CONTROL,
        ASSESSMENT_READ,
        ASSESSMENT_ATTEMPTS,
        ASSESSMENT_SCORING,
    )
}


def shadow_of(capability: Capability) -> Capability:
    """The switch beside a capability: whose answers are compared with the other side's."""
    name, what = f"{capability.name}.shadow", f"comparing of {capability.name}"
    return replace(capability, name=name, default=Side.LEGACY, what=what)


def overdue(capabilities: Iterable[Capability], today: date) -> list[str]:
    """One sentence for each that should have been removed before today."""
    return [
        f"{one.name} of {one.owner} was to be removed by {one.remove_by}"
        for one in capabilities
        if today > one.remove_by
    ]
