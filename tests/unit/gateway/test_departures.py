"""What is open ends spread over the drain, behind the answers under way, and all of it."""

from dataclasses import dataclass, field
from itertools import pairwise

import pytest

from gateway.transport import departures
from gateway.transport.departures import RETURN_WITHIN_MS, Departures
from gateway.transport.pulse import PARTS, Pulse
from services.kit.clock import SystemClock
from tests.integration.monolith.waiting import until


@dataclass(eq=False)
class Held:
    """`busy` so many times before it leaves, unless it must."""

    busy: int = 0
    asked: int = 0
    waits_ms: list[int] = field(default_factory=list)

    def depart(self, wait_ms: int, *, at_once: bool) -> bool:
        self.asked += 1
        if self.asked <= self.busy and not at_once:
            return False
        self.waits_ms.append(wait_ms)
        return True


async def spread(held: list[Held], within_s: float) -> list[int]:
    """How many were there still, at each look."""
    clock = SystemClock()
    leaving, left = Departures(clock), []
    for one in held:
        leaving.join(one)

    def look() -> bool:
        left.append(len(leaving))
        return False

    await leaving.spread(within_s, look)
    return left


async def test_they_leave_spread_over_the_time_given() -> None:
    left = await spread([Held() for _ in range(100)], 1.0)

    gone = [before - after for before, after in pairwise(left)]
    assert len(left) > 5
    assert max(gone) <= 40


async def test_all_leave_at_once_where_there_is_no_time() -> None:
    held = [Held(busy=1_000) for _ in range(10)]

    await spread(held, 0.0)

    assert [one.asked for one in held] == [1] * 10
    assert all(len(one.waits_ms) == 1 for one in held)


async def test_their_clients_come_back_apart() -> None:
    held = [Held() for _ in range(100)]
    await spread(held, 0.0)

    waits_ms = sorted(one.waits_ms[0] for one in held)
    tenths = {wait_ms // (RETURN_WITHIN_MS // 10) for wait_ms in waits_ms}
    assert len(tenths) == 10
    assert waits_ms[-1] < RETURN_WITHIN_MS


async def test_whoever_has_an_answer_to_give_leaves_behind_it() -> None:
    busy = Held(busy=5)
    await spread([busy, Held(), Held()], 0.3)

    assert busy.asked == 6


async def test_nobody_holds_it_up_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(departures, "LATE_S", 0.1)
    stubborn = Held(busy=1_000_000)
    await spread([stubborn], 0.2)

    assert len(stubborn.waits_ms) == 1


@dataclass(eq=False)
class Beating:
    beats: int = 0

    def beat(self) -> None:
        self.beats += 1


async def test_a_pulse_reaches_all_again_and_again_and_stops_without_them() -> None:
    pulse, members = Pulse(0.2), [Beating() for _ in range(3)]
    parts = [pulse.join(one) for one in members]

    async def have_beaten() -> bool:
        return all(one.beats >= 2 for one in members)

    await until(have_beaten)
    for part, one in zip(parts, members, strict=True):
        part.discard(one)
    told = [one.beats for one in members]
    await until(lambda: _is_still(pulse))

    assert [one.beats for one in members] == told
    assert PARTS > 1


async def _is_still(pulse: Pulse) -> bool:
    return pulse._timer is None
