"""Forgets events that every known consumer has passed and that are older than a day."""

import asyncpg

from services.kit.log import Log
from services.storage.db import Connection

BATCH = 10_000

# A day's partition goes when its last row is a day old.
OLD_DAYS = """
SELECT relid::text AS name FROM pg_partition_tree('outbox')
WHERE isleaf AND relid::text COLLATE "C" < 'outbox_' || to_char(current_date - 1, 'YYYYMMDD')
ORDER BY 1
"""
# Where nobody is known nothing is needed: whoever must not miss the beginning is expected.
IS_NEEDED = """
SELECT EXISTS (
    SELECT FROM {day} AS row
    WHERE row.position IS NULL OR row.position > (
        SELECT min(position) FROM consumers WHERE consumers.partition = row.partition
    )
)
"""
# Whoever writes must not wait behind us for long; we come again.
PATIENCE = "SET LOCAL lock_timeout = '200ms'"
OLD_ROWS = """
DELETE FROM {table} WHERE ctid = ANY (ARRAY(
    SELECT row.ctid FROM {table} AS row
    WHERE row.at < now() - interval '1 day' AND row.position <= coalesce(
        (SELECT min(position) FROM consumers WHERE consumers.partition = row.partition),
        row.position
    )
    LIMIT $1
))
"""

log = Log("events.prune")


async def prune_days(connection: Connection) -> list[str]:
    """Drops whole days of the outbox; gives the partitions that went."""
    old = [row["name"] for row in await connection.fetch(OLD_DAYS)]
    return [name for name in old if await _drop(connection, name)]


async def prune_rows(connection: Connection, table: str) -> int:
    """Deletes from a table without partitions; gives how many rows went."""
    gone = 0
    while True:
        done = await connection.execute(OLD_ROWS.format(table=table), BATCH)
        gone += (batch := int(done.removeprefix("DELETE ")))
        if batch < BATCH:
            return gone


async def _drop(connection: Connection, name: str) -> bool:
    try:
        async with connection.transaction():
            await connection.execute(PATIENCE)
            await connection.execute(f"LOCK TABLE outbox, {name} IN ACCESS EXCLUSIVE MODE")
            if await connection.fetchval(IS_NEEDED.format(day=name)):
                return False
            await connection.execute(f"DROP TABLE {name}")
    except asyncpg.LockNotAvailableError:
        return False
    log.info("outbox.pruned", partition=name)
    return True
