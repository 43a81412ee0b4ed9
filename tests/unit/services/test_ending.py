"""Whoever is told to end ends, though giving back what it held fails."""

import asyncio
from collections.abc import Sequence
from typing import Any, cast

import pytest

from services.contracts.events import AttemptsRecorded, Event
from services.events import duty, projector
from services.events.duty import Duty, keep
from services.events.projector import Projection, Projector
from services.kit.clock import SystemClock
from services.kit.ending import heed_cancellation
from services.kit.once import flight
from services.storage.db import Connection
from tests.fakes.telling import happened


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


class Announcing(Projector):
    """Does nothing but tell what it has applied."""

    def __init__(self, projection: Projection) -> None:
        nothing = cast("Any", None)
        super().__init__(nothing, nothing, "legacy", projection, nothing)

    async def follow(self, partition: int = 0) -> None:
        event = happened("acme", "attempts/acme/7/4", AttemptsRecorded(7, 4, []))
        while True:
            await self._announce([event])
            await asyncio.sleep(0)


class Breaking:
    """Breaks when it has to end, as long as it is fragile."""

    is_fragile = True

    async def apply(self, connection: Connection, events: Sequence[Event]) -> None: ...

    async def announce(self, events: Sequence[Event]) -> None:
        await (broken_at_its_end() if self.is_fragile else asyncio.Event().wait())

    async def announce_all(self) -> None: ...


async def stops_announcing() -> bool:
    projection = Breaking()
    task = flight(Announcing(projection).follow(), "announcing")
    await turns()
    projection.is_fragile = False
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


async def test_who_breaks_while_announcing_announces_no_more() -> None:
    assert await stops_announcing()


async def test_announcing_fails_without_heeding(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(projector, "heed_cancellation", lambda: None)

    assert not await stops_announcing()


async def test_nobody_ends_who_was_not_told_to() -> None:
    heed_cancellation()

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0):
            await asyncio.Event().wait()
    heed_cancellation()
