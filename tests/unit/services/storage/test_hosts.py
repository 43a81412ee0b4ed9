"""An address may name several servers: whichever takes writes is found, however the rest are."""

import asyncio
import socket

import asyncpg
import pytest

from services.storage import hosts
from services.storage.server import place_of, with_database

BOTH = "postgresql://me:p%40ss@one:1,two:2/postgres?sslmode=disable"


def test_an_address_of_several_servers_is_one_for_each() -> None:
    assert hosts.each(BOTH) == [
        "postgresql://me:p%40ss@one:1/postgres?sslmode=disable",
        "postgresql://me:p%40ss@two:2/postgres?sslmode=disable",
    ]


def test_another_database_is_that_of_the_same_servers() -> None:
    assert with_database(BOTH, "banyan_x") == BOTH.replace("/postgres?", "/banyan_x?")


def test_what_is_shown_of_an_address_is_its_servers() -> None:
    assert place_of(BOTH) == "one:1,two:2"


async def test_a_silent_server_keeps_nobody_from_the_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def connect(url: str, **_: object) -> str:
        if "one" in url:
            await asyncio.Event().wait()
        return url

    monkeypatch.setattr(asyncpg, "connect", connect)

    chosen = await asyncio.wait_for(hosts.connect(BOTH), 5)

    assert str(chosen) == hosts.each(BOTH)[1]


async def test_where_nobody_takes_writes_the_first_one_says_why() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

    with pytest.raises(ConnectionRefusedError):
        await hosts.connect(f"postgresql://me@127.0.0.1:{port},127.0.0.1:{port}/x", timeout=5)
