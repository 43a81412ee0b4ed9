"""C2: whoever leads a flight hangs up, or their process is killed, and all others are answered."""

import asyncio
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace

import pytest

from bench.keep_alive import Connection
from gateway.cache import making, reading
from gateway.cache.fetched import Fetched, Found
from gateway.cache.key import Key, place_of
from gateway.cache.making import LEASE_S
from gateway.cache.owner import Public
from services.kit.clock import SystemClock
from tests import pair, valkey
from tests.fakes.caches import TEXTS, cache_over
from tests.fakes.far import FakeFar
from tests.faults.herd import Herd, Told, gateways, most, slow_monolith
from tests.faults.registry import n
from tests.figures import Recorder
from tests.integration.monolith.school import School
from tests.integration.monolith.waiting import until
from tests.stack import Stack

PROCESSES, SOCKETS = 3, 300
CALL_S = 0.6
NOISE_S = 3.0
"""What a busy machine may add."""
SHORT_S, LONG_S = 0.2, 60.0
EMPTY: Sequence[str] = ()


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("c2")


@pytest.fixture(scope="module")
def monolith(stack: Stack, home: Path) -> Iterator[pair.Server]:
    yield from slow_monolith(home, stack, CALL_S)


@pytest.fixture(scope="module")
def redis() -> Iterator[valkey.Server]:
    with valkey.server() as made:
        yield made


@pytest.fixture(scope="module")
def fleet(monolith: pair.Server, redis: valkey.Server, home: Path) -> Iterator[list[pair.Server]]:
    with gateways(home, monolith, redis.url, PROCESSES) as made:
        yield made


@pytest.fixture
async def herd(fleet: list[pair.Server], school: School, home: Path) -> Herd:
    made = Herd.of(home, school)
    await made.signed_in(fleet)
    return made


async def leads(gateway: pair.Server, herd: Herd, redis: valkey.Server) -> Connection:
    """Somebody who asked first, and whose process has the lease by now."""
    connection = await Connection.to(gateway.url.removeprefix("http://"))
    connection.writer.write(herd.page[0])

    async def is_leading() -> bool:
        return bool(redis.ask("KEYS", "cache-lease:*"))

    await until(is_leading)
    return connection


async def test_c2_the_leader_hangs_up_and_all_others_are_answered_by_one_fetch(
    monolith: pair.Server,
    fleet: list[pair.Server],
    redis: valkey.Server,
    herd: Herd,
    figure: Recorder,
) -> None:
    leader = await leads(fleet[0], herd, redis)
    asking = asyncio.create_task(herd.callers(fleet, n("C2") - 1, SOCKETS))
    leader.writer.transport.abort()
    told = await asking

    figure("C2", unanswered=told.errors, others=n("C2") - 1, calls=most(herd.calls(monolith)))
    assert told.errors == 0
    assert herd.calls(monolith) == dict.fromkeys(herd.paths, 1)


async def test_c2_the_leaders_process_is_killed_and_another_fetches_in_time(
    monolith: pair.Server,
    fleet: list[pair.Server],
    redis: valkey.Server,
    herd: Herd,
    figure: Recorder,
) -> None:
    """The lease of what was under way ends; a course, a zone and its quizzes are asked in turn."""
    doomed, *living = fleet

    leader = await leads(doomed, herd, redis)
    began_s = time.monotonic()
    asking = asyncio.create_task(herd.callers(living, SOCKETS, SOCKETS))
    doomed.process.kill()
    leader.writer.transport.abort()
    first: Told = await asking
    took_s = time.monotonic() - began_s
    others = await herd.callers(living, n("C2") - 1 - SOCKETS, SOCKETS)

    unanswered = first.errors + others.errors
    calls = most(herd.calls(monolith))
    figure("C2", unanswered_when_killed=unanswered, calls=calls, all_waited_s=round(took_s, 2))
    assert unanswered == 0
    assert calls <= 2
    assert took_s < LEASE_S + 3 * CALL_S + NOISE_S


async def others_answered(leader_leaves_after_s: float, others: int) -> int:
    """In one process, where the flight takes longer than the leader stays."""

    async def fetch(names: Sequence[str]) -> list[Fetched[str]]:
        await asyncio.sleep(3 * leader_leaves_after_s)
        return [Fetched(name, EMPTY) for name in names]

    cache = cache_over(FakeFar(SystemClock()), SystemClock())
    asks = [cache.many(TEXTS, Public(), ["page"], fetch, 10.0) for _ in range(1 + others)]
    leader, *rest = [asyncio.create_task(ask) for ask in asks]
    await asyncio.sleep(leader_leaves_after_s)
    leader.cancel()
    told = await asyncio.gather(*rest, return_exceptions=True)
    if broken := [one for one in told if isinstance(one, Exception)]:
        raise broken[0]
    return sum(not isinstance(one, asyncio.CancelledError) for one in told)


async def test_c2_fails_without_the_shield(
    monkeypatch: pytest.MonkeyPatch, figure: Recorder
) -> None:
    assert await others_answered(0.1, 999) == 999

    async def inline(landings: Sequence[asyncio.Future[object]]) -> None:
        """Whoever leaves takes along what they waited for."""
        await asyncio.gather(*landings)

    exposed = SimpleNamespace(timeout=asyncio.timeout, wait=inline)
    monkeypatch.setattr(reading, "asyncio", exposed)

    answered = await others_answered(0.1, 999)

    figure("C2", others_answered_without_the_shield=answered, of=999)
    assert answered < 999


async def test_c2_fails_without_an_end_of_the_lease(
    monkeypatch: pytest.MonkeyPatch, figure: Recorder
) -> None:
    monkeypatch.setattr(making, "LEASE_S", SHORT_S)
    assert await answered_after_a_death(SHORT_S)
    monkeypatch.setattr(making, "LEASE_S", LONG_S)

    answered = await answered_after_a_death(LONG_S)

    figure("C2", answered_in_time_without_an_end_of_the_lease=int(answered))
    assert not answered


async def answered_after_a_death(lease_s: float) -> bool:
    """Whether one of another process is, soon after the one with the lease has died."""
    far = FakeFar(SystemClock())
    await far.claim(place_of(Key(Public(), TEXTS.kind, "page").text), lease_s)

    async def fetch(names: Sequence[str]) -> list[Fetched[str]]:
        return [Fetched(name, EMPTY) for name in names]

    cache = cache_over(far, SystemClock())
    [outcome] = await cache.many(TEXTS, Public(), ["page"], fetch, LEASE_S)
    return isinstance(outcome, Found)
