"""Connections to an app's PostgreSQL: every wait has an end, JSON columns are Python values."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TypeAlias

import asyncpg
import msgspec
from asyncpg.pool import PoolConnectionProxy

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record] | PoolConnectionProxy[asyncpg.Record]"
Pool: TypeAlias = "asyncpg.Pool[asyncpg.Record]"

CONNECT_S = 5.0
ACQUIRE_S = 5.0
COMMAND_S = 15.0
"""How long we wait ourselves: longer than the server, which says what it waited for."""

LIMITS = {
    "lock_timeout": "2s",
    "statement_timeout": "10s",
    "idle_in_transaction_session_timeout": "5s",
    "timezone": "UTC",
}

# Hex digits, so that no letter of a name is read as SQL.
BEGIN = "BEGIN; SELECT set_config('banyan.tenant', convert_from(decode('{}', 'hex'), 'UTF8'), true)"


async def connect(url: str) -> "asyncpg.Connection[asyncpg.Record]":
    connection = await asyncpg.connect(
        url, timeout=CONNECT_S, command_timeout=COMMAND_S, server_settings=LIMITS
    )
    await _speak_json(connection)
    return connection


def pool(url: str, size: int = 20, role: str | None = None) -> Pool:
    """An `async with` block opens and closes it; connections are made when they are needed.

    With a `role` they are that role from their first statement on.
    """
    return asyncpg.create_pool(
        url,
        min_size=0,
        max_size=size,
        timeout=CONNECT_S,
        command_timeout=COMMAND_S,
        server_settings={**LIMITS, "role": role} if role else LIMITS,
        init=_speak_json,
    )


@asynccontextmanager
async def transaction(pool: Pool, tenant: str | None = None) -> AsyncIterator[Connection]:
    """Committed at the block's end; rolled back when an error leaves it.

    With a `tenant` it sees and writes that tenant's rows alone, where tables tell them apart.
    """
    async with pool.acquire(timeout=ACQUIRE_S) as connection:
        begun = connection.transaction() if tenant is None else _of_tenant(connection, tenant)
        async with begun:
            yield connection


@asynccontextmanager
async def _of_tenant(connection: Connection, tenant: str) -> AsyncIterator[None]:
    """Begins and names the tenant in one round trip."""
    try:
        await connection.execute(BEGIN.format(tenant.encode().hex()))
        yield
        await connection.execute("COMMIT")
    except BaseException:
        if not connection.is_closed():
            await connection.execute("ROLLBACK")
        raise


async def _speak_json(connection: Connection) -> None:
    # COPY of records takes binary values only; a jsonb's is a version byte, then text.
    await connection.set_type_codec(
        "jsonb",
        encoder=lambda value: b"\x01" + msgspec.json.encode(value),
        decoder=lambda value: msgspec.json.decode(value[1:]),
        schema="pg_catalog",
        format="binary",
    )
