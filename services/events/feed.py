"""An app's events as others read them: by partition, in the order of their positions."""

from collections.abc import Callable, Sequence
from typing import TypeAlias

from asyncpg import Record

from services.contracts.events import PARTITIONS, Event
from services.events.errors import Discontinued
from services.events.state import FeedState, feed_state
from services.storage.db import Pool

MOST = 500
SEEN_AGAIN_S = 10

ROWS = """
SELECT * FROM {table} WHERE partition = $1 AND position > $2 ORDER BY position LIMIT $3
"""
OF_STREAM = f"""
SELECT * FROM {{table}}
WHERE partition = (hashtext($1) & {PARTITIONS - 1}) AND stream = $1
    AND version > $2 AND version < $3 AND position IS NOT NULL
ORDER BY version LIMIT {MOST}
"""
# One statement, and so one moment: the relay goes on meanwhile.
EDGES = """
SELECT position AS newest,
    (SELECT min(position) FROM {table} WHERE partition = $1 AND position > $2) AS oldest
FROM relay_positions WHERE partition = $1
"""
POSITIONS = "SELECT partition, position FROM relay_positions"
REMEMBER = f"""
INSERT INTO consumers AS known (name, partition, position) VALUES ($1, $2, $3)
ON CONFLICT (name, partition) DO UPDATE SET position = excluded.position, seen_at = now()
WHERE known.position <> excluded.position
    OR known.seen_at < now() - interval '{SEEN_AGAIN_S} seconds'
"""
EXPECT = f"""
INSERT INTO consumers (name, partition, position)
SELECT $1, generate_series(0, {PARTITIONS - 1}), 0 ON CONFLICT DO NOTHING
"""

ToEvents: TypeAlias = Callable[[Sequence[Record], str | None], list[Event]]
"""What rows of the table say to a consumer; one event a row, in the rows' order."""


class Feed:
    """`table` has an outbox's columns."""

    def __init__(self, pool: Pool, to_events: ToEvents, table: str = "outbox") -> None:
        self._pool = pool
        self._to_events = to_events
        self._table = table
        self._rows = ROWS.format(table=table)
        self._of_stream = OF_STREAM.format(table=table)
        self._edges = EDGES.format(table=table)

    async def fetch(
        self, partition: int, after: int, limit: int, consumer: str | None = None
    ) -> list[Event]:
        """What follows `after`, positions ascending without a gap; raises Discontinued."""
        rows = await self._pool.fetch(self._rows, partition, after, limit)
        known = _without_gap(rows, after)
        if not known:
            await self._check(partition, after)
        return self._to_events(known, consumer)

    async def of_stream(
        self, stream: str, after: int, until: int, consumer: str | None = None
    ) -> list[Event]:
        """Versions between the two, ascending, MOST at most; those that are not pruned yet."""
        return self._to_events(
            await self._pool.fetch(self._of_stream, stream, after, until), consumer
        )

    async def remember(self, consumer: str, partition: int, after: int) -> None:
        """Keeps what the consumer has not passed yet from being pruned."""
        await self._pool.execute(REMEMBER, consumer, partition, after)

    async def expect(self, consumer: str) -> None:
        """Keeps everything from being pruned until that consumer has come."""
        await self._pool.execute(EXPECT, consumer)

    async def positions(self) -> dict[int, int]:
        """The newest position of each partition."""
        return {row["partition"]: row["position"] for row in await self._pool.fetch(POSITIONS)}

    async def state(self) -> FeedState:
        """What waits to be sent, and how far the consumers are."""
        return await feed_state(self._pool, self._table)

    async def _check(self, partition: int, after: int) -> None:
        edges = await self._pool.fetchrow(self._edges, partition, after)
        newest = edges["newest"] if edges else 0
        oldest = edges["oldest"] if edges else None
        # Beyond the newest: this database was made anew, or put back to an older state.
        if after > newest:
            raise Discontinued(partition, after, 1)
        if after < newest and oldest != after + 1:
            raise Discontinued(partition, after, oldest or newest + 1)


def _without_gap(rows: Sequence[Record], after: int) -> Sequence[Record]:
    """The rows before the first gap: a pruned day may leave an older row of another behind."""
    if not rows or rows[-1]["position"] == after + len(rows):
        return rows
    return [row for nth, row in enumerate(rows, 1) if row["position"] == after + nth]
