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


async def connect(url: str) -> "asyncpg.Connection[asyncpg.Record]":
    connection = await asyncpg.connect(
        url, timeout=CONNECT_S, command_timeout=COMMAND_S, server_settings=LIMITS
    )
    await _speak_json(connection)
    return connection


def pool(url: str, size: int = 20) -> Pool:
    """An `async with` block opens and closes it; connections are made when they are needed."""
    return asyncpg.create_pool(
        url,
        min_size=0,
        max_size=size,
        timeout=CONNECT_S,
        command_timeout=COMMAND_S,
        server_settings=LIMITS,
        init=_speak_json,
    )


@asynccontextmanager
async def transaction(pool: Pool) -> AsyncIterator[Connection]:
    """Committed at the block's end; rolled back when an error leaves it."""
    async with pool.acquire(timeout=ACQUIRE_S) as connection, connection.transaction():
        yield connection


async def _speak_json(connection: Connection) -> None:
    # COPY of records takes binary values only; a jsonb's is a version byte, then text.
    await connection.set_type_codec(
        "jsonb",
        encoder=lambda value: b"\x01" + msgspec.json.encode(value),
        decoder=lambda value: msgspec.json.decode(value[1:]),
        schema="pg_catalog",
        format="binary",
    )
