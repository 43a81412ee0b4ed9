"""C3: the primary of a key's slot is killed while a herd asks for it: each process asks once."""

import asyncio
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from redis.exceptions import RedisError

from gateway.cache.fetched import Fetched, Outcome
from gateway.cache.flights import Flights
from gateway.cache.owner import Public
from services.contracts.changes import STREAM
from services.kit.clock import SystemClock
from tests import pair, valkey
from tests.fakes.caches import TEXTS, cache_over
from tests.fakes.far import FakeFar
from tests.faults.herd import Herd, gateways, most, slow_monolith
from tests.faults.registry import n
from tests.figures import Recorder
from tests.integration.monolith.school import School
from tests.integration.monolith.waiting import until
from tests.stack import Stack

PROCESSES, AT_ONCE = 2, 200
CALL_S = 1.0
"""As long as there is a lease: on a busy machine looking for it takes its time."""
LEASES = "cache-lease:*"
NOTHING: Sequence[str] = ()


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("c3")


@pytest.fixture(scope="module")
def monolith(stack: Stack, home: Path) -> Iterator[pair.Server]:
    yield from slow_monolith(home, stack, CALL_S)


@pytest.fixture(scope="module")
def cluster(home: Path) -> Iterator[valkey.Cluster]:
    with valkey.cluster(home) as made:
        yield made


@pytest.fixture(scope="module")
def fleet(
    monolith: pair.Server, cluster: valkey.Cluster, home: Path
) -> Iterator[list[pair.Server]]:
    with gateways(home, monolith, cluster.url, PROCESSES) as made:
        yield made


async def holder(primaries: Sequence[valkey.Server]) -> valkey.Server:
    """Which of them has the herd's lease, once one of it has claimed it."""
    holders: list[valkey.Server] = []

    async def is_claimed() -> bool:
        holders[:] = [node for node in primaries if node.ask("KEYS", LEASES)]
        return bool(holders)

    await until(is_claimed, 30)
    return holders[0]


async def test_c3_each_process_asks_once_and_nothing_fails(
    monolith: pair.Server,
    cluster: valkey.Cluster,
    fleet: list[pair.Server],
    school: School,
    home: Path,
    figure: Recorder,
) -> None:
    herd = Herd.of(home, school)
    await herd.signed_in(fleet)

    primaries = cluster.primaries
    asking = asyncio.create_task(herd.callers(fleet, AT_ONCE, AT_ONCE))
    lost = await holder(primaries)
    lost.kill()
    amid = await asking
    calls = most(herd.calls(monolith))
    behind = await herd.callers(fleet, n("C3") - AT_ONCE, AT_ONCE)
    more = most(herd.calls(monolith)) - calls

    errors, doubts = amid.errors + behind.errors, await doubted(cluster)
    figure("C3", upstream_calls=calls, processes=PROCESSES, errors=errors, callers=n("C3"))
    figure("C3", more_calls_behind_the_failover=more, times_all_was_doubted=doubts)
    assert errors == 0
    assert calls <= PROCESSES
    assert more <= doubts + late(fleet)


def late(fleet: Sequence[pair.Server]) -> int:
    """How often one heard nothing for a while without a doubt: what it keeps it asks for again."""
    lines = [line for one in fleet for line in one.log.read_text().splitlines()]
    return sum("changes.unheard" in line and '"TimeoutError"' in line for line in lines)


async def doubted(cluster: valkey.Cluster) -> int:
    """How often processes said that everything may have changed: a failover may lose changes."""
    said = 0

    async def is_told() -> bool:
        nonlocal said
        try:
            said = int(cluster.holder(STREAM).ask("XLEN", STREAM))
        except RedisError:
            return False
        return True

    await until(is_told, 30)
    return said


async def upstream_calls(callers: int) -> int:
    """Of processes to whom Redis says nothing any more."""
    calls = 0

    async def fetch(names: Sequence[str]) -> list[Fetched[str]]:
        nonlocal calls
        calls += 1
        await asyncio.sleep(0.1)
        return [Fetched(name, NOTHING) for name in names]

    far, clock = FakeFar(SystemClock()), SystemClock()
    far.is_away = True
    fleet = [cache_over(far, clock) for _ in range(PROCESSES)]
    asks = [one.many(TEXTS, Public(), ["page"], fetch, 30.0) for one in fleet * callers]
    found: list[list[Outcome[str]]] = await asyncio.gather(*asks)
    assert len(found) == PROCESSES * callers
    return calls


async def test_c3_fails_without_flights(monkeypatch: pytest.MonkeyPatch, figure: Recorder) -> None:
    assert await upstream_calls(100) == PROCESSES
    monkeypatch.setattr(Flights, "get", lambda self, key: None)

    calls = await upstream_calls(100)

    figure("C3", upstream_calls_without_flights=calls, processes_without_flights=PROCESSES)
    assert calls > PROCESSES
