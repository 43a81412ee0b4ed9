"""Rates over a real Valkey: counted for all processes, fetched ahead, and alone without it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from itertools import count

import pytest
from redis.asyncio import Redis

from gateway.admission.rate_limit import AHEAD_S, ANSWER_S, BASE, BURST_S, HELD_S, Away, Rates, Take
from gateway.admission.tokens import RedisTokens
from services.contracts.ids import TenantId, UserId
from services.contracts.learning import Role
from services.contracts.viewer import Viewer
from services.kit.clock import FakeClock
from tests.fakes.tenant import NOW
from tests.integration.monolith.waiting import until
from tests.stack import Stack

NUMBERS = count(1)
RATE = 100.0
ONE = 90.0
"""With what each operation costs beside: a hundred."""


class Counted:
    """A store that says how often it was asked."""

    def __init__(self, store: RedisTokens) -> None:
        self.asked = 0
        self._store = store

    async def was_asked(self) -> bool:
        return self.asked == 1

    async def take(self, tenant: str, takes: list[Take]) -> list[float]:
        self.asked += 1
        return await self._store.take(tenant, takes)


class Silent:
    async def take(self, tenant: str, takes: list[Take]) -> list[float]:
        await asyncio.sleep(60)
        raise Away


@pytest.fixture
async def store(stack: Stack) -> AsyncIterator[Counted]:
    async with Redis.from_url(stack.redis) as redis:
        yield Counted(RedisTokens(redis))


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(NOW)


@pytest.fixture
def viewer() -> Viewer:
    tenant = TenantId(f"rates-{next(NUMBERS)}")
    return Viewer(tenant, UserId("4"), frozenset({Role.LEARNER}))


@asynccontextmanager
async def running(rates: Rates) -> AsyncIterator[Rates]:
    async with asyncio.TaskGroup() as tasks:
        work = tasks.create_task(rates.run())
        yield rates
        work.cancel()


async def spent(rates: Rates, viewer: Viewer, clock: FakeClock, times: int) -> int:
    """How often it may; what is wanted is fetched in between."""
    may = 0
    for _ in range(times):
        may += rates.spend(viewer, ONE, is_exam=False) is None
        clock.advance(0.11)
        await asyncio.sleep(0.02)
    return may


async def test_two_processes_have_one_bucket(
    store: Counted, clock: FakeClock, viewer: Viewer
) -> None:
    one, other = Rates(clock, RATE, 0, store), Rates(clock, RATE, 0, store)
    async with running(one), running(other):
        may = await spent(one, viewer, clock, 30) + await spent(other, viewer, clock, 30)

    # What is saved up, what each process may spend before it asks, and what came meanwhile.
    assert BURST_S < may < BURST_S + 2 * (AHEAD_S + 1) + 6


async def test_most_operations_ask_nobody(store: Counted, clock: FakeClock, viewer: Viewer) -> None:
    async with running(Rates(clock, 1_000.0, 100_000.0, store)) as rates:
        for _ in range(80):
            assert rates.spend(viewer, 0.0, is_exam=False) is None
            await asyncio.sleep(0)
    assert store.asked == 0

    async with running(rates):
        for _ in range(200):
            rates.spend(viewer, 0.0, is_exam=False)
        await until(store.was_asked)

    assert BASE * 280 > 1_000.0 * AHEAD_S


async def test_whoever_is_refused_may_again_when_told(
    store: Counted, clock: FakeClock, viewer: Viewer
) -> None:
    async with running(Rates(clock, RATE, 0, store)) as rates:
        while (denied := rates.spend(viewer, ONE, is_exam=False)) is None:
            clock.advance(0.11)
            await asyncio.sleep(0.01)

        assert 0 < denied.wait_s <= HELD_S
        assert not denied.is_tenant


class Deaf:
    """Answers in spite of being told to end, as a client library may."""

    def __init__(self) -> None:
        self.is_asked = asyncio.Event()

    async def take(self, tenant: str, takes: list[Take]) -> list[float]:
        self.is_asked.set()
        with suppress(asyncio.CancelledError):
            await asyncio.sleep(60)
        return [take.wanted for take in takes]


async def test_it_ends_though_its_store_did_not_heed_it(clock: FakeClock, viewer: Viewer) -> None:
    store = Deaf()
    rates = Rates(clock, RATE, 0, store)
    fetching = asyncio.create_task(rates.run())
    for _ in range(3):
        rates.spend(viewer, ONE, is_exam=False)
    await store.is_asked.wait()

    fetching.cancel()
    ended, _ = await asyncio.wait([fetching], timeout=5)

    assert ended == {fetching}


async def test_exams_go_on_where_their_tenant_has_nothing_left(
    clock: FakeClock, viewer: Viewer
) -> None:
    rates = Rates(clock, 0, RATE)
    while (denied := rates.spend(viewer, ONE, is_exam=False)) is None:
        pass

    assert denied.is_tenant
    assert rates.spend(viewer, ONE, is_exam=True) is None


@pytest.mark.parametrize("far", [None, Silent()])
async def test_without_redis_a_process_counts_by_itself(
    clock: FakeClock, viewer: Viewer, far: Silent | None
) -> None:
    async with running(Rates(clock, RATE, 0, far)) as rates:
        may = 0
        for _ in range(40):
            may += rates.spend(viewer, ONE, is_exam=False) is None
            await asyncio.sleep(ANSWER_S / 10)
        assert 2 <= may <= 2 * AHEAD_S + 2

        clock.advance(10.0)
        rates.spend(viewer, ONE, is_exam=False)
        await asyncio.sleep(2 * ANSWER_S)
        clock.advance(0.2)

        assert rates.spend(viewer, ONE, is_exam=False) is None


async def test_all_keys_of_a_call_are_of_one_slot(
    stack: Stack, store: Counted, clock: FakeClock, viewer: Viewer
) -> None:
    async with running(Rates(clock, RATE, RATE, store)) as rates, Redis.from_url(stack.redis) as at:
        await spent(rates, viewer, clock, 3)
        keys = [key async for key in at.scan_iter(f"rate:*{viewer.tenant}*")]
        slots = {await at.cluster("KEYSLOT", key) for key in keys}

    assert len(keys) == 2
    assert len(slots) == 1
