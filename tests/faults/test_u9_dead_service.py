"""U9: a service that fails every call is asked by almost nobody, and by all when it is back."""

import asyncio
from collections.abc import Iterator

import pytest

from gateway.upstream.breaker import Breaker
from gateway.upstream.budget import Budget
from gateway.upstream.repeating import TRIES
from gateway.upstream.throttle import Throttle
from tests.faults.receiving import Guarded, Receiving, guarded, receiving
from tests.faults.registry import n
from tests.figures import Recorder
from tests.receiver import Way

RATE = 250.0
"""Reads a second."""
FIRST = 0.5
"""Of N: so many reads find out that it is dead."""
RECOVERS_S = 10.0
IN_A_ROW = 25


@pytest.fixture(scope="module")
def receiver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Receiving]:
    with receiving(tmp_path_factory.mktemp("u9")) as made:
        yield made


async def ask_many(one: Guarded, many: int) -> list[bool]:
    """By the clock, whatever became of those before."""
    now_s = asyncio.get_running_loop().time
    began_s, asked = now_s(), list[asyncio.Task[bool]]()
    async with asyncio.TaskGroup() as asking:
        for nth in range(many):
            await asyncio.sleep(began_s + nth / RATE - now_s())
            asked.append(asking.create_task(one.ask()))
    return [task.result() for task in asked]


async def recovery_s(one: Guarded) -> float:
    """Until so many in a row were answered."""
    now_s = asyncio.get_running_loop().time
    began_s, in_a_row = now_s(), 0
    while in_a_row < IN_A_ROW:
        in_a_row = in_a_row + 1 if await one.ask() else 0
        await asyncio.sleep(0.02)
        assert now_s() - began_s < 3 * RECOVERS_S
    return now_s() - began_s


async def test_u9_a_dead_service_is_asked_by_almost_nobody(
    receiver: Receiving, figure: Recorder
) -> None:
    await receiver.be(Way.FAIL)
    await receiver.heard()
    async with guarded(receiver.url) as one:
        first = await ask_many(one, int(n("U9") * FIRST))
        at_first = len(await receiver.heard())
        later = await ask_many(one, n("U9"))
        then = len(await receiver.heard())
        await receiver.be(Way.ANSWER)
        took_s = await recovery_s(one)
        healed = await ask_many(one, 100)

    figure(
        "U9",
        reads=len(first) + len(later),
        reached_a_read_at_first=round(at_first / len(first), 3),
        reached_a_read_then=round(then / len(later), 4),
        recovery_s=round(took_s, 1),
    )
    assert not any(first + later)
    assert at_first <= 1.1 * len(first)
    assert then <= 0.01 * len(later)
    assert took_s <= RECOVERS_S
    assert all(healed)


async def test_u9_what_is_kept_back_alone_suffices(
    receiver: Receiving, figure: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where it may not be left alone, because half of all are."""
    monkeypatch.setattr(Breaker, "_fails", False)
    await receiver.be(Way.FAIL)
    await receiver.heard()
    async with guarded(receiver.url) as one:
        await ask_many(one, int(n("U9") * FIRST))
        at_first = len(await receiver.heard())
        await ask_many(one, n("U9"))
        then = len(await receiver.heard())
        await receiver.be(Way.ANSWER)
        took_s = await recovery_s(one)

    figure("U9", reached_without_a_breaker=then, recovery_without_a_breaker_s=round(took_s, 1))
    assert at_first <= 1.1 * n("U9") * FIRST
    assert then <= 0.02 * n("U9")
    assert took_s <= RECOVERS_S


async def test_u9_fails_without_throttle_and_budget(
    receiver: Receiving, figure: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Breaker, "_fails", False)
    monkeypatch.setattr(Throttle, "lets_through", lambda self, now_s: True)
    monkeypatch.setattr(Budget, "spend", lambda self: True)
    await receiver.be(Way.FAIL)
    await receiver.heard()
    async with guarded(receiver.url) as one:
        await ask_many(one, n("U9") // 2)
        reached = len(await receiver.heard())

    figure("U9", reached_a_read_without_guards=reached / (n("U9") // 2))
    assert reached == TRIES * (n("U9") // 2)
