"""What stands in a command's way: it is refused for the moment, in bounded time; it never hangs."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from typing import Any

import asyncpg
import pytest

from services.assessment.rights import WORKER
from services.commands import bus as buses
from services.commands.bus import Bus, Handler, Order
from services.commands.refusal import BUSY, UNABLE, Undone
from services.commands.uow import UnitOfWork
from services.contracts.errors import Refused
from services.contracts.question import Nothing
from services.events.bell import Bell
from services.events.outbox import Outbox
from services.storage import db
from services.storage.db import Pool
from tests.integration.assessment.campus import Campus

HANGS_S = 5.0
Handle = Callable[[UnitOfWork, Nothing], Awaitable[int]]


async def tell_nobody(topics: Mapping[str, str | None]) -> None:
    pass


def order(campus: Campus, key: str = "key") -> Order[Nothing]:
    return Order(campus.asking().viewer, key, Nothing())


def bus(pool: Pool, outbox: Outbox, bell: Bell) -> Bus:
    return Bus(pool, outbox, bell, tell_nobody)


async def did(commands: Bus, handler: Handler[Nothing, int], what: Order[Nothing]) -> int | Refused:
    return await commands.execute(handler, what)


async def timed(work: Awaitable[Any]) -> tuple[Any, bool]:
    began_s = time.monotonic()
    found = await work
    return found, time.monotonic() - began_s < HANGS_S


def failing(times: int, error: Exception) -> tuple[Handler[Nothing, int], list[int]]:
    """Fails so often, then is done."""
    tries: list[int] = []

    async def handle(work: UnitOfWork, command: Nothing) -> int:
        tries.append(len(tries))
        if len(tries) <= times:
            raise error
        return len(tries)

    return Handler("failing", handle, int), tries


@pytest.mark.parametrize(
    "error", [asyncpg.DeadlockDetectedError("crossed"), asyncpg.SerializationError("crossed")]
)
async def test_two_that_cross_are_tried_once_more(
    campus: Campus, worker: Pool, outbox: Outbox, bell: Bell, error: Exception
) -> None:
    handler, tries = failing(1, error)

    assert await bus(worker, outbox, bell).execute(handler, order(campus)) == 2
    assert len(tries) == 2


async def test_two_that_cross_again_are_told_to_come_again(
    campus: Campus, worker: Pool, outbox: Outbox, bell: Bell
) -> None:
    handler, tries = failing(9, asyncpg.DeadlockDetectedError("crossed"))

    found = await bus(worker, outbox, bell).execute(handler, order(campus))

    assert found == BUSY
    assert len(tries) == 2


@pytest.mark.parametrize(
    "error", [asyncpg.DiskFullError("no space left"), asyncpg.TooManyConnectionsError("full")]
)
async def test_where_there_is_no_room_it_is_refused_for_the_moment(
    campus: Campus, worker: Pool, outbox: Outbox, bell: Bell, error: Exception
) -> None:
    handler, _ = failing(1, error)
    commands = bus(worker, outbox, bell)

    assert await commands.execute(handler, order(campus)) == UNABLE
    assert await commands.execute(handler, order(campus)) == 2


async def test_two_real_commands_that_cross_are_both_done(
    campus: Campus, worker: Pool, outbox: Outbox, bell: Bell
) -> None:
    both_hold = asyncio.Barrier(2)
    firsts: set[str] = set()

    async def handle(work: UnitOfWork, command: Nothing) -> int:
        mine, theirs = (1, 2) if work.key == "one" else (2, 1)
        await work.db.execute("SELECT pg_advisory_xact_lock($1)", mine)
        if work.key not in firsts:
            firsts.add(work.key)
            await both_hold.wait()
        await work.db.execute("SELECT pg_advisory_xact_lock($1)", theirs)
        return mine

    handler, commands = Handler("crossing", handle, int), bus(worker, outbox, bell)
    two = (did(commands, handler, order(campus, key)) for key in ("one", "two"))

    assert await asyncio.gather(*two) == [1, 2]


async def test_an_exhausted_pool_is_not_waited_for_for_ever(
    campus: Campus, assessment_url: str, outbox: Outbox, bell: Bell
) -> None:
    handler, tries = failing(0, ValueError())
    async with db.pool(assessment_url, 2, WORKER) as small, AsyncExitStack() as taken:
        for _ in range(2):
            await taken.enter_async_context(small.acquire())

        commands = bus(small, outbox, bell)
        found, in_time = await timed(did(commands, handler, order(campus)))

    assert (found, in_time, tries) == (UNABLE, True, [])


async def test_a_command_that_takes_too_long_leaves_nothing_behind(
    campus: Campus,
    worker: Pool,
    outbox: Outbox,
    bell: Bell,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(buses, "PATIENCE_S", 0.3)

    async def handle(work: UnitOfWork, command: Nothing) -> int:
        await work.db.execute("SELECT pg_sleep(60)")
        return 0

    slow = Handler("slow", handle, int)
    found, in_time = await timed(did(bus(worker, outbox, bell), slow, order(campus)))

    assert (found, in_time) == (UNABLE, True)
    assert await campus.rows("command_keys") == []


async def test_what_is_undone_does_not_use_up_its_key(
    campus: Campus, worker: Pool, outbox: Outbox, bell: Bell
) -> None:
    handler, tries = failing(1, Undone(7))
    commands = bus(worker, outbox, bell)

    found = [await did(commands, handler, order(campus)) for _ in range(3)]

    assert (found, len(tries)) == ([7, 2, 2], 2)
