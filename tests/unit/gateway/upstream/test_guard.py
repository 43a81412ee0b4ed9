"""A guard holds one upstream's calls to its places, and tells the kinds of failure apart."""

import asyncio
import logging

import pytest

from gateway.upstream.breaker import REST_S, State
from gateway.upstream.outcome import Outcome
from gateway.upstream.pace import KEPT, LEAST, Pace
from gateway.upstream.window import Window
from services.contracts.errors import (
    ErrorCode,
    UpstreamCrowded,
    UpstreamError,
    UpstreamResting,
    UpstreamThrottled,
)
from services.kit.deadline import Deadline
from services.kit.http import Call, Reply
from tests.unit.gateway.upstream.scripted import COMMAND, NAMES, WELL, Town


async def test_a_hung_upstream_holds_its_own_places_only() -> None:
    town, hangs = Town(), asyncio.Event()
    send = town.transport.send

    async def hanging(call: Call, deadline: Deadline) -> Reply:
        if call.upstream == "one":
            town.transport.calls.append(call)
            await hangs.wait()
        return await send(call, deadline)

    town.transport.send = hanging  # type: ignore[method-assign]
    asking = [asyncio.ensure_future(town.ask()) for _ in range(9)]
    await asyncio.sleep(0)
    other = await town.ask(Call("two", "GET", "http://two/x", is_read=True))

    at_one = [call for call in town.transport.calls if call.upstream == "one"]
    hangs.set()
    came = await asyncio.gather(*asking)
    assert other is WELL
    assert len(at_one) == 4
    assert sum(isinstance(one, UpstreamCrowded) for one in came) == 1
    assert town.counted == [("one", "UpstreamCrowded")]


async def test_of_those_that_may_not_be_left_alone_calls_are_kept_back() -> None:
    town = Town(dice=1e-6)
    for name in NAMES:
        await town.fail(name, times=30)

    kept_open = [name for name, state in town.upstreams.standing.items() if state is State.CLOSED]
    came = [await town.ask(Call(name, "POST", "http://x/x")) for name in kept_open]

    assert len(kept_open) == 2
    assert [type(one) for one in came] == [UpstreamThrottled, UpstreamThrottled]


async def test_it_is_logged_once_when_one_is_left_alone_and_once_when_it_is_back(
    caplog: pytest.LogCaptureFixture,
) -> None:
    town = Town()
    with caplog.at_level(logging.INFO, "upstream"):
        await town.fail(times=30)
        town.clock.advance(REST_S)
        for _ in range(5):
            await town.ask(COMMAND)

    assert [record.getMessage() for record in caplog.records] == [
        "upstream.opened",
        "upstream.closed",
    ]


def test_every_kind_of_failure_has_a_code_of_the_contract() -> None:
    def kinds(of: type[UpstreamError]) -> list[type[UpstreamError]]:
        return [of, *[one for child in of.__subclasses__() for one in kinds(child)]]

    codes = {kind.refusal.code for kind in kinds(UpstreamError)}

    assert codes == {ErrorCode.UPSTREAM_TIMEOUT, ErrorCode.UPSTREAM_UNAVAILABLE}


async def test_an_upstream_that_nobody_guards_is_not_called() -> None:
    town = Town()

    assert isinstance(await town.ask(Call("five", "GET", "http://five/x")), KeyError)
    assert town.transport.calls == []


def test_a_window_forgets_by_and_by() -> None:
    window = Window(10.0)
    for second in range(10):
        window.add(float(second), is_good=second % 2 == 0)

    window.slide(14.0)

    assert (window.good, window.bad) == (2, 3)
    window.slide(99.0)
    assert (window.good, window.bad) == (0, 0)


def test_a_pace_is_told_when_enough_is_known() -> None:
    pace = Pace()
    for nth in range(LEAST - 1):
        pace.note(nth / 1_000)
    before = pace.p95_s
    pace.note(1.0)

    assert before is None
    assert pace.p95_s == pytest.approx(0.060)


async def test_who_waited_for_a_place_is_not_sent_to_one_that_is_left_alone_by_then() -> None:
    town, hangs = Town(), asyncio.Event()
    send = town.transport.send

    async def failing(call: Call, deadline: Deadline) -> Reply:
        await hangs.wait()
        await send(call, deadline)
        return Reply(503, {}, b"")

    town.transport.send = failing  # type: ignore[method-assign]
    asking = [asyncio.ensure_future(town.ask(COMMAND)) for _ in range(8)]
    await asyncio.sleep(0)
    guard = town.upstreams._guards["one"]
    for _ in range(12):
        guard._breaker.note(0.0, 0, Outcome.FAILED)
    hangs.set()

    came = await asyncio.gather(*asking)
    assert sum(isinstance(one, UpstreamResting) for one in came) == 4
    assert len(town.transport.calls) == 4
    assert guard.under_way == 0


async def test_a_try_whose_caller_leaves_gives_its_turn_to_the_next() -> None:
    town = Town()
    await town.fail()
    town.clock.advance(REST_S)
    trying = asyncio.ensure_future(town.ask(COMMAND))
    await asyncio.sleep(0)

    trying.cancel()
    await asyncio.wait([trying])

    assert await town.ask(COMMAND) is WELL


def test_a_pace_is_that_of_the_last_calls() -> None:
    pace = Pace()
    for _ in range(KEPT):
        pace.note(1.0)
    for _ in range(KEPT):
        pace.note(0.5)

    assert pace.p95_s == 0.5
