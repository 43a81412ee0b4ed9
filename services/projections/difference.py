"""Writes into a table only what differs from another of its form, and deletes what is no more."""

from dataclasses import dataclass

from services.storage.db import Connection

# What is computed is not copied.
FORM = """
SELECT array_agg(attname::text ORDER BY attnum) AS columns,
    array_agg(attname::text ORDER BY array_position(indkey::int2[], attnum))
        FILTER (WHERE attnum = ANY (indkey)) AS key
FROM pg_attribute JOIN pg_index ON indrelid = attrelid AND indisprimary
WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
"""


@dataclass(frozen=True, slots=True)
class Difference:
    """Rows of one table that went, and rows that came or changed."""

    table: str
    removed: int
    put: int


@dataclass(frozen=True, slots=True)
class Form:
    """A table's columns, and those of its primary key."""

    columns: list[str]
    key: list[str]

    @property
    def rest(self) -> list[str]:
        return [column for column in self.columns if column not in self.key]


async def form_of(connection: Connection, table: str) -> Form:
    row = await connection.fetchrow(FORM, table)
    assert row is not None  # noqa: S101 -- an aggregate without groups has one row
    return Form(row["columns"], row["key"])


async def write_difference(connection: Connection, table: str, new: str, old: str) -> Difference:
    """`new` and `old` are schemas; afterwards the old one's rows equal the new one's."""
    form = await form_of(connection, f"{old}.{table}")
    removed = await connection.execute(_delete(form, f"{new}.{table}", f"{old}.{table}"))
    put = await connection.execute(_put(form, f"{new}.{table}", f"{old}.{table}"))
    return Difference(table, _count(removed), _count(put))


def _delete(form: Form, new: str, old: str) -> str:
    same = " AND ".join(f"new.{column} = old.{column}" for column in form.key)
    return f"DELETE FROM {old} AS old WHERE NOT EXISTS (SELECT FROM {new} AS new WHERE {same})"


def _put(form: Form, new: str, old: str) -> str:
    columns, key = ", ".join(form.columns), ", ".join(form.key)
    changes = ", ".join(f"{column} = excluded.{column}" for column in form.rest)
    return f"""
        INSERT INTO {old} ({columns})
        SELECT * FROM (SELECT {columns} FROM {new} EXCEPT SELECT {columns} FROM {old}) AS changed
        ORDER BY {key}
        ON CONFLICT ({key}) DO {f"UPDATE SET {changes}" if changes else "NOTHING"}
    """


def _count(status: str) -> int:
    return int(status.rpartition(" ")[2])
