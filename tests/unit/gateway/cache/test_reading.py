"""Whoever reads waits for one fetch at most, and is told nothing that a change has overtaken."""

import asyncio
from collections.abc import Sequence

import pytest

from gateway.cache.ages import Terms
from gateway.cache.counts import Read
from gateway.cache.envelope import seal
from gateway.cache.fetched import Fetched, Found, Item, Outcome
from gateway.cache.key import Key, place_of
from gateway.cache.making import LEASE_S
from gateway.cache.owner import Private, Tenant
from gateway.cache.shelf import Shelf
from gateway.cache.verdict import Way
from services.contracts.errors import FORBIDDEN, UpstreamTimeout, UpstreamUnreachable
from services.contracts.ids import TenantId
from services.kit.clock import FakeClock
from tests.fakes.cached import Process
from tests.fakes.far import FakeFar
from tests.fakes.tenant import NOW, viewer

SHELF = Shelf[str]("thing", str, Terms(fresh_s=60, stale_s=30, error_s=600))
OWNER = Tenant(TenantId("acme"))
ANNA = Private.of(viewer("acme"))
POSITION = 10


class Source:
    """Answers when it may, with what it is told to."""

    def __init__(self) -> None:
        self.asked: list[list[str]] = []
        self.may = asyncio.Event()
        self.may.set()
        self.says: Item[str] | Exception = Fetched("one", ["a"])

    async def fetch(self, names: Sequence[str]) -> list[Item[str]]:
        self.asked.append(list(names))
        says = self.says
        await self.may.wait()
        if isinstance(says, Exception):
            raise says
        return [says for _ in names]


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(NOW)


@pytest.fixture
def far(clock: FakeClock) -> FakeFar:
    return FakeFar(clock)


@pytest.fixture
def here(far: FakeFar, clock: FakeClock) -> Process:
    return Process(far, clock)


@pytest.fixture
def source() -> Source:
    return Source()


async def read(at: Process, source: Source, *names: str, most_s: float = 5.0) -> list[Outcome[str]]:
    return await at.cache.many(SHELF, OWNER, names or ["1"], source.fetch, most_s)


async def settled() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


def ways(outcomes: Sequence[Outcome[str]]) -> list[Way]:
    return [one.way for one in outcomes if isinstance(one, Found)]


async def test_many_names_are_one_fetch_and_then_hits(here: Process, source: Source) -> None:
    assert ways(await read(here, source, "1", "2", "1")) == [Way.MISS] * 3
    assert ways(await read(here, source, "1", "2")) == [Way.HIT] * 2
    assert source.asked == [["1", "2"]]


async def test_what_is_one_persons_alone_is_kept_for_all_processes_without_a_lease(
    here: Process, far: FakeFar, clock: FakeClock, source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    leased: list[str] = []
    monkeypatch.setattr(far, "claim", leased.append)

    for process in (here, Process(far, clock)):
        await process.cache.many(SHELF, ANNA, ["1"], source.fetch, 5.0)

    assert (source.asked, leased) == ([["1"]], [])


async def test_who_asks_meanwhile_shares_the_fetch(here: Process, source: Source) -> None:
    source.may.clear()
    asking = [asyncio.ensure_future(read(here, source)) for _ in range(3)]
    await settled()
    source.may.set()
    first, *others = await asyncio.gather(*asking)

    assert ways(first) == [Way.MISS]
    assert [ways(one) for one in others] == [[Way.COALESCED]] * 2
    assert len(source.asked) == 1


async def test_at_its_end_nobody_waits_and_one_renews_it(
    here: Process, source: Source, clock: FakeClock
) -> None:
    await read(here, source)
    clock.advance(70)
    here.heard.lives()
    source.may.clear()

    told = [await read(here, source) for _ in range(3)]

    assert [ways(one) for one in told] == [[Way.STALE]] * 3
    await settled()
    assert len(source.asked) == 2
    source.may.set()
    await settled()
    assert ways(await read(here, source)) == [Way.HIT]


async def test_what_was_refused_to_who_leads_is_asked_for_again(
    here: Process, source: Source
) -> None:
    source.may.clear()
    source.says = FORBIDDEN
    leading = asyncio.ensure_future(read(here, source))
    await settled()
    following = asyncio.ensure_future(read(here, source))
    await settled()
    source.says = Fetched("one", ["a"])
    source.may.set()

    assert await leading == [FORBIDDEN]
    assert ways(await following) == [Way.MISS]


async def test_what_is_for_who_asked_is_shared_with_nobody(here: Process, source: Source) -> None:
    source.says = Fetched("own", ["a"], is_kept=False)
    source.may.clear()
    asking = [asyncio.ensure_future(read(here, source)) for _ in range(2)]
    await settled()
    source.may.set()
    await asyncio.gather(*asking)

    assert len(source.asked) == 2


async def test_what_a_change_overtakes_is_looked_at_again(here: Process, source: Source) -> None:
    source.may.clear()
    asking = asyncio.ensure_future(read(here, source))
    await settled()
    here.heard.note(POSITION + 1, ["a"])
    source.says = Fetched("two", ["a"])
    source.may.set()

    [found] = await asking

    assert isinstance(found, Found)
    assert found.value == "two"
    assert here.tally.of[Read.FENCED] == 1


async def test_a_flight_that_still_puts_ends_not_the_next(
    here: Process, far: FakeFar, source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has landed, a change has overtaken it, and another is under way."""
    released, release = asyncio.Event(), far.release

    async def slow(name: str, token: str) -> None:
        source.may.clear()
        await release(name, token)
        await released.wait()

    monkeypatch.setattr(far, "release", slow)
    source.may.clear()
    asking = asyncio.ensure_future(read(here, source))
    await settled()
    here.heard.note(POSITION + 1, ["a"])
    source.may.set()
    await settled()
    released.set()
    await settled()
    source.may.set()

    assert ways(await asking) == [Way.MISS]


async def test_who_is_overtaken_again_and_again_asks_for_themselves(
    here: Process, source: Source
) -> None:
    position = POSITION

    async def fetch(names: Sequence[str]) -> list[Fetched[str]]:
        nonlocal position
        position += 1
        here.heard.note(position, ["a"])
        return [Fetched("one", ["a"]) for _ in names]

    assert ways(await here.cache.many(SHELF, OWNER, ["1"], fetch, 5)) == [Way.BYPASS]


async def test_who_waits_too_long_has_the_rest_and_harms_nobody(
    here: Process, source: Source
) -> None:
    await read(here, source, "kept")
    source.may.clear()
    patient = asyncio.ensure_future(read(here, source, "slow"))
    await settled()

    kept, slow, cold = await read(here, source, "kept", "slow", "cold", most_s=0.01)

    assert ways([kept]) == [Way.HIT]
    assert isinstance(slow, UpstreamTimeout)
    assert isinstance(cold, UpstreamTimeout)
    source.may.set()
    assert ways(await patient) == [Way.MISS]


@pytest.mark.parametrize("failure", [UpstreamTimeout("late"), ValueError("unforeseen")])
async def test_a_failure_is_told_and_not_kept(
    here: Process, source: Source, failure: Exception
) -> None:
    source.says = failure
    assert ways(await read(here, source)) == []

    source.says = Fetched("one", ["a"])
    assert ways(await read(here, source)) == [Way.MISS]


async def test_while_it_is_deaf_only_the_newest_is_served(
    here: Process, source: Source, clock: FakeClock
) -> None:
    await read(here, source)
    clock.advance(5)

    await read(here, source)

    assert len(source.asked) == 2


async def test_without_redis_each_process_keeps_its_own(
    here: Process, far: FakeFar, source: Source
) -> None:
    far.is_away = True

    assert ways(await read(here, source)) == [Way.MISS]
    assert ways(await read(here, source)) == [Way.HIT]


async def test_another_process_waits_and_takes_what_came(
    here: Process, far: FakeFar, clock: FakeClock, source: Source
) -> None:
    there = Process(far, clock)
    source.may.clear()
    asking = [asyncio.ensure_future(read(at, source)) for at in (here, there)]
    await settled()
    source.may.set()

    assert [ways(one) for one in await asyncio.gather(*asking)] == [[Way.MISS], [Way.COALESCED]]
    assert len(source.asked) == 1


async def test_where_the_holder_of_a_lease_dies_another_fetches(
    here: Process, far: FakeFar, clock: FakeClock, source: Source
) -> None:
    await far.claim(place_of(Key(OWNER, SHELF.kind, "1").text), LEASE_S)
    asking = asyncio.ensure_future(read(here, source))
    await settled()
    clock.advance(LEASE_S)

    assert ways(await asking) == [Way.MISS]


async def test_what_is_older_than_what_one_has_is_not_taken_back(
    here: Process, far: FakeFar, clock: FakeClock, source: Source
) -> None:
    """Of two as of one position, the one that was made first."""
    key = Key(OWNER, SHELF.kind, "1")
    old = here.store.keep(SHELF, key, Fetched("old", ["a"]), POSITION, 0)
    clock.advance(1)
    here.store.keep(SHELF, key, Fetched("new", ["a"]), POSITION, 0)
    assert old.entry is not None

    assert here.store.taken(SHELF, key, seal(old.entry)) is None


async def test_who_waits_when_all_ends_is_told_that_nothing_comes(
    here: Process, source: Source
) -> None:
    source.may.clear()
    asking = asyncio.ensure_future(read(here, source))
    await settled()

    await here.flights.close()

    [outcome] = await asking
    assert isinstance(outcome, UpstreamUnreachable)
