"""Keeps the events that a projection could not apply, and those behind them, in order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import msgspec
from asyncpg import Record

from services.contracts.events import Event, Unreadable
from services.contracts.ids import TenantId
from services.events.sieve import Held
from services.events.words import understood
from services.storage.db import Connection

# What a snapshot has brought meanwhile waits for nothing any more.
EDGES = """
SELECT known.stream AS key, min(parked.version) AS first, max(parked.version) AS newest
FROM unnest($1::text[], $2::bigint[]) AS known (stream, version)
JOIN parked ON parked.source || ':' || parked.stream = known.stream
    AND parked.version > known.version
GROUP BY known.stream
"""
PARK = """
INSERT INTO parked
    (source, stream, version, position, tenant_id, at, data, traceparent, why, tried)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9::text, ($9::text IS NOT NULL)::int)
ON CONFLICT (source, stream, version)
DO UPDATE SET why = excluded.why, tried = parked.tried + excluded.tried
"""
OF_STREAM = "SELECT * FROM parked WHERE source = $1 AND stream = $2 ORDER BY version"
UNPARK = "DELETE FROM parked WHERE source = $1 AND stream = $2 AND version <= $3"

_to_json = msgspec.json.Encoder().encode


@dataclass(frozen=True, slots=True)
class Edges:
    """Of streams, the first and the newest version that is parked."""

    first: dict[str, int]
    newest: dict[str, int]


async def edges(connection: Connection, applied: Mapping[str, int]) -> Edges:
    """Of those of the streams, each with its version applied, of which anything is parked."""
    rows = await connection.fetch(EDGES, list(applied), list(applied.values()))
    return Edges(
        {row["key"]: row["first"] for row in rows}, {row["key"]: row["newest"] for row in rows}
    )


async def park(connection: Connection, held: Sequence[Held]) -> None:
    """One that is parked already is told why not this time either."""
    if held:
        await connection.executemany(PARK, [_row(one) for one in held])


async def of_stream(connection: Connection, source: str, stream: str) -> list[Event]:
    """In order; each as this release understands it."""
    return [_event(row) for row in await connection.fetch(OF_STREAM, source, stream)]


async def unpark(connection: Connection, source: str, stream: str, version: int) -> None:
    """Up to that version."""
    await connection.execute(UNPARK, source, stream, version)


def _row(held: Held) -> tuple[object, ...]:
    event, data = held.event, held.event.data
    raw = data.raw if isinstance(data, Unreadable) else _to_json(data).decode()
    return (
        event.source,
        event.stream,
        event.version,
        event.position,
        event.tenant,
        event.at,
        raw,
        event.traceparent,
        held.why,
    )


def _event(row: Record) -> Event:
    return Event(
        source=row["source"],
        stream=row["stream"],
        version=row["version"],
        tenant=TenantId(row["tenant_id"]),
        at=row["at"],
        data=understood(row["data"].encode()),
        traceparent=row["traceparent"],
        position=row["position"],
    )
