"""Makes the tables of events: whatever the size of a batch, so many statements."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from services.contracts import events as said
from services.contracts.events import Event
from services.events.changes import Changes
from services.events.topics import Topics
from services.progress.projection import rows, writes
from services.progress.projection.early import early_tags
from services.progress.projection.fold import Folded, folded
from services.progress.projection.gone import Gone
from services.progress.projection.tags import tags_of
from services.progress.topics import course_topic, progress_topic
from services.storage.db import Connection, Pool

T = TypeVar("T")


class ProgressProjection:
    """Of the source `legacy`; a projector and a backfill may share its tables.

    Without a `pool` nothing is told of enrolments that came before their course: that is for who
    says `announce_all` in the end.
    """

    def __init__(self, topics: Topics, changes: Changes, pool: "Pool | None" = None) -> None:
        self._topics = topics
        self._changes = changes
        self._pool = pool
        self._gone = Gone()

    async def apply(self, connection: Connection, events: Sequence[Event]) -> None:
        batch = folded(events)
        self._gone.take(await writes.remove_content(connection, batch.removed))
        await _put_people_and_courses(connection, batch)
        await _put_content(connection, batch)
        await writes.complete(connection, batch.completed)

    async def announce(self, events: Sequence[Event]) -> None:
        """Says what changed, or was touched without a change.

        Whoever listens to a topic asks at once: what was kept is to be dropped by then.
        """
        early = await early_tags(self._pool, events) if self._pool else []
        tags = [*tags_of(events, self._gone.courses), *early]
        await self._changes.tell(list(dict.fromkeys(tags)))
        touched = {
            topic: event.traceparent
            for event in events
            if (topic := self._topic(event)) is not None
        }
        self._gone.forget(events)
        await self._topics.publish(touched)

    async def announce_all(self) -> None:
        await self._changes.tell_everything()

    def _topic(self, event: Event) -> str | None:
        match event.data:
            case said.LessonsCompleted(course=course, user=user):
                return progress_topic(event.tenant, course, user)
            case said.CourseChanged(course=course) | said.ModuleChanged(course=course):
                return course_topic(event.tenant, course)
            case said.LessonChanged(course=course):
                return course_topic(event.tenant, course)
            case said.ContentRemoved(content=content):
                of = self._gone.outlines.get((event.tenant, content))
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
