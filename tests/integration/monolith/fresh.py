"""A monolith's database of its own, for tests that import into it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from legacy.monolith import database
from legacy.monolith.database import Connection
from legacy.monolith.migrate import migrate

TABLES = ("tenants", "people", "roles", "courses", "enrolments", "content", "completions")


@asynccontextmanager
async def fresh(server_url: str, name: str) -> AsyncIterator[str]:
    """Its URL; the tables are there and empty."""
    url = await database.create(server_url, name)
    try:
        await asyncio.to_thread(migrate, url)
        yield url
    finally:
        await database.drop(server_url, name)


async def checksums(db: Connection) -> dict[str, str]:
    """Of every row of every table, whatever their order."""
    digest = "SELECT md5(string_agg(md5(t::text), '' ORDER BY md5(t::text))) FROM {table} t"
    return {table: await db.fetchval(digest.format(table=table)) for table in TABLES}
