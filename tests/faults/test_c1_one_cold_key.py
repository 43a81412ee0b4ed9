"""C1: thousands ask four processes for one cold page, and each thing on it is fetched once."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import pair, valkey
from tests.faults.herd import Herd, all_alike, gateways, most, slow_monolith
from tests.faults.registry import n
from tests.figures import Recorder
from tests.integration.monolith.school import School
from tests.stack import Stack

PROCESSES, SOCKETS = 4, 400
CALL_S = 0.2
NOWHERE = "redis://127.0.0.1:9"
FEW = 100
"""Each of them costs the monolith a call."""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("c1")


@pytest.fixture(scope="module")
def monolith(stack: Stack, home: Path) -> Iterator[pair.Server]:
    yield from slow_monolith(home, stack, CALL_S)


@pytest.fixture(scope="module")
def fleet(monolith: pair.Server, home: Path) -> Iterator[list[pair.Server]]:
    with valkey.server() as redis, gateways(home, monolith, redis.url, PROCESSES) as made:
        yield made


async def test_c1_of_thousands_one_goes_upstream(
    monolith: pair.Server, fleet: list[pair.Server], school: School, home: Path, figure: Recorder
) -> None:
    herd = Herd.of(home, school)
    await herd.signed_in(fleet)

    told = await herd.callers(fleet, n("C1"), SOCKETS)
    calls = herd.calls(monolith)

    figure("C1", upstream_calls=most(calls), errors=told.errors, callers=n("C1"))
    assert calls == dict.fromkeys(herd.paths, 1)
    assert (told.errors, all_alike(told.bodies)) == (0, True)


async def test_c1_fails_without_what_processes_share(
    monolith: pair.Server, school: School, home: Path, figure: Recorder
) -> None:
    herd = Herd.of(home, school)
    with gateways(home, monolith, NOWHERE, 2) as alone:
        await herd.signed_in(alone)
        told = await herd.callers(alone, FEW, FEW)

    figure("C1", upstream_calls_without_sharing=most(herd.calls(monolith)))
    assert told.errors == 0
    assert most(herd.calls(monolith)) > 1


async def test_c1_fails_without_the_cache(
    monolith: pair.Server, school: School, home: Path, figure: Recorder
) -> None:
    herd = Herd.of(home, school)
    with gateways(home, monolith, NOWHERE, 1, cache_mb="0") as naked:
        await herd.signed_in(naked)
        told = await herd.callers(naked, FEW, FEW)

    figure("C1", upstream_calls_without_the_cache=most(herd.calls(monolith)), of_callers=FEW)
    assert told.errors == 0
    assert most(herd.calls(monolith)) > 1
