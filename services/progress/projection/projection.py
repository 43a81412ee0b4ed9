"""Makes the tables of events: whatever the size of a batch, so many statements."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from services.contracts import events as said
from services.contracts.events import Event
from services.events.topics import Topics
from services.progress.projection import rows, writes
from services.progress.projection.fold import Folded, folded
from services.progress.topics import course_topic, progress_topic
from services.storage.db import Connection

T = TypeVar("T")
Removed = tuple[str, int]


class ProgressProjection:
    """Of the source `legacy`; a projector and a backfill may share its tables."""

    def __init__(self, topics: Topics) -> None:
        self._topics = topics
        self._course_of: dict[Removed, int] = {}

    async def apply(self, connection: Connection, events: Sequence[Event]) -> None:
        batch = folded(events)
        self._course_of |= await writes.remove_content(connection, batch.removed)
        await _put_people_and_courses(connection, batch)
        await _put_content(connection, batch)
        await writes.complete(connection, batch.completed)

    async def announce(self, events: Sequence[Event]) -> None:
        """Says which progress and which outlines changed, or were touched without a change."""
        touched = {
            topic: event.traceparent
            for event in events
            if (topic := self._topic(event)) is not None
        }
        await self._topics.publish(touched)

    def _topic(self, event: Event) -> str | None:
        match event.data:
            case said.LessonsCompleted(course=course, user=user):
                return progress_topic(event.tenant, course, user)
            case said.CourseChanged(course=course) | said.ModuleChanged(course=course):
                return course_topic(event.tenant, course)
            case said.LessonChanged(course=course):
                return course_topic(event.tenant, course)
            case said.ContentRemoved(content=content):
                of = self._course_of.pop((event.tenant, content), None)
                return None if of is None else course_topic(event.tenant, of)
        return None


async def _put_people_and_courses(db: Connection, batch: Folded) -> None:
    here, gone = _enrolments(batch)
    await writes.PEOPLE.put(db, _rows(batch, said.PersonChanged, rows.person))
    await writes.COURSES.put(db, _rows(batch, said.CourseChanged, rows.course))
    await writes.ENROLMENTS.remove(db, gone)
    await writes.ENROLMENTS.put(db, here)


async def _put_content(db: Connection, batch: Folded) -> None:
    await writes.MODULES.put(db, _rows(batch, said.ModuleChanged, rows.module))
    await writes.LESSONS.put(db, _rows(batch, said.LessonChanged, rows.lesson))
    await writes.ASSESSMENTS.put(db, _rows(batch, said.AssessmentChanged, rows.assessment))


def _rows(batch: Folded, kind: type[T], row: Callable[[str, T], rows.Row]) -> list[rows.Row]:
    return [row(tenant, one) for tenant, one in batch.of(kind)]


def _enrolments(batch: Folded) -> tuple[list[rows.Row], list[rows.Row]]:
    """The rows that stay, and those that are no more."""
    here: list[rows.Row] = []
    gone: list[rows.Row] = []
    for tenant, one in batch.of(said.EnrolmentChanged):
        (gone if one.role is None else here).append(rows.enrolment(tenant, one))
    return here, gone
