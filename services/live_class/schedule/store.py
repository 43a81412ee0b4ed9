"""Rows of classes that are planned here: read for a comparison, written many with one statement."""

from collections.abc import Sequence
from dataclasses import fields

from asyncpg import Record

from services.live_class.schedule.ics.occurrence import Span
from services.live_class.schedule.plan import Planned
from services.storage.db import Connection

COLUMNS = """
id, version, calendar, uid, recurrence, sequence, course_id AS course, title,
teacher_id AS teacher, starts_at, ends_at, zone, cancelled
"""
HELD = f"""
SELECT {COLUMNS} FROM planned_classes
WHERE tenant_id = $1 AND (calendar = $2 OR (starts_at >= $3 AND starts_at < $4 AND NOT cancelled))
ORDER BY id
"""
LOCK = f"""
SELECT {COLUMNS} FROM planned_classes WHERE tenant_id = $1 AND id = ANY ($2::bigint[])
ORDER BY id FOR UPDATE
"""
GIVEN = """
jsonb_to_recordset($2::jsonb) AS given (
    id bigint, version bigint, calendar text, uid text, recurrence text, sequence int,
    course bigint, title text, teacher bigint, starts_at timestamptz, ends_at timestamptz,
    zone text, cancelled boolean
)
"""
# The order of what is returned is that of what was given: ids are drawn in it.
ADD = f"""
INSERT INTO planned_classes (tenant_id, course_id, title, teacher_id, starts_at, ends_at, zone,
    calendar, uid, recurrence, sequence)
SELECT $1, course, title, teacher, starts_at, ends_at, zone, calendar, uid, recurrence, sequence
FROM {GIVEN} ORDER BY starts_at, uid, recurrence
ON CONFLICT DO NOTHING
RETURNING {COLUMNS}
"""
CHANGE = f"""
UPDATE planned_classes AS known SET course_id = course, title = given.title,
    teacher_id = teacher, starts_at = given.starts_at, ends_at = given.ends_at,
    zone = given.zone, uid = given.uid, recurrence = given.recurrence,
    sequence = given.sequence, cancelled = given.cancelled, version = known.version + 1
FROM {GIVEN} WHERE known.tenant_id = $1 AND known.id = given.id
"""


async def held(db: Connection, tenant: str, calendar: str, span: Span) -> list[Planned]:
    """All of the calendar, and of others those that take place in the span."""
    rows = await db.fetch(HELD, tenant, calendar, span.since, span.until)
    return [_planned(row) for row in rows]


async def lock(db: Connection, tenant: str, ids: Sequence[int]) -> dict[int, Planned]:
    """Nobody else changes them until the transaction ends."""
    return {row["id"]: _planned(row) for row in await db.fetch(LOCK, tenant, sorted(ids))}


async def add(db: Connection, tenant: str, new: Sequence[Planned]) -> list[Planned]:
    """With the ids they have from now on; fewer than given where somebody was faster."""
    return [_planned(row) for row in await db.fetch(ADD, tenant, new)] if new else []


async def change(db: Connection, tenant: str, rows: Sequence[Planned]) -> None:
    if rows:
        await db.execute(CHANGE, tenant, rows)


def _planned(row: Record) -> Planned:
    return Planned(**{field.name: row[field.name] for field in fields(Planned)})
