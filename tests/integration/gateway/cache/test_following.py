"""The log of changes is followed through boots, cuts and takeovers."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any
from unittest.mock import AsyncMock

import pytest
from redis.asyncio import Redis

from gateway.cache.following import ANSWERS_S, Following, id_after, position_of
from gateway.cache.heard import Heard
from gateway.cache.setup import following_of
from services.contracts.changes import FIELD, STREAM, written
from services.kit.clock import SystemClock
from services.kit.once import flight
from tests import valkey
from tests.integration.monolith.waiting import until

FAR_AHEAD = "9000000000000-0"


@pytest.fixture
def server() -> Iterator[valkey.Server]:
    with valkey.server() as made:
        yield made


@pytest.fixture
async def redis(server: valkey.Server) -> AsyncIterator[Redis]:
    async with Redis(port=server.port) as made:
        yield made


@asynccontextmanager
async def followed(server: valkey.Server) -> AsyncIterator[tuple[Following, Heard]]:
    heard = Heard(SystemClock())
    following = following_of(server.url, heard)
    running = flight(following.run(), "following")
    try:
        yield following, heard
    finally:
        running.cancel()
        await asyncio.wait_for(asyncio.wait([running]), 5)
        await following.close()


async def said(redis: Redis, tags: list[str], id_: str = "*") -> int:
    added: Any = await redis.xadd(STREAM, {FIELD: written(tags)}, id_)
    return position_of(added.decode())


async def test_at_its_start_it_reads_what_was_said(server: valkey.Server, redis: Redis) -> None:
    first = await said(redis, ["a"])
    second = await said(redis, ["b"])

    async with followed(server) as (_, heard):
        assert await heard.reaches(second, 5)

        await until(lambda: lives(heard))
        assert not heard.is_current(first - 1, ["z"])
        assert not heard.is_current(first, ["b"])
        assert heard.is_current(first, ["a"])


async def test_it_hears_what_others_say_and_heeds_what_it_says(
    server: valkey.Server, redis: Redis
) -> None:
    async with followed(server) as (one, heard), followed(server) as (_, other):
        before = await one.tell(["first"])
        position = await one.tell(["a"])

        assert not heard.is_current(before, ["a"])
        assert await other.reaches(position, 5)
        assert not other.is_current(before, ["a"])


async def test_of_what_cannot_be_read_all_is_ended(server: valkey.Server, redis: Redis) -> None:
    async with followed(server) as (one, heard):
        before = await one.tell(["first"])
        added: Any = await redis.xadd(STREAM, {b"other": b"field"})

        assert await heard.reaches(position_of(added.decode()), 5)
        assert not heard.is_current(before, ["z"])


async def test_after_a_cut_everything_is_doubted(server: valkey.Server, redis: Redis) -> None:
    async with followed(server) as (one, heard):
        position = await one.tell(["a"])
        assert await heard.reaches(position, 5)
        await redis.client_kill_filter(_type="normal", skipme=True)

        await until(lambda: doubts(heard, position))


async def test_what_cannot_be_said_is_told_and_doubted(server: valkey.Server) -> None:
    async with followed(server) as (one, heard):
        position = await one.tell(["a"])
        server.kill()

        assert await one.tell(["b"]) == 0

        server.start()
        await until(lambda: doubts(heard, position))


async def test_who_is_late_doubts_nothing(server: valkey.Server, redis: Redis) -> None:
    async with followed(server) as (one, heard):
        position = await one.tell(["a"])
        assert await heard.reaches(position, 5)
        await redis.client_pause(int((ANSWERS_S + 1) * 1000))
        await until(lambda: is_deaf(heard))

        await until(lambda: lives(heard))
        assert heard.is_current(position, ["z"])


@pytest.mark.parametrize("why", [TimeoutError, ConnectionError])
async def test_what_could_not_be_said_is_said_again(
    server: valkey.Server, why: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    async with followed(server) as (one, heard), followed(server) as (_, other):
        position = await one.tell(["a"])
        assert await other.reaches(position, 5)
        with monkeypatch.context() as lost:
            lost.setattr(one, "_add", AsyncMock(side_effect=why))
            assert await one.tell(["b"]) == 0

        await until(lambda: ends(other, position, "b"))
        assert not heard.is_current(position, ["b"])
        assert other.is_current(position, ["z"])


async def test_ids_that_go_back_are_followed_from_where_they_are(
    server: valkey.Server, redis: Redis
) -> None:
    """The one that took over has an older clock, and nobody's connection was cut."""
    async with followed(server) as (_, heard):
        last = await said(redis, ["a"], FAR_AHEAD)
        assert await heard.reaches(last, 5)
        await redis.delete(STREAM)
        await said(redis, ["b"])

        await until(lambda: doubts(heard, last))

        then = await said(redis, ["c"])
        assert then > last
        assert await heard.reaches(then, 5)
        assert not heard.is_current(then - 1, ["c"])


def test_positions_have_the_order_of_ids() -> None:
    ids = ["0-0", "0-1", "1-0", "1-9", "1-10", "2-0"]

    assert sorted(ids, key=position_of) == ids
    assert position_of(id_after(position_of("7-5"))) > position_of("7-5")


async def doubts(heard: Heard, position: int) -> bool:
    return not heard.is_current(position, ["z"])


async def is_deaf(heard: Heard) -> bool:
    return heard.is_deaf


async def ends(heard: Heard, position: int, tag: str) -> bool:
    return not heard.is_current(position, [tag])


async def lives(heard: Heard) -> bool:
    return not heard.is_deaf
