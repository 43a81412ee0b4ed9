"""Whoever is told to end ends, though giving back what it held fails."""

import asyncio

import pytest

from services.events import duty
from services.events.duty import Duty, keep
from services.kit.clock import SystemClock
from services.kit.ending import heed_cancellation
from services.kit.once import flight


async def broken_at_its_end() -> None:
    try:
        await asyncio.Event().wait()
    finally:
        raise ConnectionResetError("the server is gone")


async def has_ended() -> bool:
    """Soon after it was told to; whoever has not rests meanwhile, and ends when told again."""
    task = flight(keep(Duty("fragile", broken_at_its_end), SystemClock()), "fragile")
    await turns()
    task.cancel()
    await turns()
    ended = task.done()
    task.cancel()
    await asyncio.wait([task])
    return ended


async def turns(count: int = 20) -> None:
    for _ in range(count):
        await asyncio.sleep(0)


async def test_a_duty_that_breaks_while_it_ends_is_not_begun_anew() -> None:
    assert await has_ended()


async def test_it_fails_without_heeding(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(duty, "heed_cancellation", lambda: None)

    assert not await has_ended()


async def test_nobody_ends_who_was_not_told_to() -> None:
    heed_cancellation()

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0):
            await asyncio.Event().wait()
    heed_cancellation()
