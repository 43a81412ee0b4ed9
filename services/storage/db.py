"""Connections to an app's PostgreSQL: every wait has an end, JSON columns are Python values."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import TypeAlias

import asyncpg
import msgspec
from asyncpg.pool import PoolConnectionProxy

from services.storage import hosts

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record] | PoolConnectionProxy[asyncpg.Record]"
Pool: TypeAlias = "asyncpg.Pool[asyncpg.Record]"
Begun: TypeAlias = AbstractAsyncContextManager[None]

CONNECT_S = 5.0
ACQUIRE_S = 5.0
COMMAND_S = 15.0
"""How long we wait ourselves: longer than the server, which says what it waited for."""
UNDO_S = 0.2
"""A server that does not undo within that is gone, and the connection is given up."""

LIMITS = {
    "lock_timeout": "2s",
    "statement_timeout": "10s",
    "idle_in_transaction_session_timeout": "5s",
    "timezone": "UTC",
}

# Hex digits, so that no letter of a name is read as SQL.
TENANT = "SELECT set_config('banyan.tenant', convert_from(decode('{}', 'hex'), 'UTF8'), true)"
WRITING = "BEGIN"
READING = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"


class Pooled(asyncpg.Connection):
    """Given back without a round trip: whatever is set and locked ends with its transaction."""

    def get_reset_query(self) -> str:
        return ""


async def connect(url: str, command_s: float = COMMAND_S) -> "asyncpg.Connection[asyncpg.Record]":
    connection = await hosts.connect(
        url, timeout=CONNECT_S, command_timeout=command_s, server_settings=LIMITS
    )
    await _speak_json(connection)
    return connection


def pool(url: str, size: int = 20, role: str | None = None) -> Pool:
    """An `async with` block opens and closes it; connections are made when they are needed.

    With a `role` they are that role from their first statement on. An address of several servers
    is that of the one which takes writes, asked for again with each connection.
    """
    return asyncpg.create_pool(
        url,
        connect=hosts.connect,
        min_size=0,
        max_size=size,
        timeout=CONNECT_S,
        command_timeout=COMMAND_S,
        server_settings={**LIMITS, "role": role} if role else LIMITS,
        init=_speak_json,
        connection_class=Pooled,
    )


@asynccontextmanager
async def session(pool: Pool) -> AsyncIterator[Connection]:
    """Settings and advisory locks of its own, which end with the block, and the connection too."""
    async with pool.acquire(timeout=ACQUIRE_S) as connection:
        try:
            yield connection
        finally:
            connection.terminate()


@asynccontextmanager
async def transaction(pool: Pool, tenant: str | None = None) -> AsyncIterator[Connection]:
    """Committed at the block's end; rolled back when an error leaves it.

    With a `tenant` it sees and writes that tenant's rows alone, where tables tell them apart.
    """
    async with pool.acquire(timeout=ACQUIRE_S) as connection:
        begun = connection.transaction() if tenant is None else _begun(connection, WRITING, tenant)
        async with begun:
            yield connection


@asynccontextmanager
async def reading(pool: Pool, tenant: str | None = None) -> AsyncIterator[Connection]:
    """Every statement in the block sees the tables as the first one did; none may write.

    With a `tenant` it sees that tenant's rows alone, where tables tell them apart.
    """
    async with (
        pool.acquire(timeout=ACQUIRE_S) as connection,
        _begun(connection, READING, tenant),
    ):
        yield connection


@asynccontextmanager
async def begun(connection: Connection, begin: str) -> AsyncIterator[None]:
    """A transaction whose first statements are `begin`, in one round trip."""
    try:
        await connection.execute(begin)
        yield
        await connection.execute("COMMIT")
    except BaseException:
        if not connection.is_closed():
            await _undo(connection)
        raise


def _begun(connection: Connection, begin: str, tenant: str | None) -> Begun:
    named = "" if tenant is None else TENANT.format(tenant.encode().hex())
    return begun(connection, f"{begin}; {named}")


async def _undo(connection: Connection) -> None:
    try:
        async with asyncio.timeout(UNDO_S):
            await connection.execute("ROLLBACK")
    except asyncio.CancelledError:
        connection.terminate()
        raise
    except Exception:
        # What went wrong in the block is told, and not that it could not be undone.
        connection.terminate()


async def _speak_json(connection: Connection) -> None:
    # COPY of records takes binary values only; a jsonb's is a version byte, then text.
    await connection.set_type_codec(
        "jsonb",
        encoder=lambda value: b"\x01" + msgspec.json.encode(value),
        decoder=lambda value: msgspec.json.decode(value[1:]),
        schema="pg_catalog",
        format="binary",
    )
