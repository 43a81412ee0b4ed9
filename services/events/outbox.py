"""An app's own events: appended in the transaction that makes them true."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from asyncpg import Record

from services.contracts.events import Event, Happened
from services.contracts.ids import TenantId
from services.events import applied
from services.events.words import worded
from services.storage.db import Connection

LOCK = """
INSERT INTO streams AS known (stream, version) VALUES ($1, 0)
ON CONFLICT (stream) DO UPDATE SET version = known.version
RETURNING version
"""

# The id is drawn for the row that the lock gave: never before the stream is ours.
APPEND = """
WITH locked AS (
    INSERT INTO streams AS known (stream, version) VALUES ($2, 1)
    ON CONFLICT (stream) DO UPDATE SET version = known.version + 1
    RETURNING version
)
INSERT INTO outbox (tenant_id, stream, version, data, traceparent)
SELECT $1, $2, locked.version, $3, $4 FROM locked
RETURNING version, at
"""

# As `APPEND`; that our own projection has applied it is said by the same statement.
RECORD = """
WITH locked AS (
    INSERT INTO streams AS known (stream, version) VALUES ($2, 1)
    ON CONFLICT (stream) DO UPDATE SET version = known.version + 1
    RETURNING version
), marked AS (
    INSERT INTO applied AS known (stream, version) SELECT $5, locked.version FROM locked
    ON CONFLICT (stream) DO UPDATE SET version = greatest(known.version, excluded.version)
)
INSERT INTO outbox (tenant_id, stream, version, data, traceparent)
SELECT $1, $2, locked.version, $3, $4 FROM locked
RETURNING version, at
"""

# The versions are those of rows that the writer holds: nobody else tells of them meanwhile. Ids are
# drawn in the order of the versions.
APPEND_VERSIONS = """
INSERT INTO outbox (tenant_id, stream, version, data, traceparent)
SELECT $1, $2, $3::bigint + nth - 1, said, $5
FROM jsonb_array_elements($4::jsonb) WITH ORDINALITY AS given (said, nth)
ORDER BY nth
RETURNING version, at
"""


@dataclass(frozen=True, slots=True)
class Outbox:
    """`source` is the name under which others know this app's events."""

    source: str

    async def lock(self, connection: Connection, stream: str) -> int:
        """The stream's version now; nobody else appends to it until the transaction ends."""
        version: int = await connection.fetchval(LOCK, stream)
        return version

    async def append(
        self,
        connection: Connection,
        tenant: TenantId,
        stream: str,
        data: Happened,
        traceparent: str | None = None,
    ) -> Event:
        """The event, without a position yet; ring `outbox_channel` once it is committed."""
        row = await connection.fetchrow(APPEND, tenant, stream, data, traceparent)
        return self._appended(row, tenant, stream, data, traceparent)

    async def record(
        self,
        connection: Connection,
        tenant: TenantId,
        stream: str,
        data: Happened,
        traceparent: str | None = None,
    ) -> Event:
        """As `append`, where the transaction has written what our own projection makes of it."""
        known = applied.name(self.source, stream)
        row = await connection.fetchrow(RECORD, tenant, stream, data, traceparent, known)
        return self._appended(row, tenant, stream, data, traceparent)

    def _appended(
        self,
        row: Record | None,
        tenant: TenantId,
        stream: str,
        data: Happened,
        traceparent: str | None,
    ) -> Event:
        assert row is not None  # noqa: S101 -- an INSERT of one row returns one
        version, at = row["version"], row["at"]
        return Event(self.source, stream, version, tenant, at, data, traceparent=traceparent)

    async def append_versions(
        self,
        connection: Connection,
        tenant: TenantId,
        stream: str,
        first: int,
        said: Sequence[Happened],
        traceparent: str | None = None,
    ) -> list[Event]:
        """Of a stream whose versions are the caller's own, from `first` on, without a gap."""
        rows = await connection.fetch(APPEND_VERSIONS, tenant, stream, first, said, traceparent)
        return [
            Event(self.source, stream, row["version"], tenant, row["at"], data, traceparent)
            for row, data in zip(rows, said, strict=True)
        ]

    def events(self, rows: Iterable[Record], consumer: str | None = None) -> list[Event]:
        """What rows of the table `outbox` say, to everybody alike."""
        return [
            Event(
                source=self.source,
                stream=row["stream"],
                version=row["version"],
                tenant=TenantId(row["tenant_id"]),
                at=row["at"],
                data=worded(row["data"]),
                traceparent=row["traceparent"],
                position=row["position"] or 0,
            )
            for row in rows
        ]
