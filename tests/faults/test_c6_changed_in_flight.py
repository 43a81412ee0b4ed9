"""C6: what is fetched while it is changed is put back by nobody, in whatever order it happens."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from gateway.cache.ages import Terms
from gateway.cache.far import AWAY, Claim
from gateway.cache.fetched import Fetched, Found
from gateway.cache.heard import Heard
from gateway.cache.owner import Tenant
from gateway.cache.shelf import Shelf
from services.contracts.ids import TenantId
from services.kit.clock import FakeClock
from services.kit.once import flight
from tests.fakes.cached import Process
from tests.fakes.far import FakeFar
from tests.faults.interleaved import Steps, every_order
from tests.faults.registry import n
from tests.figures import Recorder

SHELF = Shelf[int]("thing", int, Terms(fresh_s=60, stale_s=30, error_s=600))
OWNER = Tenant(TenantId("acme"))
TAG = "thing:acme:1"
FAR, SOURCE = "far", "source"
"""What a step may touch, beside what its process has heard and keeps: that goes by its name."""
OLD, NEW = 1, 2
SAID_BEFORE, SAID = 10, 11
STALE_S = 70.0
MOST_S = 3_600.0
NOT_HELD = Claim(AWAY.standing)


class StepFar(FakeFar):
    """One process's way to what all share; with `leases_last` False a failover has lost them."""

    def __init__(self, far: FakeFar, steps: Steps, actor: str, leases_last: bool) -> None:
        self._far, self._steps, self._actor = far, steps, actor
        self._leases_last = leases_last

    async def get(self, name: str) -> bytes | None:
        return await self._far.get(name)

    async def claim(self, name: str, lasts_s: float) -> Claim:
        if not self._leases_last:
            return NOT_HELD
        await self._gate(self._actor)
        return await self._far.claim(name, lasts_s)

    async def put(self, name: str, token: str, body: bytes, lasts_s: float) -> bool:
        await self._gate()
        return await self._far.put(name, token, body, lasts_s)

    async def set(self, name: str, body: bytes, lasts_s: float) -> None:
        await self._gate()
        await self._far.set(name, body, lasts_s)

    async def release(self, name: str, token: str) -> None:
        await self._gate()
        await self._far.release(name, token)

    async def awaited(self, name: str, at_most_s: float) -> None:
        await self._far.awaited(name, at_most_s)

    async def _gate(self, *touches: str) -> None:
        await self._steps.gate(self._actor, FAR, *touches)


class Fleet:
    """Two processes read a thing, and somebody changes it; a third comes when all is over."""

    def __init__(self, steps: Steps, leases_last: bool) -> None:
        self.clock = FakeClock(datetime(2030, 1, 1, tzinfo=UTC))
        self.far = FakeFar(self.clock)
        self.value = OLD
        self.stale = 0
        self._steps = steps
        self._leases_last = leases_last
        self.processes: dict[str, Process] = {}

    def begins(self, actor: str, far: FakeFar) -> None:
        """A process that has heard of all that was said before."""
        near = self.processes[actor].near if actor in self.processes else None
        self.processes[actor] = Process(far, self.clock, position=SAID_BEFORE, near=near)

    async def read(self, actor: str, *, by_steps: bool = True) -> None:
        """Whoever has heard of the change by the time they are answered must see it."""

        async def fetch(names: Sequence[str]) -> list[Fetched[int]]:
            if by_steps:
                await self._steps.gate(actor, SOURCE)
            value = self.value
            if by_steps:
                await self._steps.gate(actor, actor)
            return [Fetched(value, [TAG]) for _ in names]

        [found] = await self.processes[actor].cache.many(SHELF, OWNER, ["1"], fetch, MOST_S)
        assert isinstance(found, Found)
        self.stale += found.value == OLD and self.processes[actor].heard.position >= SAID

    def changes(self) -> None:
        self.value = NEW

    def hears(self, actor: str) -> None:
        self.processes[actor].heard.note(SAID, [TAG])


@dataclass
class Verdict:
    orders: int = 0
    longest: int = 0
    stale: int = 0


@pytest.mark.parametrize("is_warm", [False, True], ids=["cold", "stale"])
@pytest.mark.parametrize("leases_last", [True, False], ids=["leased", "leases lost"])
async def test_c6_nobody_who_has_heard_is_served_the_old(
    is_warm: bool, leases_last: bool, figure: Recorder
) -> None:
    verdict = await judged(is_warm, leases_last)

    figure("C6", orders=verdict.orders, steps=verdict.longest, stale=verdict.stale)
    assert verdict.longest >= 3 * n("C6") - 4
    assert verdict.stale == 0


async def test_c6_fails_without_the_fence(
    monkeypatch: pytest.MonkeyPatch, figure: Recorder
) -> None:
    """Whoever holds a lease puts what they fetched, whatever was said meanwhile."""
    monkeypatch.setattr(Heard, "is_current", lambda *_: True)

    verdict = await judged(is_warm=False, leases_last=True)

    figure("C6", stale_without_the_fence=verdict.stale, of_orders=verdict.orders)
    assert verdict.stale > 0


async def judged(is_warm: bool, leases_last: bool) -> Verdict:
    verdict = Verdict()

    async def run(steps: Steps) -> Callable[[], Awaitable[None]]:
        fleet = Fleet(steps, leases_last)
        await begin(fleet, steps, is_warm, leases_last)
        actors = [
            flight(one, "actor")
            for one in (reader(fleet, steps, "A"), reader(fleet, steps, "B"), changer(fleet, steps))
        ]

        async def ends() -> None:
            await asyncio.wait_for(asyncio.gather(*actors), 5)
            fleet.hears("C")
            for actor in ("A", "B", "C", "C"):
                await fleet.read(actor, by_steps=False)
            for process in fleet.processes.values():
                await process.flights.close()
            verdict.stale += fleet.stale

        return ends

    async for taken in every_order(run):
        verdict.orders += 1
        verdict.longest = max(verdict.longest, len(taken))
    return verdict


async def begin(fleet: Fleet, steps: Steps, is_warm: bool, leases_last: bool) -> None:
    """Where it is warm, all have an entry that is to be refreshed."""
    for actor in ("A", "B", "C"):
        fleet.begins(actor, fleet.far)
        if is_warm:
            await fleet.read(actor, by_steps=False)
    fleet.clock.advance(STALE_S)
    for actor in ("A", "B"):
        fleet.begins(actor, StepFar(fleet.far, steps, actor, leases_last))


async def reader(fleet: Fleet, steps: Steps, actor: str) -> None:
    await steps.gate(actor, FAR, actor)
    await fleet.read(actor)


async def changer(fleet: Fleet, steps: Steps) -> None:
    """That it is said is seen by nobody before they hear it."""
    await steps.gate("changer", SOURCE)
    fleet.changes()
    for actor in ("A", "B"):
        await steps.gate("changer", actor)
        fleet.hears(actor)
