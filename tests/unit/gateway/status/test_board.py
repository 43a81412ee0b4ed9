"""However many look, it is found out once; nobody waits for what is sick, or hears what is old."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from flags.client import Flags
from flags.hold import Hold
from flags.names import CAPABILITIES, COURSE_READ
from gateway.status import board as boards
from gateway.status import composing
from gateway.status.board import Board
from gateway.status.composing import Composer
from services.contracts.status import RouteMode
from services.kit.clock import SystemClock
from services.kit.once import flight
from tests.fakes.status import INCIDENT, THEN
from tests.fakes.status_sources import FakeFindings, hangs

HERD = 500


@asynccontextmanager
async def kept(flags: Flags, found: FakeFindings) -> AsyncIterator[Board]:
    clock = SystemClock()
    board = Board(Composer(flags, found.sources, clock), clock)
    running = flight(board.run(), "board")
    try:
        yield board
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running


@pytest.fixture
def flags(tmp_path: Path) -> Flags:
    return Flags(tmp_path)


async def test_a_herd_is_told_of_one_finding_out(flags: Flags) -> None:
    found = FakeFindings(recorded=[INCIDENT])
    async with kept(flags, found) as board:
        told = await asyncio.gather(*[board.now() for _ in range(HERD)])
        again = await board.now()

    assert found.asked.count("incidents") == 1
    assert {id(one) for one in told} == {id(again)}
    assert again.incidents == [INCIDENT]


async def test_nothing_is_found_out_where_nobody_looks(flags: Flags) -> None:
    found = FakeFindings()
    async with kept(flags, found):
        await asyncio.sleep(0.05)

    assert found.asked == []


async def test_whoever_looks_is_told_what_is_known_while_all_is_sick(flags: Flags) -> None:
    found = FakeFindings(meets=hangs)
    async with kept(flags, found) as board, asyncio.timeout(5):
        status = await board.now()

    assert [one.mode for one in status.capabilities] == [RouteMode.LEGACY] * len(CAPABILITIES)


async def test_a_herd_is_told_even_where_nobody_keeps_it(flags: Flags) -> None:
    clock = SystemClock()
    board = Board(Composer(flags, FakeFindings().sources, clock), clock)

    async with asyncio.timeout(5):
        told = await asyncio.gather(*[board.now() for _ in range(HERD)])

    assert len(told) == HERD


async def test_whoever_listens_hears_of_a_change(
    flags: Flags, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(boards, "EVERY_S", 0.02)
    async with kept(flags, FakeFindings()) as board, asyncio.timeout(5):
        first = await board.now()
        asyncio.get_running_loop().call_later(0.05, _hold, flags)
        second = await board.after(first)

    assert first.capabilities[0].mode is RouteMode.LEGACY
    assert second.capabilities[0].mode is RouteMode.ROLLED_BACK


async def test_a_later_check_of_the_same_is_no_news(
    flags: Flags, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(boards, "EVERY_S", 0.02)
    monkeypatch.setattr(composing, "EVERY_S", 0.0)
    found = FakeFindings()
    async with kept(flags, found) as board:
        first = await board.now()
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.3):
                await board.after(first)
        again = await board.now()

    assert again.checked_at > first.checked_at
    assert again.capabilities == first.capabilities


async def test_what_fails_once_is_found_out_the_next_time(
    flags: Flags, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(boards, "EVERY_S", 0.02)
    clock = SystemClock()
    composer = Composer(flags, FakeFindings().sources, clock)
    fails = iter([True, False])
    monkeypatch.setattr(composer, "compose", _failing(composer.compose, fails))
    board = Board(composer, clock)
    running = flight(board.run(), "board")
    try:
        first = await board.now()
        await asyncio.sleep(0.1)
        second = await board.now()
    finally:
        running.cancel()

    assert second is not first


def _failing(composing: Callable[[], Awaitable[object]], fails: "object") -> object:
    async def compose() -> object:
        if next(fails, False):  # type: ignore[call-overload]
            raise RuntimeError("planted")
        return await composing()

    return compose


def _hold(flags: Flags) -> None:
    flags.hold({COURSE_READ.name: Hold(COURSE_READ.name, THEN, "planted")})
