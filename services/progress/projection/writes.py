"""Writes rows of the projection, many with one statement.

Rows are written in the order of their keys, completions before counts: those who write the same
ones at once wait for each other and never embrace.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from services.progress.projection.rows import Row
from services.storage.db import Connection

COMPLETE = """
WITH given AS (
    SELECT tenant_id, course_id, user_id, lesson_id
    FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::bigint[])
        AS given (tenant_id, course_id, user_id, lesson_id)
    ORDER BY tenant_id, course_id, user_id, lesson_id
), fresh AS (
    INSERT INTO completions (tenant_id, course_id, user_id, lesson_id) SELECT * FROM given
    ON CONFLICT DO NOTHING RETURNING tenant_id, course_id, user_id
)
INSERT INTO counts AS known (tenant_id, course_id, user_id, done)
SELECT tenant_id, course_id, user_id, count(*) FROM fresh
GROUP BY tenant_id, course_id, user_id ORDER BY tenant_id, course_id, user_id
ON CONFLICT (tenant_id, course_id, user_id) DO UPDATE SET done = known.done + excluded.done
RETURNING true
"""
REMOVE_CONTENT = """
WITH gone AS (
    SELECT tenant_id, id FROM unnest($1::text[], $2::bigint[]) AS gone (tenant_id, id)
), modules_gone AS (
    DELETE FROM modules USING gone
    WHERE modules.tenant_id = gone.tenant_id AND modules.id = gone.id
    RETURNING gone.tenant_id, gone.id, course_id, true AS was_in_outline
), lessons_gone AS (
    DELETE FROM lessons USING gone
    WHERE lessons.tenant_id = gone.tenant_id AND lessons.id = gone.id
    RETURNING gone.tenant_id, gone.id, course_id, true
), assessments_gone AS (
    DELETE FROM assessments USING gone
    WHERE assessments.tenant_id = gone.tenant_id AND assessments.id = gone.id
    RETURNING gone.tenant_id, gone.id, course_id, false
)
SELECT * FROM modules_gone UNION ALL SELECT * FROM lessons_gone
UNION ALL SELECT * FROM assessments_gone
"""


@dataclass(frozen=True, slots=True)
class Table:
    """One in which a row takes the place of what had its key."""

    name: str
    key: tuple[str, ...]
    rest: tuple[str, ...]

    async def put(self, db: Connection, rows: Sequence[Row]) -> None:
        key = ", ".join(self.key)
        new = ", ".join(f"{column} = excluded.{column}" for column in self.rest)
        statement = f"""
            INSERT INTO {self.name}
            SELECT * FROM jsonb_populate_recordset(NULL::{self.name}, $1) ORDER BY {key}
            ON CONFLICT ({key}) DO UPDATE SET {new}
        """
        if rows:
            await db.execute(statement, rows)

    async def remove(self, db: Connection, rows: Sequence[Row]) -> None:
        """Of a row its key alone matters."""
        same = " AND ".join(f"{self.name}.{column} = gone.{column}" for column in self.key)
        statement = f"""
            DELETE FROM {self.name}
            USING jsonb_populate_recordset(NULL::{self.name}, $1) AS gone WHERE {same}
        """
        if rows:
            await db.execute(statement, rows)


PEOPLE = Table("people", ("tenant_id", "id"), ("name", "locale", "roles"))
COURSES = Table("courses", ("tenant_id", "id"), ("title", "code"))
ENROLMENTS = Table("enrolments", ("tenant_id", "course_id", "user_id"), ("role",))
MODULES = Table("modules", ("tenant_id", "id"), ("course_id", "position", "title"))
LESSONS = Table(
    "lessons", ("tenant_id", "id"), ("course_id", "module_id", "position", "title", "kind")
)
ASSESSMENTS = Table(
    "assessments", ("tenant_id", "id"), ("course_id", "position", "definition", "items")
)


async def complete(db: Connection, completions: Collection[tuple[str, int, int, int]]) -> bool:
    """Whether any of (tenant, course, user, lesson) is new."""
    if not completions:
        return False
    columns = [list(column) for column in zip(*completions, strict=True)]
    return bool(await db.fetch(COMPLETE, *columns))


async def remove_content(
    db: Connection, gone: Iterable[tuple[str, int]]
) -> list[tuple[str, int, int, bool]]:
    """Removes it, whatever it is; gives of each its course, and whether it was in the outline."""
    named = sorted(gone)
    if not named:
        return []
    tenants, ids = [tenant for tenant, _ in named], [content for _, content in named]
    rows = await db.fetch(REMOVE_CONTENT, tenants, ids)
    return [(row["tenant_id"], row["id"], row["course_id"], row["was_in_outline"]) for row in rows]
