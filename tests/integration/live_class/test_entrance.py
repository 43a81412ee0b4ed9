"""Placement, quotas and slots of many at once, counted in a real Valkey for two processes."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from itertools import count, pairwise
from pathlib import Path

import pytest

from services.contracts.classroom import Quality
from services.kit.clock import SystemClock
from services.kit.redis import redis_of
from services.kit.settings import Settings
from services.live_class import aside
from services.live_class.aside import Aside
from services.live_class.entrance import loads
from services.live_class.entrance.entrance import Entrance
from services.live_class.entrance.slots import LONGEST_MS, Slots
from tests import valkey
from tests.figures import Recorder
from tests.integration.monolith.waiting import until

FILE = """
[[region]]
name = "{name}-west"
latitude = 53.3
longitude = -6.3
capacity = 60
urls = ["turn:west.example:3478"]
[[region]]
name = "{name}-east"
latitude = 50.1
longitude = 28.7
capacity = 1000
urls = ["turn:east.example:3478"]
"""
NAMES = count(1)
CLASS = "l42"


@pytest.fixture(scope="module")
def server() -> Iterator[valkey.Server]:
    with valkey.server() as one:
        yield one


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """The machine may be busy."""
    monkeypatch.setattr(aside, "ANSWER_S", 30.0)


@pytest.fixture
def name() -> str:
    """Of the regions and the tenant, which no other test has."""
    return f"t{next(NAMES)}"


@pytest.fixture
async def entrances(
    server: valkey.Server, name: str, tmp_path: Path
) -> AsyncIterator[list[Entrance]]:
    """Those of two processes."""
    (tmp_path / "turn.toml").write_text(FILE.format(name=name))
    settings = Settings(home=tmp_path, turn_file=str(tmp_path / "turn.toml"), turn_secret="north")
    redises, clock = [redis_of(server.url) for _ in range(2)], SystemClock()
    yield [Entrance.of(settings, Aside(redis, clock), clock) for redis in redises]
    for redis in redises:
        await redis.aclose()


async def test_a_class_that_comes_at_once_fills_the_near_region_and_then_goes_to_the_next(
    entrances: list[Entrance], name: str, monkeypatch: pytest.MonkeyPatch, figure: Recorder
) -> None:
    monkeypatch.setattr(loads, "KEPT_S", 0.0)

    regions = [
        (await entrances[user % 2].admit(name, CLASS, user, f"{name}-west")).turn_region
        for user in range(150)
    ]

    placed = Counter(regions)
    figure("entrance", near=placed[f"{name}-west"], next=placed[f"{name}-east"], room=60)
    assert placed == {f"{name}-west": 60, f"{name}-east": 90}


async def test_it_overfills_the_near_region_without_the_count_of_those_expected(
    entrances: list[Entrance], name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loads, "KEPT_S", 0.0)

    async def unheard(*_: object) -> None:
        """As where load is only what was reported."""

    monkeypatch.setattr(loads.Loads, "sent", unheard)
    regions = [
        (await entrances[user % 2].admit(name, CLASS, user, f"{name}-west")).turn_region
        for user in range(150)
    ]

    assert Counter(regions)[f"{name}-west"] == 150


async def test_whoever_repeats_a_join_has_what_they_had_and_takes_nothing_twice(
    entrances: list[Entrance], name: str
) -> None:
    first = await entrances[0].admit(name, CLASS, 7, f"{name}-west")
    again = [await each.admit(name, CLASS, 7, f"{name}-west") for each in entrances * 20]

    assert {one.turn_region for one in again} == {first.turn_region}
    await asyncio.sleep(loads.KEPT_S)
    assert (await entrances[0].loads.now())[f"{name}-west"].load == 1


async def test_one_person_has_relays_for_so_many_classes_and_for_more_when_they_leave_one(
    entrances: list[Entrance], name: str
) -> None:
    here = entrances[0]
    for nth in range(here.allotments.most):
        assert (await here.admit(name, f"l{nth}", 7, None)).ice_servers

    refused = await here.admit(name, "l99", 7, None)
    assert (refused.ice_servers, refused.turn_region) == ([], "")
    assert (await here.admit(name, "l0", 7, None)).ice_servers
    assert (await here.admit(name, "l99", 8, None)).ice_servers
    await here.depart(name, "l0", 7)
    assert (await here.admit(name, "l99", 7, None)).ice_servers


async def test_an_allotment_ends_by_itself(entrances: list[Entrance], name: str) -> None:
    await entrances[0].admit(name, CLASS, 7, None)

    redis = entrances[0].allotments.aside.redis
    for kind in ("ends", "held"):
        assert 0 < await redis.ttl(f"turn:{{{name}.7}}:{kind}") <= 3_600


async def test_who_suffers_weighs_in_the_next_placement(
    entrances: list[Entrance], name: str
) -> None:
    here, near = entrances[0], f"{name}-west"
    lossy = Quality(90, 40.0, 5, True, near)
    assert (await here.admit(name, CLASS, 1, near)).turn_region == near

    for user in range(20):
        await here.loads.heard(near, f"{name}:{CLASS}:{user}", lossy)

    async def is_passed_over() -> bool:
        return (await entrances[1].admit(name, CLASS, 900, None)).turn_region == f"{name}-east"

    await until(is_passed_over)
    standing = (await entrances[1].loads.now())[near]
    assert (standing.reports, standing.rtt_ms) == (20, 100.0)
    assert standing.loss_percent == pytest.approx(40.0)


async def test_one_person_counts_once_in_a_while_however_often_they_report(
    entrances: list[Entrance], name: str
) -> None:
    here, near = entrances[0], f"{name}-west"

    for _ in range(50):
        await here.loads.heard(near, "loud", Quality(5_000, 100.0, 5, True, near))
    await here.loads.heard(near, "other", Quality(20, 0.0, 5, False, near))
    await asyncio.sleep(loads.KEPT_S)

    standing = (await here.loads.now())[near]
    assert (standing.reports, standing.rtt_ms, standing.load) == (2, 25.0, 1)


async def test_what_is_said_of_a_region_that_is_none_is_not_kept(
    entrances: list[Entrance], server: valkey.Server
) -> None:
    before = server.ask("DBSIZE")

    await entrances[0].loads.heard("made-up", "w", Quality(5_000, 100.0, 5, True, "made-up"))

    assert server.ask("DBSIZE") == before


@pytest.fixture
async def slots(server: valkey.Server) -> AsyncIterator[list[Slots]]:
    redises = [redis_of(server.url) for _ in range(2)]
    yield [Slots(Aside(redis, SystemClock()), SystemClock(), 20) for redis in redises]
    for redis in redises:
        await redis.aclose()


async def test_those_who_come_at_once_begin_one_after_another(
    slots: list[Slots], name: str, figure: Recorder
) -> None:
    began_s = SystemClock().monotonic_s()
    waits = [await slots[user % 2].wait_ms(name, CLASS, user) for user in range(200)]
    took_ms = (SystemClock().monotonic_s() - began_s) * 1000

    # 50 ms apart, less what has gone by since the first came.
    starts = 199 * 50
    figure("slots", first_ms=waits[0], last_ms=waits[-1], asked_for=200)
    assert waits[0] == 0
    assert starts - took_ms - 50 <= waits[-1] <= starts
    assert all(wait >= 0 for wait in waits)


async def test_no_two_processes_give_the_same_slot(slots: list[Slots], name: str) -> None:
    async def begins_ms(user: int) -> float:
        wait_ms = await slots[user % 2].wait_ms(name, CLASS, user)
        return SystemClock().monotonic_s() * 1000 + wait_ms

    await begins_ms(1_000)
    kept = f"slot:{{{name}:{CLASS}}}:held"
    await asyncio.gather(*[begins_ms(user) for user in range(100)])
    held = sorted(map(float, (await slots[0].aside.redis.hvals(kept))))  # type: ignore[misc]

    apart = [later - sooner for sooner, later in pairwise(held)]
    assert min(apart) > 49.9


async def test_who_asks_again_keeps_the_slot(slots: list[Slots], name: str) -> None:
    for user in range(100):
        await slots[0].wait_ms(name, CLASS, user)
    first = await slots[0].wait_ms(name, CLASS, 100)

    again = [await each.wait_ms(name, CLASS, 100) for each in slots * 5]

    assert all(wait <= first for wait in again)
    assert await slots[0].wait_ms(name, CLASS, 101) <= first + 50


async def test_another_class_does_not_wait(slots: list[Slots], name: str) -> None:
    for user in range(100):
        await slots[0].wait_ms(name, CLASS, user)

    assert await slots[0].wait_ms(name, "l43", 1) == 0


async def test_nobody_waits_longer_than_half_a_minute(slots: list[Slots], name: str) -> None:
    waits = await asyncio.gather(*[slots[0].wait_ms(name, CLASS, u) for u in range(1_000)])

    assert max(waits) <= LONGEST_MS
    late = waits[700:]
    assert min(late) < LONGEST_MS * 0.2
    assert max(late) > LONGEST_MS * 0.8
