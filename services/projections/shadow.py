"""A projection's tables once more, for one connection alone: what it writes, it writes there.

Temporary tables hide those of their names; the projection's own statements fill them.
"""

import asyncio
from collections.abc import Sequence

import asyncpg

from services.backfill.target import Anew
from services.projections.difference import Difference, write_difference
from services.storage.db import Connection

HERE = "pg_temp"
EVENTS = ("applied", "parked")
LOCK_TRIES, PAUSE_S = 100, 0.02

# Shorter than PostgreSQL waits before it looks for those that embrace: we step back first.
PATIENCE = "SET LOCAL lock_timeout = '200ms'"
MERGE_APPLIED = """
INSERT INTO {live}.applied AS known (stream, version)
SELECT stream, max(version) FROM (
    SELECT stream, version FROM pg_temp.applied
    UNION ALL
    SELECT source || ':' || stream, version FROM {live}.parked AS old WHERE NOT EXISTS (
        SELECT FROM pg_temp.parked AS new WHERE new.source = old.source AND new.stream = old.stream
    )
) AS both_
GROUP BY stream ORDER BY stream
ON CONFLICT (stream) DO UPDATE SET version = excluded.version
WHERE known.version < excluded.version
"""


class Shadow:
    """`live` is the schema of the tables in use."""

    def __init__(self, connection: Connection, live: str, anew: Anew) -> None:
        self._connection = connection
        self.live = live
        self._anew = anew

    async def make(self) -> None:
        for table in (*self._anew.tables, *EVENTS):
            await self._connection.execute(
                f"CREATE TEMP TABLE {table} (LIKE {self.live}.{table} INCLUDING ALL)"
            )

    async def carry(self) -> None:
        """Brings in what only the old tables know; again and again, as they go on."""
        for statement in self._anew.carry:
            await self._connection.execute(statement.format(live=self.live))

    async def analyze(self) -> None:
        for table in (*self._anew.tables, *EVENTS):
            await self._connection.execute(f"ANALYZE {HERE}.{table}")

    async def lock_live(self) -> None:
        """Nobody writes them until the transaction ends, everybody reads them."""
        named = ", ".join(f"{self.live}.{table}" for table in (*EVENTS, *self._anew.tables))
        for _ in range(LOCK_TRIES - 1):
            try:
                return await self._lock(named)
            except asyncpg.LockNotAvailableError:
                await asyncio.sleep(PAUSE_S)
        return await self._lock(named)

    async def write_difference(self) -> Sequence[Difference]:
        """What is parked is what this release could not apply: the rest is in the new tables."""
        await self._connection.execute(MERGE_APPLIED.format(live=self.live))
        return [
            await write_difference(self._connection, table, HERE, self.live)
            for table in ("parked", *self._anew.tables)
        ]

    async def _lock(self, named: str) -> None:
        async with self._connection.transaction():
            await self._connection.execute(PATIENCE)
            await self._connection.execute(f"LOCK TABLE {named} IN SHARE ROW EXCLUSIVE MODE")
