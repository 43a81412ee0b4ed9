"""What failed is tried again where that does no harm: seldom, soon, and within the deadline."""

import pytest

from gateway.upstream.breaker import LEAST_FAILED
from gateway.upstream.budget import Budget
from gateway.upstream.repeating import FIRST, SHARE, TRIES
from services.contracts.errors import (
    UpstreamMisbehaved,
    UpstreamTimeout,
    UpstreamUnreachable,
)
from services.contracts.question import IDEMPOTENCY_KEY
from services.kit.http import Call, Reply
from tests.unit.gateway.upstream.scripted import BROKEN, COMMAND, READ, WELL, Came, Town

KEYED = Call("one", "POST", "http://one/x", {IDEMPOTENCY_KEY: "k"})


def first_fail(town: Town, came: Came, times: int) -> None:
    town.transport.says = lambda call: came if len(town.transport.calls) <= times else WELL


@pytest.mark.parametrize("call", [READ, KEYED])
@pytest.mark.parametrize("came", [BROKEN, UpstreamUnreachable()])
async def test_reads_and_commands_with_a_key_are_repeated(call: Call, came: Came) -> None:
    town = Town(dice=0.01)
    first_fail(town, came, TRIES - 1)

    assert await town.ask(call) is WELL
    assert len(town.transport.calls) == TRIES


async def test_there_are_so_many_tries_and_then_the_failure() -> None:
    town = Town(dice=0.01)
    first_fail(town, BROKEN, 99)

    assert await town.ask() is BROKEN
    assert len(town.transport.calls) == TRIES


@pytest.mark.parametrize(
    ("call", "came"),
    [
        (COMMAND, BROKEN),
        (COMMAND, UpstreamUnreachable()),
        (READ, UpstreamTimeout()),
        (READ, UpstreamMisbehaved()),
        (READ, Reply(504, {}, b"")),
        (READ, Reply(404, {}, b"")),
        (READ, Reply(429, {}, b"")),
        (KEYED, Reply(409, {}, b"")),
    ],
)
async def test_nothing_else_is(call: Call, came: Came) -> None:
    town = Town(dice=0.01)
    first_fail(town, came, 1)

    assert await town.ask(call) is came
    assert len(town.transport.calls) == 1


async def test_nothing_is_repeated_past_the_deadline() -> None:
    town = Town(dice=1.0)
    town.transport.takes_s = 0.09
    first_fail(town, BROKEN, 1)

    assert await town.ask(seconds=0.1) is BROKEN
    assert len(town.transport.calls) == 1


async def test_a_tenth_of_all_calls_are_repeated_and_no_more() -> None:
    town = Town(dice=0.01, names=["one"])
    for _ in range(20):
        await town.ask()
    spent = len(town.transport.calls)
    town.transport.says = lambda call: BROKEN

    for _ in range(15):
        await town.ask()

    repeated = len(town.transport.calls) - spent - 15
    assert 0 < repeated <= FIRST + SHARE * 35


def test_a_budget_does_not_grow_for_ever() -> None:
    budget = Budget(share=0.5, most=2.0)
    for _ in range(100):
        budget.earn()

    assert [budget.spend() for _ in range(3)] == [True, True, False]


async def test_where_another_try_is_not_let_through_the_first_failure_is_told() -> None:
    town = Town(dice=0.01)
    await town.fail(times=LEAST_FAILED - 1)
    first_fail(town, BROKEN, 99)
    town.transport.calls.clear()

    assert await town.ask() is BROKEN
    assert len(town.transport.calls) == 1
