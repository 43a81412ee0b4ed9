"""Whether the new side has taken every change of the old one."""

from collections.abc import Sequence

from legacy.monolith.database import Connection

READERS = ("progress", "assessment")
BEHIND = """
SELECT count(*) FROM relay_positions r CROSS JOIN unnest($1::text[]) AS reader
LEFT JOIN consumers c ON c.partition = r.partition AND c.name = reader
WHERE coalesce(c.position, 0) < r.position
"""


async def has_caught_up(db: Connection, readers: Sequence[str] = READERS) -> bool:
    """`db` is the monolith's."""
    unsent = await db.fetchval("SELECT count(*) FROM changes WHERE position IS NULL")
    behind = await db.fetchval(BEHIND, list(readers))
    return bool(unsent == 0 and behind == 0)
