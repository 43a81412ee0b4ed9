"""After an entry's time nobody waits, and one of the fleet makes it anew."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from gateway.cache.ages import Terms
from gateway.cache.counts import Uncounted
from gateway.cache.far import AWAY, Claim
from gateway.cache.fetched import Fetched, Found, Outcome
from gateway.cache.flights import Flights
from gateway.cache.heard import Heard
from gateway.cache.making import Making
from gateway.cache.near import Near
from gateway.cache.owner import Public
from gateway.cache.reading import Cache
from gateway.cache.shelf import Shelf
from gateway.cache.store import Store
from gateway.cache.verdict import Way
from services.kit.clock import FakeClock
from tests.fakes.far import FakeFar
from tests.fakes.tenant import NOW

PROCESSES, READERS = 4, 500
FRESH_S = 10.0
SHELF = Shelf[str]("text", str, Terms(FRESH_S, stale_s=30))
NEVER_EARLY = 1.0


class WithoutLeases(FakeFar):
    async def claim(self, name: str, lasts_s: float) -> Claim:
        return AWAY


@dataclass
class Source:
    """Slow: it answers once it may."""

    calls: int = 0
    may: asyncio.Event = field(default_factory=asyncio.Event)

    async def fetch(self, names: Sequence[str]) -> list[Fetched[str]]:
        self.calls += 1
        await self.may.wait()
        return [Fetched(f"{name} {self.calls}", ["tag"]) for name in names]


@dataclass
class Fleet:
    clock: FakeClock
    heard: list[Heard]
    caches: list[Cache]

    @classmethod
    def of(cls, far: FakeFar, clock: FakeClock) -> "Fleet":
        heard = [Heard(clock) for _ in range(PROCESSES)]
        stores = [Store(Near(), one, clock, lambda: NEVER_EARLY) for one in heard]
        caches = [
            Cache(store, Making(store, far, clock), Flights(), Uncounted()) for store in stores
        ]
        return cls(clock, heard, caches)

    def after(self, seconds: float) -> None:
        self.clock.advance(seconds)
        for one in self.heard:
            one.lives()

    async def read(self, source: Source, many: int) -> list[Outcome[str]]:
        reads = [
            cache.many(SHELF, Public(), ["page"], source.fetch, 60.0)
            for cache in self.caches
            for _ in range(many)
        ]
        return [outcome for [outcome] in await asyncio.gather(*reads)]


async def expired(far: type[FakeFar]) -> tuple[list[Outcome[str]], Source]:
    """What a herd finds behind the end, while the source has not answered yet."""
    clock, source = FakeClock(NOW), Source()
    fleet = Fleet.of(far(clock), clock)
    fleet.after(0)
    source.may.set()
    await fleet.read(source, 1)
    source.may.clear()
    source.calls = 0

    fleet.after(1.2 * FRESH_S)
    found = await asyncio.wait_for(fleet.read(source, READERS), 10)
    source.may.set()
    await asyncio.sleep(0.05)
    return found, source


async def test_nobody_waits_and_one_of_the_fleet_renews() -> None:
    found, source = await expired(FakeFar)

    assert [one.way for one in found if isinstance(one, Found)] == [Way.STALE] * len(found)
    assert source.calls == 1


async def test_without_the_lease_each_process_renews() -> None:
    _, source = await expired(WithoutLeases)

    assert source.calls == PROCESSES


async def test_a_cold_one_is_made_once_for_the_fleet() -> None:
    clock, source = FakeClock(NOW), Source()
    source.may.set()

    found = await Fleet.of(FakeFar(clock), clock).read(source, READERS)

    assert source.calls == 1
    assert {one.value for one in found if isinstance(one, Found)} == {"page 1"}
    assert len(found) == PROCESSES * READERS
