"""What was said already of a lesson or of an attempt, kept beside the positions."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from services.storage.db import Connection, Pool

LOOK = "SELECT * FROM told WHERE subject = ANY ($1)"
KEEP = """
INSERT INTO told VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (subject) DO UPDATE SET begun = excluded.begun, completed = excluded.completed,
    scored = excluded.scored, score = excluded.score, most = excluded.most
"""


@dataclass(frozen=True, slots=True)
class Told:
    """`scored` is the statement that stands: of `score` points, of `most` that can be had."""

    begun: bool = False
    completed: bool = False
    scored: UUID | None = None
    score: float | None = None
    most: float | None = None


NOTHING = Told()


async def look(pool: Pool, subjects: Iterable[UUID]) -> dict[UUID, Told]:
    """Of those of which anything was said."""
    rows = await pool.fetch(LOOK, list(subjects))
    return {row["subject"]: Told(*tuple(row)[1:]) for row in rows}


async def keep(connection: Connection, told: Mapping[UUID, Told]) -> None:
    await connection.executemany(
        KEEP,
        [
            (subject, it.begun, it.completed, it.scored, it.score, it.most)
            for subject, it in told.items()
        ],
    )
