"""A duty is begun anew when something was away, and shows an error that is its own."""

import asyncio
from itertools import pairwise

import asyncpg
import pytest

from services.events.duty import FIRST_WAIT_S, Duty, keep, keep_all
from services.events.errors import FeedUnreachable
from services.kit.clock import SystemClock

CLOCK = SystemClock()


class Fragile:
    """Fails with one error after another, then works on."""

    def __init__(self, *errors: Exception) -> None:
        self._errors = list(errors)
        self.began_s: list[float] = []
        self.works = asyncio.Event()

    async def run(self) -> None:
        self.began_s.append(CLOCK.monotonic_s())
        if self._errors:
            raise self._errors.pop(0)
        self.works.set()
        await asyncio.Event().wait()


async def test_it_is_begun_anew_after_what_it_needs_was_away() -> None:
    fragile = Fragile(
        ConnectionRefusedError(),
        asyncpg.InterfaceError("the connection is closed"),
        FeedUnreachable("no answer"),
    )

    async with asyncio.TaskGroup() as work:
        keeping = work.create_task(keep(Duty("fragile", fragile.run), CLOCK))
        async with asyncio.timeout(5):
            await fragile.works.wait()
        keeping.cancel()

    waits = [b - a for a, b in pairwise(fragile.began_s)]
    assert len(waits) == 3
    assert all(wait_s >= FIRST_WAIT_S * 2**n for n, wait_s in enumerate(waits))


async def test_its_own_error_is_shown_and_ends_the_others() -> None:
    wrong, healthy = Fragile(KeyError("a bug")), Fragile()

    with pytest.raises(ExceptionGroup) as failed:
        await keep_all([Duty("wrong", wrong.run), Duty("healthy", healthy.run)], CLOCK)

    assert failed.group_contains(KeyError)
    assert len(wrong.began_s) == 1


async def test_one_that_returns_is_begun_anew() -> None:
    runs = 0
    ran_twice = asyncio.Event()

    async def once() -> None:
        nonlocal runs
        runs += 1
        if runs == 2:
            ran_twice.set()

    async with asyncio.TaskGroup() as work:
        keeping = work.create_task(keep(Duty("short", once), CLOCK))
        async with asyncio.timeout(5):
            await ran_twice.wait()
        keeping.cancel()
