"""Which kept answers an event of the monolith's concerns, in the words of the change log."""

from collections.abc import Iterator, Mapping, Sequence

from services.contracts import events as said
from services.contracts.changes import classes_tag, enrolments_tag, person_tag
from services.contracts.events import Event

Known = tuple[str, int]
"""A tenant, and a live class of it."""


def tags_of(events: Sequence[Event], course_of: Mapping[Known, int]) -> list[str]:
    """Each once; `course_of` has the course that a class was of before.

    Names and enrolments are told here too: they become known here when they do, not elsewhere.
    """
    return list(dict.fromkeys(tag for event in events for tag in _tags(event, course_of)))


def _tags(event: Event, course_of: Mapping[Known, int]) -> Iterator[str]:
    match event.data:
        case said.ClassScheduled(live_class=live_class) | said.ClassRemoved(live_class=live_class):
            if (event.tenant, live_class) in course_of:
                yield classes_tag(event.tenant, course_of[event.tenant, live_class])
        case said.EnrolmentChanged(user=user):
            yield enrolments_tag(event.tenant, user)
        case said.PersonChanged(user=user):
            yield person_tag(event.tenant, user)
    if isinstance(event.data, said.ClassScheduled):
        yield classes_tag(event.tenant, event.data.course)
