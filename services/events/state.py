"""How an app's outbox and its consumers stand: what waits to be sent, and who is how far behind."""

import msgspec

from services.storage.db import Pool

# A partition of which nothing waits is there all the same.
PARTITIONS = """
SELECT partition, position AS newest, coalesce(unsent, 0) AS unsent,
    coalesce(extract(epoch FROM clock_timestamp() - oldest), 0)::float8 AS oldest_unsent_s
FROM relay_positions LEFT JOIN (
    SELECT partition, count(*) AS unsent, min(at) AS oldest FROM {table}
    WHERE position IS NULL GROUP BY partition
) AS waiting USING (partition)
ORDER BY partition
"""
CONSUMERS = """
SELECT name, consumers.partition, consumers.position,
    greatest(relay_positions.position - consumers.position, 0) AS behind,
    extract(epoch FROM clock_timestamp() - seen_at)::float8 AS seen_s
FROM consumers JOIN relay_positions USING (partition) ORDER BY name, partition
"""


class PartitionState(msgspec.Struct, frozen=True):
    """`newest` is the position given last; `unsent` rows have none yet."""

    partition: int
    newest: int
    unsent: int
    oldest_unsent_s: float


class ConsumerState(msgspec.Struct, frozen=True):
    """`behind` so many events; seen so many seconds ago, at most ten too many."""

    name: str
    partition: int
    position: int
    behind: int
    seen_s: float


class FeedState(msgspec.Struct, frozen=True):
    partitions: list[PartitionState]
    consumers: list[ConsumerState]


async def feed_state(pool: Pool, table: str) -> FeedState:
    """`table` has an outbox's columns."""
    partitions = await pool.fetch(PARTITIONS.format(table=table))
    consumers = await pool.fetch(CONSUMERS)
    return FeedState(
        [PartitionState(**dict(row)) for row in partitions],
        [ConsumerState(**dict(row)) for row in consumers],
    )
