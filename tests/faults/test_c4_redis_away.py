"""C4: while Redis is gone or hangs, a cache call ends in time, and soon costs next to nothing."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import median

import pytest

from gateway.cache import lane
from gateway.cache.breaker import REST_S, Breaker
from gateway.cache.far import Far, Standing
from services.kit.once import flight
from tests import valkey
from tests.faults.registry import n
from tests.figures import Recorder
from tests.integration.gateway.cache.servers import process
from tests.integration.monolith.waiting import until

AT_ONCE = 20
PAUSE_S = 0.01
HANGS_S = 2.0
SLOWEST_S = 0.15
"""A call has 50 ms, and the loop some turns to say so."""
BEAT_S = 0.005
CHEAP_S = 0.001


class Pulse:
    """How late the loop itself was so far, which a busy machine makes it."""

    def __init__(self) -> None:
        self._late_s = 0.0
        self._due_s = time.perf_counter()

    @property
    def late_s(self) -> float:
        return self._late_s + max(0.0, time.perf_counter() - self._due_s)

    async def beat(self) -> None:
        while True:
            # Timers are told some milliseconds late on any machine.
            self._late_s, self._due_s = self.late_s, time.perf_counter() + 2 * BEAT_S
            await asyncio.sleep(BEAT_S)


@dataclass
class Calls:
    """What each call took while Redis was away, and what went wrong."""

    pulse: Pulse = field(default_factory=Pulse)
    took_s: list[float] = field(default_factory=list)
    errors: int = 0

    @property
    def slowest_s(self) -> float:
        return max(self.took_s)

    @property
    def median_s(self) -> float:
        return median(self.took_s)


@pytest.fixture
def server() -> Iterator[valkey.Server]:
    with valkey.server() as made:
        yield made


@contextmanager
def gone(server: valkey.Server) -> Iterator[None]:
    server.kill()
    try:
        yield
    finally:
        server.start()


@pytest.mark.parametrize("how", ["gone", "hung"])
async def test_c4_a_call_ends_in_time_and_then_costs_nothing(
    server: valkey.Server, how: str, figure: Recorder
) -> None:
    async with process(server.url) as far:
        with gone(server) if how == "gone" else server.hung():
            calls = await requests(far, n("C4"))
        back_s = await back_within(far)

    told = {"slowest_ms": 1000 * calls.slowest_s, "median_us": 1_000_000 * calls.median_s}
    told |= {"errors": calls.errors, "calls": len(calls.took_s), "back_s": back_s}
    figure("C4", **{f"{name}_{how}": round(value, 2) for name, value in told.items()})
    assert calls.errors == 0
    assert calls.slowest_s < SLOWEST_S
    assert calls.median_s < CHEAP_S


async def test_c4_fails_without_the_deadline(
    server: valkey.Server, monkeypatch: pytest.MonkeyPatch, figure: Recorder
) -> None:
    monkeypatch.setattr(lane, "ANSWER_S", 60.0)
    monkeypatch.setattr(lane, "LONGEST_S", 60.0)
    async with process(server.url) as far:
        with server.hung():
            calls = await requests(far, HANGS_S)

    figure("C4", slowest_ms_without_the_deadline=round(1000 * calls.slowest_s))
    assert calls.slowest_s > SLOWEST_S


async def test_c4_fails_without_the_breaker(
    server: valkey.Server, monkeypatch: pytest.MonkeyPatch, figure: Recorder
) -> None:
    monkeypatch.setattr(Breaker, "lets_through", lambda self: True)
    async with process(server.url) as far:
        with server.hung():
            calls = await requests(far, HANGS_S)

    figure("C4", median_us_without_the_breaker=round(1_000_000 * calls.median_s))
    assert calls.median_s > 10 * CHEAP_S


async def requests(far: Far, for_s: float) -> Calls:
    """Each asks for an entry, claims it, and keeps what it fetched itself, as it may."""
    calls, ends_s, nth = Calls(), time.monotonic() + for_s, 0
    beating = flight(calls.pulse.beat(), "pulse")
    while time.monotonic() < ends_s:
        names = [f"entry {nth + more}" for more in range(AT_ONCE)]
        await asyncio.gather(*(request(far, name, calls) for name in names))
        nth += AT_ONCE
        await asyncio.sleep(PAUSE_S)
    beating.cancel()
    return calls


async def request(far: Far, name: str, calls: Calls) -> None:
    await timed(lambda: far.get(name), calls)
    await timed(lambda: far.claim(name, 1.0), calls)
    await timed(lambda: far.set(name, b"fetched", 1.0), calls)
    await timed(lambda: far.release(name, "of nobody"), calls)


async def timed(call: Callable[[], Awaitable[object]], calls: Calls) -> None:
    began_s, late_s = time.perf_counter(), calls.pulse.late_s
    try:
        await call()
    except Exception:
        calls.errors += 1
    late_s = calls.pulse.late_s - late_s
    calls.took_s.append(max(0.0, time.perf_counter() - began_s - late_s))


async def back_within(far: Far) -> float:
    """How long it takes to be used again."""
    began_s = time.monotonic()

    async def is_back() -> bool:
        return (await far.claim("back", 0.001)).standing is not Standing.AWAY

    await until(is_back, 4 * REST_S)
    return time.monotonic() - began_s
