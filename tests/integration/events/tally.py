"""A projection that betrays its projector: what it applies twice, it counts twice."""

from collections.abc import Sequence

from services.contracts.events import Event
from services.storage.db import Connection, Pool

TABLES = """
CREATE TABLE tally (stream text PRIMARY KEY, events bigint NOT NULL);
CREATE TABLE entries (stream text, version bigint, n bigint GENERATED ALWAYS AS IDENTITY)
"""
ENTER = "INSERT INTO entries (stream, version) VALUES ($1, $2)"
COUNT = """
INSERT INTO tally VALUES ($1, 1) ON CONFLICT (stream) DO UPDATE SET events = tally.events + 1
"""
TWICE = "SELECT count(*) FROM (SELECT FROM entries GROUP BY stream, version HAVING count(*) > 1) t"
MISORDERED = """
SELECT count(*) FROM (
    SELECT version < lag(version) OVER (PARTITION BY stream ORDER BY n) AS falls FROM entries
) t WHERE falls
"""


class Tally:
    def __init__(self) -> None:
        self.announced: list[Event] = []
        self.times_all = 0

    async def apply(self, connection: Connection, events: Sequence[Event]) -> None:
        await connection.executemany(ENTER, [(event.stream, event.version) for event in events])
        await connection.executemany(COUNT, [(event.stream,) for event in events])

    async def announce(self, events: Sequence[Event]) -> None:
        self.announced += events

    async def announce_all(self) -> None:
        self.times_all += 1


async def tallied(pool: Pool) -> dict[str, int]:
    return {row["stream"]: row["events"] for row in await pool.fetch("SELECT * FROM tally")}


async def twice(pool: Pool) -> int:
    """How many events were applied more than once."""
    count: int = await pool.fetchval(TWICE)
    return count


async def misordered(pool: Pool) -> int:
    count: int = await pool.fetchval(MISORDERED)
    return count
