"""Gives a heavy tenant a part of its own in the tables that are split by tenant."""

import re

from services.assessment.tables import SPLIT_TABLES
from services.storage.db import Connection

NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")

# For as long as it takes: whoever wants one of the tables meanwhile is told to come again.
PATIENTLY = "SET LOCAL statement_timeout = 0"
TENANT = "SELECT set_config('banyan.tenant', $1, true)"
HAS_PART = "SELECT to_regclass(quote_ident($1)) IS NOT NULL"
# What is made of other columns cannot be written.
COLUMNS = """
SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute
WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
"""


class NoTenant(ValueError):
    """The text is no name of a tenant."""


async def split(connection: Connection, tenant: str) -> dict[str, int]:
    """How many rows moved in each table; none where it has its own parts already."""
    if not NAME.fullmatch(tenant):
        raise NoTenant(f"{tenant!r} is no tenant.")
    async with connection.transaction():
        await connection.execute(PATIENTLY)
        await connection.execute(TENANT, tenant)
        await connection.execute(f"LOCK TABLE {', '.join(SPLIT_TABLES)} IN ACCESS EXCLUSIVE MODE")
        return {table: await _move(connection, table, tenant) for table in SPLIT_TABLES}


async def _move(connection: Connection, table: str, tenant: str) -> int:
    """The name is checked: it is safe in a statement that takes no parameters."""
    part = f"{table}_of_{tenant}"
    if await connection.fetchval(HAS_PART, part):
        return 0
    columns = await connection.fetchval(COLUMNS, table)
    await connection.execute(f'CREATE TABLE "{part}" (LIKE {table} INCLUDING ALL)')
    moved = await connection.execute(
        f'INSERT INTO "{part}" ({columns}) SELECT {columns} FROM {table} WHERE tenant_id = $1',
        tenant,
    )
    await connection.execute(f"DELETE FROM {table} WHERE tenant_id = $1", tenant)
    await connection.execute(
        f"ALTER TABLE {table} ATTACH PARTITION \"{part}\" FOR VALUES IN ('{tenant}')"
    )
    return int(moved.rpartition(" ")[2])
