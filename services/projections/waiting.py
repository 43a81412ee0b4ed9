"""Which streams of a projection wait, since when, why, and what to do with the first event."""

from dataclasses import dataclass
from datetime import datetime

from services.events import applied, parked
from services.events.news import News
from services.events.retrying import Stream, retry_in
from services.events.sieve import Applies
from services.storage import db
from services.storage.db import Pool

# What a snapshot has brought meanwhile waits no more, and goes at the next try.
WAITING = """
SELECT DISTINCT ON (source, it.stream) source, it.stream, it.version, parked_at, why, tried,
    count(*) OVER (PARTITION BY source, it.stream) - 1 AS behind
FROM parked AS it LEFT JOIN applied ON applied.stream = source || ':' || it.stream
WHERE it.version > coalesce(applied.version, -1)
ORDER BY source, it.stream, it.version
"""
SKIP = """
INSERT INTO skipped (source, stream, version, tenant_id, at, data, why, skipped_by, reason)
SELECT source, stream, version, tenant_id, at, data, why, $3, $4 FROM parked
WHERE source = $1 AND stream = $2 ORDER BY version LIMIT 1
RETURNING version
"""


class NothingParked(Exception):
    """No event of that stream waits."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A stream by its first event; `behind` it wait so many more."""

    source: str
    stream: str
    version: int
    parked_at: datetime
    why: str
    tried: int
    behind: int

    @property
    def key(self) -> str:
        return f"{self.source}:{self.stream}"


async def waiting(pool: Pool) -> list[Waiting]:
    return [Waiting(**dict(row)) for row in await pool.fetch(WAITING)]


async def skip(pool: Pool, projection: Applies, stream: Stream, by: str, reason: str) -> News:
    """Counts the first as applied, keeps a record of it, and tries what is behind.

    Raises NothingParked.
    """
    async with db.transaction(pool) as connection:
        key = ":".join(stream)
        versions = await applied.lock_streams(connection, [key])
        await parked.unpark(connection, *stream, versions[key])
        version = await connection.fetchval(SKIP, *stream, by, reason)
        if version is None:
            raise NothingParked(key)
        await applied.mark_versions(connection, {key: version})
        return await retry_in(connection, projection, stream)
