"""Makes the timetable of what happens at the monolith: so many statements, however many events."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from services.contracts import events as said
from services.contracts.class_events import ClassHeld
from services.contracts.events import Event, Happened
from services.contracts.learning import Role
from services.contracts.snapshot import Kind
from services.events.changes import Changes
from services.live_class import writes
from services.live_class.tags import Known, tags_of
from services.live_class.writes import Row, Table
from services.storage.db import Connection

KINDS = (Kind.PERSON, Kind.COURSE, Kind.ENROLMENT, Kind.CLASS, Kind.ROOM)
"""What of a snapshot concerns us."""


@dataclass(frozen=True, slots=True)
class Change:
    """A row of a table is so from now on, or, where it `stays` not, is no more."""

    table: Table
    row: Row
    stays: bool = True


class LiveClassProjection:
    """Of the source `legacy`; a projector and a backfill may share its tables."""

    def __init__(self, changes: Changes) -> None:
        self._changes = changes
        self._course_of: dict[Known, int] = {}

    async def apply(self, connection: Connection, events: Sequence[Event]) -> None:
        self._course_of |= await writes.courses_of(connection, _classes(events))
        changes = list(_last_words(events))
        for table in (
            writes.COURSES,
            writes.PEOPLE,
            writes.ENROLMENTS,
            writes.CLASSES,
            writes.OLD_ROOMS,
        ):
            own = [change for change in changes if change.table is table]
            await table.remove(connection, [one.row for one in own if not one.stays])
            await table.put(connection, [one.row for one in own if one.stays])

    async def announce(self, events: Sequence[Event]) -> None:
        """Nobody waits for a timetable; it may be kept."""
        tags = tags_of(events, self._course_of)
        for known in _classes(events):
            self._course_of.pop(known, None)
        await self._changes.tell(tags)

    async def announce_all(self) -> None:
        await self._changes.tell_everything()


def _classes(events: Sequence[Event]) -> set[Known]:
    """Those that are told of."""
    return {
        (event.tenant, event.data.live_class)
        for event in events
        if isinstance(event.data, said.ClassScheduled | said.ClassRemoved)
    }


def _last_words(events: Sequence[Event]) -> Iterator[Change]:
    """Of each stream the last event, which replaces what those before it said."""
    for event in {(event.tenant, event.stream): event for event in events}.values():
        change = _change(event.tenant, event.data)
        if change is not None:
            yield change


def _change(tenant: str, data: Happened) -> Change | None:
    """None for what is no concern of a timetable."""
    match data:
        case said.CourseChanged(course=course):
            return Change(writes.COURSES, {"tenant_id": tenant, "id": course})
        case said.PersonChanged():
            return Change(writes.PEOPLE, _person(tenant, data))
        case said.EnrolmentChanged(course=course, user=user, role=role):
            row = {"tenant_id": tenant, "user_id": user, "course_id": course, "role": role}
            return Change(writes.ENROLMENTS, row, stays=role is not None)
        case said.ClassScheduled():
            return Change(writes.CLASSES, _class(tenant, data))
        case said.ClassRemoved(live_class=live_class):
            return Change(writes.CLASSES, {"tenant_id": tenant, "id": live_class}, stays=False)
        case ClassHeld(live_class=name, course=course, state=state):
            row = {"tenant_id": tenant, "id": int(name[1:]), "course_id": course, "state": state}
            return Change(writes.OLD_ROOMS, row)
    return None


def _person(tenant: str, person: said.PersonChanged) -> Row:
    return {
        "tenant_id": tenant,
        "id": person.user,
        "name": person.name,
        "operates": Role.OPERATOR in person.roles,
    }


def _class(tenant: str, scheduled: said.ClassScheduled) -> Row:
    return {
        "tenant_id": tenant,
        "id": scheduled.live_class,
        "course_id": scheduled.course,
        "title": scheduled.title,
        "teacher_id": scheduled.teacher,
        "starts_at": scheduled.starts_at,
        "ends_at": scheduled.ends_at,
    }
