"""Pages about live classes as they are scheduled."""

from typing import Any

from asyncpg import Record

from legacy.monolith import access
from legacy.monolith.errors import Missing
from legacy.monolith.local_time import write
from legacy.monolith.page import Asked

CLASSES = """
SELECT timetable.id, course_id, title, teacher_id, people.name AS teacher, starts, ends
FROM timetable LEFT JOIN people
    ON people.tenant_id = timetable.tenant_id AND people.id = teacher_id
WHERE timetable.tenant_id = $1
"""
ONE = CLASSES + " AND timetable.id = $2"
BETWEEN = """
    AND starts >= coalesce($3::timestamp, '-infinity')
    AND starts < coalesce($4::timestamp, 'infinity')
ORDER BY starts, timetable.id
"""
OF_COURSE = CLASSES + " AND course_id = $2" + BETWEEN
OF_USER = (
    CLASSES
    + """ AND course_id IN
        (SELECT course_id FROM enrolments WHERE tenant_id = $1 AND user_id = $2)"""
    + BETWEEN
)


async def of_course(asked: Asked) -> dict[str, Any]:
    course = await access.course(asked, asked.id)
    return await _between(asked, OF_COURSE, course.id)


async def agenda(asked: Asked) -> dict[str, Any]:
    return await _between(asked, OF_USER, asked.user)


async def one(asked: Asked) -> dict[str, Any]:
    row = await asked.db.fetchrow(ONE, asked.tenant, asked.id)
    if row is None:
        raise Missing
    await access.course(asked, row["course_id"])
    return _view(row)


async def _between(asked: Asked, statement: str, whose: int) -> dict[str, Any]:
    earliest, latest = asked.moment("from"), asked.moment("to")
    rows = await asked.db.fetch(statement, asked.tenant, whose, earliest, latest)
    return {"classes": [_view(row) for row in rows]}


def _view(row: Record) -> dict[str, Any]:
    is_known = row["teacher"] is not None
    return {
        "id": row["id"],
        "course": row["course_id"],
        "title": row["title"],
        "teacher": {"id": row["teacher_id"], "name": row["teacher"]} if is_known else None,
        "starts": write(row["starts"]),
        "ends": write(row["ends"]),
    }
