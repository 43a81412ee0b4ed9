"""Rows of one tenant, table by table, on their way into the database."""

from dataclasses import dataclass, field
from typing import Any

from legacy.monolith.database import Connection
from legacy.monolith.shapes import Attempts

Row = tuple[Any, ...]

TABLES = (
    "tenants",
    "people",
    "roles",
    "courses",
    "enrolments",
    "content",
    "completions",
    "timetable",
)


@dataclass(frozen=True, slots=True)
class Rows:
    tenant: str
    tables: dict[str, list[Row]] = field(default_factory=lambda: {name: [] for name in TABLES})

    def add(self, table: str, *values: Any) -> None:
        """One row; the tenant comes first by itself."""
        self.tables[table].append((self.tenant, *values))

    def next_id(self, table: str) -> int:
        """Content and classes are counted from 1 in each tenant."""
        return len(self.tables[table]) + 1

    def add_content(
        self,
        course: int,
        kind: str,
        title: str,
        body: Any,
        parent: int | None = None,
        attempts: Attempts | None = None,
    ) -> int:
        """Gives the new id; `attempts` may be filled until copy()."""
        content = self.next_id("content")
        self.add(
            "content",
            content,
            course,
            parent,
            kind,
            content,
            title,
            body,
            {} if attempts is None else attempts,
        )
        return content

    async def copy(self, db: Connection) -> None:
        for table, rows in self.tables.items():
            await db.copy_records_to_table(table, records=rows)
