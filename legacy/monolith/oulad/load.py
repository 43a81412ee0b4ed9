"""Imports OULAD, the Open University's learning analytics data, as a tenant of its own."""

from dataclasses import dataclass
from pathlib import Path

import asyncpg

from legacy.monolith.database import Connection
from legacy.monolith.oulad.data import Track, read
from legacy.monolith.oulad.refusals import Refusals
from legacy.monolith.oulad.store import Counted, store
from legacy.monolith.oulad.tables import TENANT

_IN_PROGRESS = """
SELECT count(*) AS learners, min(user_id) AS first FROM enrolments
JOIN (
    SELECT course_id, user_id, count(*) AS done FROM completions
    WHERE tenant_id = $1 GROUP BY course_id, user_id
) AS completed USING (course_id, user_id)
JOIN (
    SELECT course_id, count(*) AS lessons FROM content
    WHERE tenant_id = $1 AND kind = 'lesson' GROUP BY course_id
) AS whole USING (course_id)
WHERE tenant_id = $1 AND role = 'LEARNER' AND done < lessons
"""


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did; `in_progress` enrolments are begun and not finished."""

    counts: dict[str, Counted]
    refusals: Refusals
    in_progress: int
    demo_learner: int | None


async def load(database_url: str, folder: Path, track: Track) -> Imported:
    """Raises BadFile when the folder is not OULAD; then nothing was written."""
    data = read(folder, track)
    # Not database.connect(): COPY takes JSON as text, which its codec does not.
    db = await asyncpg.connect(database_url)
    try:
        counts = await store(db, data, track)
        await db.execute("ANALYZE")
        in_progress, learner = await _in_progress(db)
        return Imported(counts, data.refusals, in_progress, learner)
    finally:
        await db.close()


async def _in_progress(db: Connection) -> tuple[int, int | None]:
    """How many enrolments, and the first learner of them."""
    found = await db.fetchrow(_IN_PROGRESS, TENANT)
    return (found["learners"], found["first"]) if found else (0, None)
