"""The school of thousands of learners: written at the monolith, taken in by the services."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

import asyncpg

from bench import campus, lever, service_side
from bench.class_school import HELD, write_class, write_teacher
from bench.learners_plan import School
from bench.system import System
from flags.names import PROGRESS_READ, PROGRESS_WRITE, Side
from legacy.monolith import seed
from legacy.monolith.database import Connection
from services.storage.address import database_of
from services.storage.server import with_database

TURNED = (PROGRESS_READ, PROGRESS_WRITE, *HELD)
"""What is on the services' side."""
A_COURSE = 100
LEAST_LESSONS = 8
CONTENT = ("tenant_id", "id", "course_id", "kind", "position", "title", "body")

BE = "SELECT set_config('banyan.tenant', $1, false)"
KNOWN = """
SELECT (SELECT count(*) FROM lessons WHERE tenant_id = $1),
    (SELECT count(*) FROM enrolments WHERE tenant_id = $1),
    (SELECT count(*) FROM people WHERE tenant_id = $1)
"""
DONE = "SELECT user_id, done FROM counts WHERE tenant_id = $1"


def school_of(tenant: str, learners: int, acts: float) -> School:
    """With lessons enough for four times as many acts of one learner as there are on average."""
    return School(tenant, learners, -(-learners // A_COURSE), LEAST_LESSONS + round(4 * acts))


async def open_school(running: System, school: School) -> float:
    """Seconds until the service that keeps progress knew all of it."""
    monolith = await campus.at_the_monolith(running)
    try:
        async with monolith.transaction():
            await _write(monolith, school)
        await lever.place(running, {school.tenant: Side.SERVICE}, TURNED)
        is_known = partial(_is_known, running, school)
        seconds = await service_side.until(is_known, "heard of the school")
        await service_side.until(partial(campus.passed, monolith), "taken in what others know")
        return seconds
    finally:
        await monolith.close()


async def _write(db: Connection, school: School) -> None:
    tenant, courses = await seed.tenant(db, school.tenant), range(1, school.courses + 1)
    for course in courses:
        await seed.course(db, tenant, course)
    await db.copy_records_to_table("content", records=_lessons(school), columns=CONTENT)
    people = [(tenant, one, f"Learner {one}", f"{one}@example", "en") for one in school.users]
    await db.copy_records_to_table("people", records=people)
    roles = [(tenant, one, "LEARNER") for one in school.users]
    await db.copy_records_to_table("roles", records=roles)
    enrolled = [(tenant, school.course_of(one), one, "LEARNER") for one in school.users]
    await db.copy_records_to_table("enrolments", records=enrolled)
    await write_teacher(db, tenant)
    await write_class(db, tenant, school.hall, school.users)


def _lessons(school: School) -> Iterator[Sequence[Any]]:
    body = {"type": "TEXT"}
    for course in range(1, school.courses + 1):
        for number in school.numbers_of(course):
            yield school.tenant, number, course, "lesson", number, f"Lesson {number}", body


async def _is_known(running: System, school: School) -> bool:
    [row] = await _at_progress(running, school, KNOWN)
    lessons = school.courses * school.lessons
    teacher, enrolments = 1, 2 * school.learners + 1
    return tuple(row) == (lessons, enrolments, school.learners + teacher)


async def completed(running: System, school: School) -> dict[int, int]:
    """How many lessons each of them has completed, as the service keeps it."""
    rows = await _at_progress(running, school, DONE)
    return {row["user_id"]: row["done"] for row in rows}


async def _at_progress(running: System, school: School, question: str) -> list[Any]:
    db = await asyncpg.connect(with_database(running.at.database, database_of("progress")))
    try:
        await db.execute(BE, school.tenant)
        return await db.fetch(question, school.tenant)
    finally:
        await db.close()
