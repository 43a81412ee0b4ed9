"""What the triggers make of statements that no page of the monolith sends: imports, corrections."""

from datetime import datetime
from typing import Any

import pytest

from legacy.monolith import seed
from legacy.monolith.database import Connection
from tests.integration.feeder.changed import changes_of
from tests.integration.monolith.school import LEARNER, OTHER_LEARNER, School

NINE, TEN = datetime(2026, 3, 10, 9), datetime(2026, 3, 10, 10)  # noqa: DTZ001
ROLE = "INSERT INTO roles VALUES ('{tenant}', 4, 'TEACHER')"
PLACED = "WHERE tenant_id = '{tenant}'"

# A statement, and the streams that it changes.
TABLE: list[tuple[str, list[str]]] = [
    ("INSERT INTO people VALUES ('{tenant}', 9, 'Nine', 'n@x', 'en')", ["person/9"]),
    (f"UPDATE people SET name = name || '!' {PLACED} AND id IN (4, 5)", ["person/4", "person/5"]),
    (f"UPDATE people SET email = 'new' {PLACED}", []),
    (ROLE, ["person/4"]),
    (f"DELETE FROM roles {PLACED} AND user_id = 3", ["person/3"]),
    (f"UPDATE roles SET role = 'LEARNER' {PLACED} AND user_id = 3", ["person/3"]),
    (f"UPDATE roles SET role = role {PLACED}", []),
    ("INSERT INTO roles VALUES ('{tenant}', 77, 'TEACHER')", []),
    ("INSERT INTO courses VALUES ('{tenant}', 3, 'C', 'T', '2026-01-01')", ["course/3"]),
    (f"UPDATE courses SET code = 'X' {PLACED} AND id = 1", ["course/1"]),
    (f"UPDATE courses SET touched_at = '2026-01-01' {PLACED}", []),
    ("INSERT INTO enrolments VALUES ('{tenant}', 1, 6, 'LEARNER')", ["enrolment/1/6"]),
    (f"UPDATE enrolments SET role = 'TEACHER' {PLACED} AND user_id = 4", ["enrolment/1/4"]),
    (f"UPDATE enrolments SET role = role {PLACED}", []),
    (
        f"UPDATE enrolments SET course_id = 2 {PLACED} AND user_id = 4",
        ["enrolment/1/4", "enrolment/2/4"],
    ),
    (f"DELETE FROM enrolments {PLACED} AND user_id = 5", ["enrolment/1/5"]),
    (f"UPDATE content SET title = 'New' {PLACED} AND id = 2", ["content/2"]),
    (f"UPDATE content SET title = title {PLACED}", []),
    (
        f"UPDATE content SET body = body || '{{{{\"grace_s\": 9}}}}' {PLACED} AND id = 7",
        ["content/7"],
    ),
    (f"DELETE FROM content {PLACED} AND id = 2", ["content/2"]),
]


@pytest.mark.parametrize(("statement", "streams"), TABLE)
async def test_each_statement_leaves_a_row_for_each_stream_it_changes(
    biology: School, statement: str, streams: list[str]
) -> None:
    changes = await changes_of(biology.db, biology.tenant)

    await biology.db.execute(statement.format(tenant=biology.tenant))

    assert await changes.streams() == streams


async def test_a_person_is_told_with_all_roles(biology: School) -> None:
    changes = await changes_of(biology.db, biology.tenant)

    await biology.db.execute(ROLE.format(tenant=biology.tenant))

    [(_, data)] = await changes.since()
    assert data == {"name": "Person 4", "locale": "en", "roles": ["LEARNER", "TEACHER"]}


async def test_a_class_is_told_when_it_comes_moves_and_goes(biology: School) -> None:
    db, tenant = biology.db, biology.tenant
    changes = await changes_of(db, tenant)

    own = await seed.live_class(db, tenant, 1, NINE, TEN, "Live", teacher=2)
    await db.execute("UPDATE timetable SET starts = $2 WHERE tenant_id = $1", tenant, TEN)
    await db.execute("UPDATE timetable SET starts = $2 WHERE tenant_id = $1", tenant, TEN)
    await db.execute("DELETE FROM timetable WHERE tenant_id = $1", tenant)

    told = {"course": 1, "title": "Live", "teacher": 2, "ends": "2026-03-10 10:00:00"}
    assert await changes.since() == [
        (f"class/{own}", told | {"starts": "2026-03-10 09:00:00"}),
        (f"class/{own}", told | {"starts": "2026-03-10 10:00:00"}),
        (f"class/{own}", None),
    ]


async def test_a_class_is_told_as_it_opens_begins_and_ends_and_not_who_polls(
    biology: School,
) -> None:
    db, tenant = biology.db, biology.tenant
    changes = await changes_of(db, tenant)

    await db.execute("INSERT INTO rooms VALUES ($1, 9, 1, 'open', $2)", tenant, NINE)
    for change in ("people = '{\"4\": {}}'", "state = 'live'", "state = 'live'", "state = 'ended'"):
        await db.execute(f"UPDATE rooms SET {change} WHERE tenant_id = $1", tenant)

    assert await changes.since() == [
        ("room/9", {"course": 1, "state": state}) for state in ("open", "live", "ended")
    ]


def tried(number: int) -> dict[str, Any]:
    return {"number": number, "state": "graded", "answers": {"q1": "a"}, "score": 1.0}


async def attempts_become(school: School, attempts: dict[str, Any]) -> None:
    await school.db.execute(
        "UPDATE content SET attempts = $3 WHERE tenant_id = $1 AND id = $2",
        school.tenant,
        school.quiz,
        attempts,
    )


async def test_attempts_of_two_users_in_one_statement_are_two_rows(biology: School) -> None:
    mine, others = str(LEARNER), str(OTHER_LEARNER)
    await attempts_become(biology, {"3": [tried(1)], mine: [tried(1)]})
    changes = await changes_of(biology.db, biology.tenant)

    await attempts_become(
        biology, {"3": [tried(1)], mine: [tried(2), tried(1)], others: [tried(1)]}
    )

    told = dict(await changes.since())
    assert told.keys() == {f"attempts/7/{mine}", f"attempts/7/{others}"}
    assert [one["number"] for one in told[f"attempts/7/{mine}"]] == [1, 2]


async def test_attempts_that_are_gone_are_told(biology: School) -> None:
    await attempts_become(biology, {"4": [tried(1)], "5": [tried(1)]})
    changes = await changes_of(biology.db, biology.tenant)

    await attempts_become(biology, {"4": [tried(1)]})
    await biology.db.execute("DELETE FROM content WHERE tenant_id = $1 AND id = 7", biology.tenant)

    assert sorted(await changes.since()) == [
        ("attempts/7/4", None),
        ("attempts/7/5", None),
        ("content/7", None),
    ]


COURSES, LEARNERS, LESSONS = 10, 500, 20


async def test_a_hundred_thousand_completions_at_once_are_one_row_a_learner(
    biology: School,
) -> None:
    changes = await changes_of(biology.db, biology.tenant)
    rows = [
        (biology.tenant, 1_000 * course + lesson, user, course, NINE)
        for course in range(COURSES)
        for lesson in range(LESSONS)
        for user in range(LEARNERS)
    ]

    await biology.db.copy_records_to_table("completions", records=rows)

    told = await changes.since()
    assert len(rows) == 100_000
    assert len(told) == len(dict(told)) == COURSES * LEARNERS
    assert dict(told)["completions/3/7"] == {"lessons": [3_000 + n for n in range(LESSONS)]}


async def test_a_plan_made_for_one_row_does_not_hold_up_many(
    biology: School, db: Connection
) -> None:
    """As a person's first row in a session is planned, so are the next 30,000."""
    await seed.person(db, biology.tenant, 1_000)
    people = [(biology.tenant, 2_000 + n, f"P {n}", "p@x", "en") for n in range(30_000)]

    await db.copy_records_to_table("people", records=people, timeout=30)

    counted = "SELECT count(*) FROM changes WHERE tenant_id = $1 AND stream LIKE 'person/%'"
    assert await db.fetchval(counted, biology.tenant) > len(people)
