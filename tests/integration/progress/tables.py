"""All that is projected of a tenant, and a day on which much of it changes."""

from typing import Any

from services.contracts import events as said
from services.contracts.assessment import AssessmentKind, ScoringPolicy
from services.contracts.events import Event, Happened
from services.contracts.learning import LessonKind, Role
from services.progress.tables import TABLES
from tests.contract.school import BIOLOGY
from tests.fakes.tenant import NOW
from tests.integration.progress.campus import Campus

EXAM = said.AssessmentChanged(
    assessment=50,
    course=BIOLOGY,
    position=9,
    title="Oral",
    kind=AssessmentKind.EXAM,
    opens_at=NOW,
    closes_at=None,
    time_limit_s=5_400,
    grace_s=0,
    attempts_allowed=2,
    scoring_policy=ScoringPolicy.FIRST,
    weight=0.5,
    items=[],
)


def busy_day(campus: Campus) -> list[Event]:
    """A second and third event for many streams."""
    happenings: list[tuple[str, Happened]] = [
        ("completions/{}/1/4", said.LessonsCompleted(1, 4, [3])),
        ("content/{}/2", said.ContentRemoved(2)),
        ("completions/{}/1/5", said.LessonsCompleted(1, 5, [2, 3])),
        ("enrolment/{}/1/5", said.EnrolmentChanged(1, 5, None)),
        ("course/{}/1", said.CourseChanged(1, "Cells", "C-9")),
        ("content/{}/2", said.LessonChanged(2, 1, 1, 2, "Cells", LessonKind.TEXT)),
        ("completions/{}/1/4", said.LessonsCompleted(1, 4, [5, 6])),
        ("content/{}/7", said.ContentRemoved(7)),
        ("enrolment/{}/1/5", said.EnrolmentChanged(1, 5, Role.LEARNER)),
        ("course/{}/1", said.CourseChanged(1, "Cells and organs", "C-9")),
        ("content/{}/50", EXAM),
    ]
    return [campus.next(stream, one) for stream, one in happenings]


async def everything(campus: Campus) -> dict[str, list[tuple[Any, ...]]]:
    return {table: [tuple(row) for row in await campus.rows(table)] for table in TABLES}


async def forget(campus: Campus) -> None:
    for table in TABLES:
        await campus.value(f"DELETE FROM {table} WHERE tenant_id = $1")
    await campus.value("DELETE FROM applied WHERE stream LIKE 'legacy:%/' || $1 || '/%'")
