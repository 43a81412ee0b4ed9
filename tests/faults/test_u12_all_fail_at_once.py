"""U12: when all upstreams fail half are asked all the same, and a wall clock decides nothing."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from gateway.upstream.breaker import MOST_REST_S, State
from gateway.upstream.upstreams import Upstreams
from services.kit.clock import SystemClock
from tests.faults.receiving import NAMES, Guarded, Receiving, guarded, receiving
from tests.faults.registry import n
from tests.figures import Recorder
from tests.receiver import Way

JUMPS = (timedelta(days=-1), timedelta(hours=2), timedelta(minutes=-61), timedelta(minutes=1))
ROUNDS = 4
AT_ONCE = 20


class Jumping(SystemClock):
    """Somebody sets the wall clock."""

    def __init__(self) -> None:
        self.ahead = timedelta(0)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead


class Naive(Jumping):
    """Measures by the wall clock, which jumps."""

    def monotonic_s(self) -> float:
        return self.now().timestamp()


@pytest.fixture(scope="module")
def receiver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Receiving]:
    with receiving(tmp_path_factory.mktemp("u12")) as made:
        yield made


async def ask_all(one: Guarded, many: int) -> None:
    for _ in range(many // AT_ONCE):
        for name in NAMES:
            await asyncio.gather(*(one.ask(name) for _ in range(AT_ONCE)))


async def reached_then(receiver: Receiving, one: Guarded) -> tuple[int, int]:
    """How many are left alone once all have failed, and how many of the others are asked."""
    await receiver.be(Way.FAIL)
    await ask_all(one, n("U12"))
    await receiver.heard()
    standing = one.upstreams.standing
    others = {name for name, state in standing.items() if state is State.CLOSED}
    asked = set[str]()
    for _ in range(ROUNDS):
        await ask_all(one, AT_ONCE)
        asked |= {heard.path[1:] for heard in await receiver.heard()}
        await asyncio.sleep(0.4)
    return len(standing) - len(others), len(asked & others)


async def test_u12_half_of_all_are_asked_whatever_happens(
    receiver: Receiving, figure: Recorder
) -> None:
    async with guarded(receiver.url) as one:
        left_alone, asked = await reached_then(receiver, one)

    figure("U12", upstreams=len(NAMES), left_alone=left_alone, others_asked=asked)
    assert left_alone == len(NAMES) // 2
    assert asked == len(NAMES) - left_alone


async def test_u12_fails_without_the_half(
    receiver: Receiving, figure: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Upstreams, "_may_open", lambda self, name: True)
    async with guarded(receiver.url) as one:
        left_alone, _ = await reached_then(receiver, one)

    figure("U12", left_alone_without_the_half=left_alone)
    assert left_alone == len(NAMES)


async def refused_by_jumps(receiver: Receiving, clock: Jumping) -> int:
    """Reads that a healed upstream was spared, with a wall clock that jumps meanwhile."""
    async with guarded(receiver.url, clock) as one:
        await receiver.be(Way.FAIL)
        await asyncio.gather(*(one.ask() for _ in range(AT_ONCE)))
        assert one.upstreams.standing["assessment"] is State.OPEN
        await receiver.be(Way.ANSWER)
        clock.ahead += JUMPS[0]
        await asyncio.sleep(MOST_REST_S / 4)
        for _ in range(10):
            await one.ask()
        one.counted.clear()
        for nth in range(n("U12")):
            clock.ahead += JUMPS[nth % len(JUMPS)]
            await one.ask()
        return len(one.counted)


async def test_u12_a_jump_of_the_wall_clock_refuses_nothing(
    receiver: Receiving, figure: Recorder
) -> None:
    refused = await refused_by_jumps(receiver, Jumping())

    figure("U12", jumps=n("U12"), refused_by_a_jump=refused)
    assert refused == 0


async def test_u12_fails_without_a_monotonic_clock(receiver: Receiving, figure: Recorder) -> None:
    refused = await refused_by_jumps(receiver, Naive())

    figure("U12", refused_by_a_jump_of_a_wall_clock=refused)
    assert refused > 0
