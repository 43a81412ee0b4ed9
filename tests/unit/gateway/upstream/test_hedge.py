"""A read that takes longer than most is asked for twice; the first answer counts, no other."""

import asyncio
from contextlib import suppress
from dataclasses import replace

import pytest

from gateway.upstream.hedge import Hedge
from gateway.upstream.pace import LEAST
from services.contracts.errors import UpstreamTimeout, UpstreamUnreachable
from services.kit.deadline import Deadline
from services.kit.http import Call, Reply
from tests.unit.gateway.upstream.scripted import COMMAND, READ, TERMS, Town

FIRST, SECOND = Reply(200, {}, b"first"), Reply(200, {}, b"second")
NEVER_S = 30.0


class Race:
    """Each takes so long and ends so; `left` names those that were cancelled."""

    def __init__(self, first: tuple[float, object], second: tuple[float, object]) -> None:
        self.left: list[str] = []
        self._first, self._second = first, second
        self.asked = 0

    async def run(self, *, may: bool = True) -> Reply:
        hedge = Hedge(lambda: self._one("second", *self._second), lambda: may)
        return await hedge.first(self._one("first", *self._first), 0.01)

    async def _one(self, name: str, takes_s: float, ends: object) -> Reply:
        self.asked += 1
        try:
            await asyncio.sleep(takes_s)
        except asyncio.CancelledError:
            self.left.append(name)
            raise
        if isinstance(ends, Exception):
            raise ends
        assert isinstance(ends, Reply)
        return ends


async def test_what_is_as_fast_as_usual_is_asked_once() -> None:
    race = Race((0.0, FIRST), (0.0, SECOND))

    assert await race.run() is FIRST
    assert (race.asked, race.left) == (1, [])


async def test_the_second_wins_over_one_that_never_ends() -> None:
    race = Race((NEVER_S, FIRST), (0.0, SECOND))

    assert await race.run() is SECOND
    assert race.left == ["first"]


async def test_the_first_wins_over_a_second_that_never_ends() -> None:
    race = Race((0.05, FIRST), (NEVER_S, SECOND))

    assert await race.run() is FIRST
    assert race.left == ["second"]


async def test_a_second_that_fails_takes_nothing_from_the_first() -> None:
    race = Race((0.05, FIRST), (0.0, UpstreamUnreachable()))

    assert await race.run() is FIRST
    assert race.left == []


async def test_a_first_that_fails_waits_for_the_second() -> None:
    race = Race((0.03, UpstreamUnreachable()), (0.05, SECOND))

    assert await race.run() is SECOND


async def test_where_it_may_not_there_is_no_second() -> None:
    race = Race((0.03, UpstreamTimeout()), (0.0, SECOND))

    with pytest.raises(UpstreamTimeout):
        await race.run(may=False)
    assert race.asked == 1


@pytest.mark.parametrize("waits_s", [0.0, 0.02])
async def test_who_leaves_takes_both_down(waits_s: float) -> None:
    race = Race((NEVER_S, FIRST), (NEVER_S, SECOND))
    running = asyncio.ensure_future(race.run())
    await asyncio.sleep(waits_s)

    running.cancel()
    await asyncio.wait([running])

    assert running.cancelled()
    assert len(race.left) == race.asked


async def test_who_leaves_just_when_the_second_wins_has_left() -> None:
    async def first() -> Reply:
        await asyncio.sleep(NEVER_S)
        return FIRST

    async def second() -> Reply:
        asyncio.get_running_loop().call_soon(running.cancel)
        return SECOND

    running = asyncio.ensure_future(Hedge(second, lambda: True).first(first(), 0.0))
    await asyncio.wait([running])

    assert running.cancelled()


async def test_a_task_that_was_hedged_can_still_be_cancelled_and_timed() -> None:
    async def hedged_then_slow() -> None:
        async with asyncio.timeout(0.1):
            await Race((NEVER_S, FIRST), (0.0, SECOND)).run()
            await asyncio.sleep(NEVER_S)

    with pytest.raises(TimeoutError):
        await hedged_then_slow()


async def slow_one_after(town: Town, call: Call) -> int:
    """How often the upstream is asked for one call that takes for ever at first."""
    for _ in range(LEAST):
        await town.ask(call)
    town.transport.calls.clear()
    send = town.transport.send

    async def slow(call: Call, deadline: Deadline) -> Reply:
        reply = await send(call, deadline)
        if len(town.transport.calls) == 1:
            async with asyncio.timeout(0.05):
                await asyncio.sleep(NEVER_S)
        return reply

    town.transport.send = slow  # type: ignore[method-assign]
    with suppress(TimeoutError):
        await town.upstreams.send(call, Deadline.within(town.clock, 1.0))
    return len(town.transport.calls)


async def test_only_reads_of_an_upstream_that_is_well_are_hedged() -> None:
    alone = Town(replace(TERMS, hedges=False))

    asked = [
        await slow_one_after(Town(), READ),
        await slow_one_after(Town(), COMMAND),
        await slow_one_after(alone, READ),
    ]

    unwell = Town()
    await unwell.fail(times=5)
    asked.append(await slow_one_after(unwell, READ))
    assert asked == [2, 1, 1, 1]


async def test_hedges_are_a_twentieth_of_all_calls_at_most() -> None:
    town = Town()
    for _ in range(LEAST):
        await town.ask()
    guard = town.upstreams._guards["one"]

    assert sum(guard._may_hedge() for _ in range(100)) == LEAST // 20


async def test_nothing_is_left_over(caplog: pytest.LogCaptureFixture) -> None:
    before = asyncio.all_tasks()
    await Race((NEVER_S, FIRST), (0.0, SECOND)).run()
    await Race((0.05, FIRST), (NEVER_S, SECOND)).run()

    assert asyncio.all_tasks() == before
    assert caplog.records == []
