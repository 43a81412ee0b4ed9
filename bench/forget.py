"""Removes all that the databases and Redis of a running system know of tenants of a bench."""

import asyncpg
from redis.asyncio import Redis

from services.kit.home import Running
from services.storage.server import with_database

DATABASES = "SELECT datname FROM pg_database WHERE datname LIKE 'banyan\\_%'"

# Of tables in parts the whole; each by the first of the columns that it has.
TABLES = """
SELECT DISTINCT ON (relname) relname, attname FROM pg_class
JOIN pg_attribute ON attrelid = pg_class.oid AND NOT attisdropped
WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition
    AND (attname IN ('tenant_id', 'stream') OR relname = 'tenants' AND attname = 'id')
ORDER BY relname, attname DESC
"""
NAMED = {"tenant_id": "tenant_id", "stream": "split_part(stream, '/', 2)", "id": "id"}

# The monolith's own triggers would tell everybody, and make it all anew.
SILENTLY = "SET session_replication_role = replica"


async def forget(at: Running, name: str) -> None:
    """Of tenants whose ids begin with `name`, which holds no sign of LIKE's or Redis' own."""
    server = await asyncpg.connect(at.database)
    databases = [row["datname"] for row in await server.fetch(DATABASES)]
    await server.close()
    for database in databases:
        await _forget_rows(with_database(at.database, database), f"{name}%")
    async with Redis.from_url(at.redis) as redis:
        async for key in redis.scan_iter(f"*:{name}*", count=1_000):
            await redis.delete(key)


async def _forget_rows(url: str, pattern: str) -> None:
    db = await asyncpg.connect(url)
    try:
        await db.execute(SILENTLY)
        for table, column in await db.fetch(TABLES):
            await db.execute(f"DELETE FROM {table} WHERE {NAMED[column]} LIKE $1", pattern)
    finally:
        await db.close()
