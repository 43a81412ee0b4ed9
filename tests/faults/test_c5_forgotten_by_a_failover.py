"""C5: a failover forgets entries, leases and what was said; nobody reads older than they have."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from random import Random

import pytest
from redis.asyncio import Redis

from gateway.cache import lane
from gateway.cache.following import Following
from gateway.cache.reading import CHANGES
from services.contracts.ids import TenantId, UserId
from services.contracts.viewer import Viewer
from services.kit.caller import Caller
from services.kit.deadline import Deadline
from services.kit.once import flight
from tests import valkey
from tests.faults.failing_over import (
    BUDGET_S,
    CLOCK,
    Gateway,
    Snapshot,
    Source,
    all_hear,
    gateway,
    tag,
)
from tests.faults.registry import n
from tests.figures import Recorder
from tests.integration.monolith.waiting import until

NAMES = [f"{nth}" for nth in range(25)]
VIEWERS = 20
SEED = 5


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine makes no entry out of reach."""
    monkeypatch.setattr(lane, "ANSWER_S", 2.0)
    monkeypatch.setattr(lane, "LONGEST_S", 5.0)


@pytest.fixture
def server() -> Iterator[valkey.Server]:
    with valkey.server() as made:
        yield made


@pytest.fixture
async def redis(server: valkey.Server) -> AsyncIterator[Redis]:
    async with Redis(port=server.port) as made:
        yield made


class Crowd:
    """Each viewer asks now this process and now that, and carries what they have seen."""

    def __init__(self, gateways: list[Gateway]) -> None:
        self.gateways = gateways
        self.reads = self.back = 0
        self._chance = Random(SEED)
        self._most: dict[tuple[int, str], int] = {}
        self._callers = [_caller(nth) for nth in range(VIEWERS)]

    async def reads_all(self, at: Gateway | None = None) -> None:
        for nth in range(VIEWERS):
            where = at or self._chance.choice(self.gateways)
            told, self._callers[nth] = await where.read(_now(self._callers[nth]), NAMES)
            self._judge(nth, told)

    def _judge(self, nth: int, told: list[int]) -> None:
        assert len(told) == len(NAMES)
        for name, value in zip(NAMES, told, strict=True):
            self.reads += 1
            self.back += value < self._most.get((nth, name), 0)
            self._most[nth, name] = max(value, self._most.get((nth, name), 0))


@pytest.mark.parametrize("cuts", [True, False], ids=["cut", "unseen"])
async def test_c5_nobody_reads_older_than_they_have_read(
    server: valkey.Server, redis: Redis, cuts: bool, figure: Recorder
) -> None:
    crowd = await failed_over(server, redis, n("C5"), cuts)

    figure("C5", reads=crowd.reads, gone_back=crowd.back)
    assert crowd.reads >= n("C5")
    assert crowd.back == 0


async def test_c5_a_lost_lease_costs_one_more_fetch(
    server: valkey.Server, redis: Redis, figure: Recorder
) -> None:
    source = Source()
    async with gateway(server.url, source) as one, gateway(server.url, source) as other:
        await said(one, [one, other])
        snapshot = await Snapshot.of(redis)
        source.answers.clear()
        first = [flight(one.read(_caller(0), ["1"]), "reader") for _ in range(50)]
        await until(lambda: has_fetched(source, 1))
        await snapshot.takes_over(cuts=False)
        then = [flight(at.read(_caller(1), ["1"]), "reader") for at in (one, other) * 50]
        await until(lambda: has_fetched(source, 2))
        source.answers.set()
        told = [values for values, _ in await asyncio.gather(*first, *then)]

    figure("C5", fetches_with_a_lost_lease=source.fetches["1"])
    assert told == [[0]] * 150
    assert source.fetches["1"] == 2


async def test_c5_fails_without_the_doubt(
    server: valkey.Server, redis: Redis, monkeypatch: pytest.MonkeyPatch, figure: Recorder
) -> None:
    """Whoever reads on where they were never hears what was lost."""
    monkeypatch.setattr(Following, "_doubt", trusts)
    monkeypatch.setattr(Following, "_take", trusting(Following._take))
    monkeypatch.setattr(Following, "_look_back", trusts)

    crowd = await failed_over(server, redis, 1_000, cuts=True)

    figure("C5", gone_back_without_the_doubt=crowd.back)
    assert crowd.back > 0


async def failed_over(server: valkey.Server, redis: Redis, reads: int, cuts: bool) -> Crowd:
    """In each round all changes, is read at one process, and is lost before the other hears it."""
    source = Source()
    async with gateway(server.url, source) as one, gateway(server.url, source) as other:
        crowd = Crowd([one, other])
        await said(one, [one, other])
        while crowd.reads < reads:
            await crowd.reads_all()
            snapshot = await Snapshot.of(redis)
            await other.hears_nothing()
            source.of.update(NAMES)
            await one.following.tell([tag(name) for name in NAMES])
            await crowd.reads_all(one)
            await snapshot.takes_over(cuts=cuts)
            other.hears()
            await crowd.reads_all(other)
            await said(one, [one, other])
            await crowd.reads_all()
    return crowd


async def has_fetched(source: Source, times: int) -> bool:
    return source.fetches["1"] == times


async def said(by: Gateway, gateways: list[Gateway]) -> None:
    """Something else, which all hear: whoever was cut is back then."""
    position = 0

    async def is_said() -> bool:
        nonlocal position
        position = await by.following.tell(["another:1"])
        return position > 0

    await until(is_said)
    await all_hear(gateways, position)


async def trusts(self: Following) -> None:
    self._was_cut = False


def trusting(take: Callable[[Following, str, list[str]], None]) -> Callable[..., None]:
    def takes(self: Following, id_: str, tags: list[str]) -> None:
        self._owed.clear()
        take(self, id_, tags)

    return takes


def _caller(nth: int) -> Caller:
    viewer = Viewer(TenantId("acme"), UserId(str(nth)), frozenset())
    return Caller(viewer, Deadline.within(CLOCK, BUDGET_S), seen={CHANGES: 0})


def _now(caller: Caller) -> Caller:
    return replace(caller, deadline=Deadline.within(CLOCK, BUDGET_S))
