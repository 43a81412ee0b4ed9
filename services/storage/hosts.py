"""Connects to whichever of an address's servers takes writes: `postgresql://u@one:1,two:2/name`."""

import asyncio
from collections.abc import Coroutine, Iterable
from typing import Any, TypeAlias
from urllib.parse import urlsplit

import asyncpg

from services.kit.once import flight

Plain: TypeAlias = "asyncpg.Connection[asyncpg.Record]"

WANTED = "target_session_attrs"


def each(url: str) -> list[str]:
    """An address of several servers as one address for each."""
    parts = urlsplit(url)
    account, at, servers = parts.netloc.rpartition("@")
    return [parts._replace(netloc=f"{account}{at}{one}").geturl() for one in servers.split(",")]


async def connect(dsn: str | None = None, **options: Any) -> Plain:
    """Asks all servers at once: one that is silent keeps nobody from the others.

    Raises as asyncpg does, what the first of them said.
    """
    servers = each(dsn or "")
    if len(servers) == 1:
        return await asyncpg.connect(dsn, **options)
    if WANTED not in urlsplit(dsn or "").query:
        options[WANTED] = "read-write"
    return await _first(asyncpg.connect(one, **options) for one in servers)


async def _first(connecting: Iterable[Coroutine[Any, Any, Plain]]) -> Plain:
    tries = [flight(one, "connect") for one in connecting]
    chosen: Plain | None = None
    try:
        chosen = await _soonest(tries)
        return chosen
    finally:
        for one in tries:
            one.cancel()
        for made in await asyncio.gather(*tries, return_exceptions=True):
            if made is not chosen and not isinstance(made, BaseException):
                made.terminate()


async def _soonest(tries: list[asyncio.Task[Plain]]) -> Plain:
    pending = set(tries)
    while pending:
        done, pending = await asyncio.wait(pending, return_when=asyncio.FIRST_COMPLETED)
        for one in done:
            if one.exception() is None:
                return one.result()
    return tries[0].result()
