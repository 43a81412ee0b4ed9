"""An upstream that fails most calls is left alone, tried one by one, and never most of them all."""

import asyncio

import pytest

from gateway.upstream.breaker import LEAST_FAILED, MOST_REST_S, REST_S, SPAN_S, State
from services.contracts.errors import (
    UpstreamNotFound,
    UpstreamRefusing,
    UpstreamResting,
    UpstreamTimeout,
    UpstreamUnreachable,
)
from services.kit.deadline import Deadline
from services.kit.http import Call, Reply
from tests.unit.gateway.upstream.scripted import BROKEN, COMMAND, NAMES, WELL, Came, Town


async def test_it_opens_when_most_failed_and_not_before() -> None:
    town = Town()
    await town.fail(times=LEAST_FAILED - 1)
    before = town.upstreams.standing["one"]

    await town.fail(times=1)
    told = await town.ask(COMMAND)

    assert (before, town.upstreams.standing["one"]) == (State.CLOSED, State.OPEN)
    assert isinstance(told, UpstreamResting)
    assert len(town.transport.calls) == LEAST_FAILED
    assert town.counted == [("one", "UpstreamResting")]


async def test_failures_among_as_many_that_went_well_open_nothing() -> None:
    town = Town()
    for _ in range(LEAST_FAILED * 3):
        await town.ask()
        await town.ask()
        await town.fail(times=1)

    assert town.upstreams.standing["one"] is State.CLOSED


async def test_failures_of_long_ago_do_not_count() -> None:
    town = Town()
    await town.fail(times=LEAST_FAILED - 1)
    town.clock.advance(SPAN_S * 1.2)

    await town.fail(times=LEAST_FAILED - 1)

    assert town.upstreams.standing["one"] is State.CLOSED


async def test_it_closes_after_some_tries_that_went_well_one_at_a_time() -> None:
    town = Town()
    await town.fail()
    town.clock.advance(REST_S)
    town.transport.calls.clear()

    both = await asyncio.gather(town.ask(COMMAND), town.ask(COMMAND))
    half = town.upstreams.standing["one"]
    await town.ask(COMMAND)
    await town.ask(COMMAND)

    assert [type(one) for one in both] == [Reply, UpstreamResting]
    assert (half, town.upstreams.standing["one"]) == (State.HALF_OPEN, State.CLOSED)
    assert len(town.transport.calls) == 3


async def test_each_try_that_fails_makes_the_rest_longer_up_to_a_bound() -> None:
    town, rests = Town(dice=1.0), []
    town.transport.says = lambda call: BROKEN
    await town.fail()
    for _ in range(6):
        rest_s = 0.0
        while isinstance(await town.ask(COMMAND), UpstreamResting):
            town.clock.advance(REST_S / 2)
            rest_s += REST_S / 2
        rests.append(rest_s)

    assert rests == [min(MOST_REST_S, REST_S * 2**nth) for nth in range(6)]


async def test_at_most_half_are_left_alone_at_once() -> None:
    town = Town()

    for name in NAMES:
        await town.fail(name, times=40)

    standing = list(town.upstreams.standing.values())
    assert standing.count(State.CLOSED) == len(NAMES) // 2


async def test_what_began_before_it_opened_says_nothing_of_its_tries() -> None:
    town, late = Town(), asyncio.Event()

    send = town.transport.send

    async def waits(call: Call, deadline: Deadline) -> Reply:
        if call.url.endswith("slow"):
            await late.wait()
        return await send(call, deadline)

    town.transport.send = waits  # type: ignore[method-assign]
    begun = asyncio.ensure_future(town.ask(Call("one", "POST", "http://one/slow")))
    await asyncio.sleep(0)
    await town.fail()
    late.set()
    await begun

    assert town.upstreams.standing["one"] is State.OPEN


@pytest.mark.parametrize(
    ("came", "seconds", "opens"),
    [
        (BROKEN, 1.0, True),
        (Reply(504, {}, b""), 1.0, True),
        (UpstreamTimeout(), 1.0, True),
        (UpstreamRefusing(), 1.0, True),
        (UpstreamUnreachable(), 1.0, True),
        (Reply(504, {}, b""), 0.1, False),
        (UpstreamTimeout(), 0.1, False),
        (UpstreamNotFound(), 1.0, False),
        (Reply(404, {}, b""), 1.0, False),
        (Reply(429, {}, b""), 1.0, False),
        (WELL, 1.0, False),
    ],
)
async def test_only_faults_of_the_upstream_count(came: Came, seconds: float, opens: bool) -> None:
    town = Town()
    town.transport.says = lambda call: came

    for _ in range(LEAST_FAILED * 2):
        await town.ask(COMMAND, seconds)

    assert (town.upstreams.standing["one"] is State.OPEN) == opens


async def test_who_leaves_counts_nothing() -> None:
    town = Town()
    for _ in range(LEAST_FAILED * 2):
        asking = asyncio.ensure_future(town.ask(COMMAND))
        await asyncio.sleep(0)
        asking.cancel()
        await asyncio.wait([asking])

    assert town.upstreams.standing["one"] is State.CLOSED
    assert town.upstreams._guards["one"].under_way == 0
