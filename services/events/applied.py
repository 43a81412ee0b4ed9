"""Which version of each stream a projection has applied."""

from collections.abc import Iterable, Mapping

from services.contracts.events import Event
from services.storage.db import Connection

NOTHING = -1
"""Below every version: a snapshot's of what never changed is 0."""

# In the order of streams: two who apply the same ones wait for each other instead of embracing.
LOCK = """
INSERT INTO applied AS known (stream, version)
SELECT stream, $2::bigint FROM unnest($1::text[]) AS given (stream) ORDER BY stream
ON CONFLICT (stream) DO UPDATE SET version = known.version
RETURNING stream, version
"""
MARK = """
INSERT INTO applied AS known (stream, version)
SELECT stream, version FROM unnest($1::text[], $2::bigint[]) AS given (stream, version)
ORDER BY stream
ON CONFLICT (stream) DO UPDATE SET version = greatest(known.version, excluded.version)
"""


def key(event: Event) -> str:
    """The stream's name in `applied`."""
    return name(event.source, event.stream)


def name(source: str, stream: str) -> str:
    """Two sources may use one name of a stream."""
    return f"{source}:{stream}"


async def lock(connection: Connection, events: Iterable[Event]) -> dict[str, int]:
    """The version applied of each event's stream; they stay ours until the transaction ends.

    Whoever locks applies and marks: a stream of which nothing was applied gets a row here.
    """
    return await lock_streams(connection, {key(event) for event in events})


async def lock_streams(connection: Connection, streams: Iterable[str]) -> dict[str, int]:
    """The same of streams by name."""
    rows = await connection.fetch(LOCK, sorted(streams), NOTHING)
    return {row["stream"]: row["version"] for row in rows}


async def mark(connection: Connection, events: Iterable[Event]) -> None:
    """Says that these events are applied, in the transaction that applied them."""
    newest: dict[str, int] = {}
    for event in events:
        newest[key(event)] = max(event.version, newest.get(key(event), NOTHING))
    await mark_versions(connection, newest)


async def mark_versions(connection: Connection, versions: Mapping[str, int]) -> None:
    await connection.execute(MARK, list(versions), list(versions.values()))
