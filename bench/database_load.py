"""What a PostgreSQL server is asked and waits for while it is measured, as it says itself."""

from dataclasses import dataclass

import asyncpg

# Whoever only reads takes no number: the commits of those who write are what the disk is for.
WRITES = """
SELECT pg_snapshot_xmax(pg_current_snapshot())::text::float8 AS commits,
    (SELECT coalesce(sum(fsyncs), 0) FROM pg_stat_io WHERE object = 'wal')::float8 AS syncs
"""
# Whoever waits for the log to be on disk holds its lock, or waits for that one.
WAITS = """
SELECT coalesce(bool_or(wait_event ILIKE 'WalSync' OR wait_event ILIKE 'WALWrite'), false) AS disk,
    coalesce(bool_or(wait_event_type = 'Lock'), false) AS lock
FROM pg_stat_activity WHERE state = 'active' AND pid <> pg_backend_pid()
"""
DURABLE = ("fsync", "synchronous_commit")


@dataclass(frozen=True, slots=True)
class Counted:
    """So far, of the whole server."""

    commits: float
    syncs: float


@dataclass(frozen=True, slots=True)
class Waits:
    """Whether anybody waits right now."""

    disk: bool
    lock: bool


class Database:
    def __init__(self, db: "asyncpg.Connection[asyncpg.Record]") -> None:
        self._db = db

    @classmethod
    async def at(cls, url: str) -> "Database":
        return cls(await asyncpg.connect(url))

    async def durability(self) -> dict[str, str]:
        return {name: await self._db.fetchval(f"SHOW {name}") for name in DURABLE}

    async def counted(self) -> Counted:
        row = await self._db.fetchrow(WRITES)
        assert row is not None  # noqa: S101 -- it has no condition
        return Counted(**row)

    async def waits(self) -> Waits:
        row = await self._db.fetchrow(WAITS)
        assert row is not None  # noqa: S101 -- it has no condition
        return Waits(**row)

    async def close(self) -> None:
        await self._db.close()
