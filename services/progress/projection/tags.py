"""Which kept answers an event of the monolith's concerns, in the words of the change log."""

from collections.abc import Iterator, Mapping, Sequence

from services.contracts import events as said
from services.contracts.changes import course_tag, enrolments_tag, person_tag
from services.contracts.events import Event

Removed = tuple[str, int]
"""A tenant, and content that it had."""


def tags_of(events: Sequence[Event], course_of: Mapping[Removed, int]) -> list[str]:
    """Each once; `course_of` has what was removed. Progress is kept by nobody."""
    return list(dict.fromkeys(tag for event in events for tag in _tags(event, course_of)))


def _tags(event: Event, course_of: Mapping[Removed, int]) -> Iterator[str]:
    match event.data:
        case said.CourseChanged(course=course) | said.ModuleChanged(course=course):
            yield course_tag(event.tenant, course)
        case said.LessonChanged(course=course) | said.AssessmentChanged(course=course):
            yield course_tag(event.tenant, course)
        case said.ContentRemoved(content=content):
            if (event.tenant, content) in course_of:
                yield course_tag(event.tenant, course_of[event.tenant, content])
        case said.EnrolmentChanged(user=user):
            yield enrolments_tag(event.tenant, user)
        case said.PersonChanged(user=user):
            yield person_tag(event.tenant, user)
