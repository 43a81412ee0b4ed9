"""Asks a PostgreSQL or Valkey server whether it answers, and makes a database in it."""

from contextlib import aclosing
from urllib.parse import urlsplit

import asyncpg
from redis.exceptions import RedisError

from services.kit.redis import redis_of
from services.storage import hosts

ANSWER_S = 2.0
REFUSALS = (
    OSError,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
)


async def database_refuses(url: str) -> str | None:
    """Why PostgreSQL does not answer at this address; None when it does."""
    try:
        connection = await hosts.connect(url, timeout=ANSWER_S)
    except (*REFUSALS, ValueError) as refused:
        return _reason(refused)
    await connection.close()
    return None


async def redis_refuses(url: str) -> str | None:
    """Why Valkey does not answer at this address; None when it does."""
    try:
        client = redis_of(url, socket_timeout=ANSWER_S)
        async with aclosing(client):
            await client.ping()
    except (OSError, RedisError, ValueError) as refused:
        return _reason(refused)
    return None


async def create_database(server_url: str, name: str) -> str:
    """Makes the database unless it is there; gives its address. `name` is trusted."""
    server = await hosts.connect(server_url)
    try:
        await server.execute(f'CREATE DATABASE "{name}"')
    except asyncpg.DuplicateDatabaseError:
        pass
    finally:
        await server.close()
    return with_database(server_url, name)


def with_database(server_url: str, name: str) -> str:
    """The same server, another database of it."""
    return urlsplit(server_url)._replace(path=f"/{name}").geturl()


def place_of(url: str) -> str:
    """Hosts and ports of an address: what may be shown of it."""
    return urlsplit(url).netloc.rpartition("@")[2]


def _reason(refused: Exception) -> str:
    return str(refused).strip().partition("\n")[0] or type(refused).__name__
