"""What the change log is told of a timetable's events."""

from datetime import timedelta

import pytest

from services.contracts import events as said
from services.contracts.events import Happened
from services.contracts.learning import Role
from tests.fakes.tenant import NOW
from tests.integration.live_class.campus import Campus


def scheduled(course: int, live_class: int = 1) -> said.ClassScheduled:
    return said.ClassScheduled(live_class, course, "Cells", 2, NOW, NOW + timedelta(hours=1))


SAID: list[tuple[str, Happened, list[str]]] = [
    ("class/1", scheduled(1), ["classes:{}:1"]),
    ("class/1", scheduled(2), ["classes:{}:1", "classes:{}:2"]),
    ("class/99", scheduled(2, 99), ["classes:{}:2"]),
    ("class/1", said.ClassRemoved(1), ["classes:{}:1"]),
    ("class/98", said.ClassRemoved(98), []),
    ("enrolment/1/4", said.EnrolmentChanged(1, 4, None), ["enrolments:{}:4"]),
    ("person/2", said.PersonChanged(2, "Ada", "en", [Role.TEACHER]), ["person:{}:2"]),
    ("course/1", said.CourseChanged(1, "Cells", "C"), []),
]


@pytest.mark.parametrize(("stream", "data", "tags"), SAID)
async def test_an_event_says_what_it_concerns(
    campus: Campus, stream: str, data: Happened, tags: list[str]
) -> None:
    await campus.happens(stream, data)

    assert campus.changes.said == [tag.format(campus.tenant) for tag in tags]


async def test_a_class_that_moves_twice_in_a_batch_says_each_course(campus: Campus) -> None:
    events = [campus.next("class/1", scheduled(course)) for course in (2, 3)]
    found = await campus.take(events)
    await campus.projection.announce(found.fresh)

    own = campus.tenant
    assert campus.changes.said == [f"classes:{own}:{course}" for course in (1, 2, 3)]
