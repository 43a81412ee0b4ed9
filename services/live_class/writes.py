"""Writes rows of the projection, many with one statement.

They are written in the order of their keys: whoever writes the same ones at once waits, and never
embraces.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from services.storage.db import Connection

Row = dict[str, object]


@dataclass(frozen=True, slots=True)
class Table:
    """`rest` are the columns beside the key."""

    name: str
    key: tuple[str, ...]
    rest: tuple[str, ...] = ()

    async def put(self, db: Connection, rows: Sequence[Row]) -> None:
        """Each takes the place of what had its key."""
        if rows:
            await db.execute(self._put(), rows)

    async def remove(self, db: Connection, rows: Sequence[Row]) -> None:
        """Those with the keys of these rows."""
        if rows:
            await db.execute(self._remove(), rows)

    def _put(self) -> str:
        key = ", ".join(self.key)
        new = ", ".join(f"{column} = excluded.{column}" for column in self.rest)
        return f"""
            INSERT INTO {self.name}
            SELECT * FROM jsonb_populate_recordset(NULL::{self.name}, $1) ORDER BY {key}
            ON CONFLICT ({key}) DO {f"UPDATE SET {new}" if new else "NOTHING"}
        """

    def _remove(self) -> str:
        same = " AND ".join(f"{self.name}.{column} = gone.{column}" for column in self.key)
        return f"""
            DELETE FROM {self.name}
            USING jsonb_populate_recordset(NULL::{self.name}, $1) AS gone WHERE {same}
        """


COURSES_OF = """
SELECT tenant_id, id, course_id FROM unnest($1::text[], $2::bigint[]) AS given (tenant_id, id)
JOIN classes USING (tenant_id, id)
"""


async def courses_of(
    db: Connection, classes: Iterable[tuple[str, int]]
) -> dict[tuple[str, int], int]:
    """The course that each of these is of by now."""
    named = sorted(classes)
    if not named:
        return {}
    tenants, ids = [tenant for tenant, _ in named], [one for _, one in named]
    rows = await db.fetch(COURSES_OF, tenants, ids)
    return {(row["tenant_id"], row["id"]): row["course_id"] for row in rows}


COURSES = Table("courses", ("tenant_id", "id"))
PEOPLE = Table("people", ("tenant_id", "id"), ("name", "operates"))
ENROLMENTS = Table("enrolments", ("tenant_id", "user_id", "course_id"), ("role",))
OLD_ROOMS = Table("old_rooms", ("tenant_id", "id"), ("course_id", "state"))
CLASSES = Table(
    "classes",
    ("tenant_id", "id"),
    ("course_id", "title", "teacher_id", "starts_at", "ends_at"),
)
