"""What each event makes of the tables, and that nothing makes more of it than once."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from services.contracts import events as said
from services.contracts.events import Event, Happened
from services.contracts.learning import LessonKind, Role
from services.progress.projection import writes
from services.progress.projection.fold import folded
from services.storage import db
from tests.fakes.telling import told
from tests.fakes.tenant import LEARNER
from tests.integration.progress.campus import Campus
from tests.integration.progress.tables import EXAM, busy_day, everything, forget


@dataclass(frozen=True, slots=True)
class Case:
    """After `said` has happened to `stream`, the query answers `then`."""

    stream: str
    said: Happened
    query: str
    then: Any


CASES = [
    Case(
        "person/{}/4",
        said.PersonChanged(4, "Siti", "id", [Role.TEACHER, Role.PROCTOR]),
        "SELECT ARRAY[name, locale] || roles FROM people WHERE tenant_id = $1 AND id = 4",
        ["Siti", "id", "PROCTOR", "TEACHER"],
    ),
    Case(
        "course/{}/1",
        said.CourseChanged(1, "Cells", "C-9"),
        "SELECT ARRAY[title, code] FROM courses WHERE tenant_id = $1 AND id = 1",
        ["Cells", "C-9"],
    ),
    Case(
        "enrolment/{}/1/4",
        said.EnrolmentChanged(1, 4, Role.TEACHER),
        "SELECT role FROM enrolments WHERE tenant_id = $1 AND course_id = 1 AND user_id = 4",
        "TEACHER",
    ),
    Case(
        "enrolment/{}/1/4",
        said.EnrolmentChanged(1, 4, None),
        "SELECT role FROM enrolments WHERE tenant_id = $1 AND course_id = 1 AND user_id = 4",
        None,
    ),
    Case(
        "content/{}/1",
        said.ModuleChanged(1, 1, 12, "Organs"),
        "SELECT position || title FROM modules WHERE tenant_id = $1 AND id = 1",
        "12Organs",
    ),
    Case(
        "content/{}/2",
        said.LessonChanged(2, 1, None, 12, "Mitosis", LessonKind.LIVE),
        """SELECT ARRAY[title, kind, module_id::text, position::text]
        FROM lessons WHERE tenant_id = $1 AND id = 2""",
        ["Mitosis", "LIVE", None, "12"],
    ),
    Case(
        "content/{}/50",
        EXAM,
        """SELECT definition ->> 'title' || (definition ->> 'time_limit_s') || course_id
        FROM assessments WHERE tenant_id = $1 AND id = 50""",
        "Oral54001",
    ),
    Case(
        "content/{}/2",
        said.ContentRemoved(2),
        "SELECT count(*) FROM lessons WHERE tenant_id = $1 AND id = 2",
        0,
    ),
    Case(
        "content/{}/7",
        said.ContentRemoved(7),
        "SELECT count(*) FROM assessments WHERE tenant_id = $1 AND id = 7",
        0,
    ),
    Case(
        "completions/{}/1/4",
        said.LessonsCompleted(1, 4, [2, 3, 5]),
        "SELECT done FROM counts WHERE tenant_id = $1 AND course_id = 1 AND user_id = 4",
        3,
    ),
    Case(
        "class/{}/1",
        said.ClassRemoved(1),
        "SELECT count(*) FROM courses WHERE tenant_id = $1",
        3,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: type(case.said).__name__)
async def test_an_event_changes_what_it_says(campus: Campus, case: Case) -> None:
    before = await campus.value(case.query)

    await campus.happens(case.stream, case.said)

    assert await campus.value(case.query) == case.then
    assert before != case.then or isinstance(case.said, said.ClassRemoved)


async def test_events_that_come_twice_are_events_that_came_once(campus: Campus) -> None:
    events = [*told(campus.held, campus.tenant), *busy_day(campus)]
    await campus.take(events)
    once = await everything(campus)

    for prefix in (1, len(events) // 2, len(events)):
        await campus.take(events[:prefix])

    assert await everything(campus) == once


async def test_completions_counted_without_looking_are_counted_twice(campus: Campus) -> None:
    events = busy_day(campus)
    await campus.take(events)
    once = await everything(campus)

    await count_blindly(campus, events)

    assert await everything(campus) != once


@pytest.mark.parametrize("seed", range(5))
async def test_however_events_are_cut_into_batches_the_tables_are_the_same(
    campus: Campus, seed: int
) -> None:
    dice = random.Random(seed)
    events = busy_day(campus)
    rest = list(events)
    while rest:
        size = dice.randint(1, len(rest))
        await campus.take(rest[:size])
        rest = rest[size:]
    in_parts = await everything(campus)

    await forget(campus)
    await campus.take([*told(campus.held, campus.tenant), *events])

    assert await everything(campus) == in_parts


async def test_content_that_comes_again_as_something_else_is_that_alone(campus: Campus) -> None:
    stream = "content/{}/2"
    lesson = said.LessonChanged(2, 1, 1, 2, "Cells", LessonKind.TEXT)
    again: list[Happened] = [lesson, said.ContentRemoved(2), said.ModuleChanged(2, 1, 2, "Cells")]

    await campus.take([campus.next(stream, one) for one in again])

    assert await campus.value("SELECT count(*) FROM lessons WHERE tenant_id = $1 AND id = 2") == 0
    assert await campus.value("SELECT count(*) FROM modules WHERE tenant_id = $1 AND id = 2") == 1


async def test_a_removed_lesson_stays_counted_as_done(campus: Campus) -> None:
    done = "SELECT done FROM counts WHERE tenant_id = $1 AND course_id = 1 AND user_id = 4"
    before = await campus.value(done)

    await campus.happens("content/{}/2", said.ContentRemoved(2))

    assert await campus.value(done) == before == 1


async def count_blindly(campus: Campus, events: Sequence[Event]) -> None:
    """What the projection would be without asking the completions whether one is new."""
    blind = writes.COMPLETE.replace("ON CONFLICT DO NOTHING RETURNING", "RETURNING", 1)
    blind = blind.replace("INSERT INTO completions", "INSERT INTO seen", 1)
    columns = [list(column) for column in zip(*folded(events).completed, strict=True)]
    async with db.transaction(campus.pool) as connection:
        await connection.execute("CREATE TEMP TABLE seen (LIKE completions) ON COMMIT DROP")
        await connection.fetch(blind, *columns)


async def test_the_campus_is_projected_as_it_is_held(campus: Campus) -> None:
    assert len(await campus.rows("people")) == len(campus.held.people)
    mine = "SELECT count(*) FROM completions WHERE tenant_id = $1 AND user_id = $2"
    assert await campus.value(mine, int(LEARNER)) == 1
