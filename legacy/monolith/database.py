"""Connections to the monolith's PostgreSQL, with JSON columns read and written as Python values."""

import json
from typing import TypeAlias

import asyncpg
from asyncpg.pool import PoolConnectionProxy

from legacy.monolith.settings import with_database

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record] | PoolConnectionProxy[asyncpg.Record]"
Pool: TypeAlias = "asyncpg.Pool[asyncpg.Record]"


async def connect(url: str) -> "asyncpg.Connection[asyncpg.Record]":
    connection = await asyncpg.connect(url)
    await _speak_json(connection)
    return connection


def pool(url: str, size: int) -> Pool:
    """An `async with` block opens and closes it; a statement that takes a minute is given up."""
    return asyncpg.create_pool(
        url, min_size=size, max_size=size, command_timeout=60, init=_speak_json
    )


async def create(server_url: str, name: str) -> str:
    """Makes the database unless it is there; gives its URL. `name` is trusted."""
    server = await asyncpg.connect(server_url)
    try:
        await server.execute(f'CREATE DATABASE "{name}"')
    except asyncpg.DuplicateDatabaseError:
        pass
    finally:
        await server.close()
    return with_database(server_url, name)


async def drop(server_url: str, name: str) -> None:
    """Removes the database with whoever is connected to it. `name` is trusted."""
    server = await asyncpg.connect(server_url)
    try:
        await server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    finally:
        await server.close()


async def _speak_json(connection: Connection) -> None:
    # COPY of records takes binary values only; a jsonb's is a version byte, then text.
    await connection.set_type_codec(
        "jsonb",
        encoder=lambda value: b"\x01" + json.dumps(value).encode(),
        decoder=lambda value: json.loads(value[1:]),
        schema="pg_catalog",
        format="binary",
    )
