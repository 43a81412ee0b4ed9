"""A tenant's zone is asked for once, and its local times are read strictly."""

import asyncio
from collections import Counter
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import msgspec
import pytest

from legacy.client import COOKIE, LegacyClient
from legacy.wire import Me
from legacy.zones import Zones, to_local, to_utc
from services.contracts.errors import UpstreamError, UpstreamUnreachable
from services.contracts.viewer import Viewer
from services.kit.caller import Caller
from services.kit.clock import FakeClock
from services.kit.deadline import Deadline
from services.kit.http import Call, Reply
from tests.fakes.tenant import NOW, OTHER, viewer

CLOCK = FakeClock(NOW)
JAKARTA = ZoneInfo("Asia/Jakarta")
BERLIN = ZoneInfo("Europe/Berlin")


class OldDoor:
    """Signs everybody in and says who they are; what it was asked is counted by path."""

    def __init__(self) -> None:
        self.asked: Counter[str] = Counter()
        self.breaks_for = ""
        """A user to whom it says nothing but errors."""

    async def send(self, call: Call, deadline: Deadline) -> Reply:
        path = urlsplit(call.url).path
        self.asked[path] += 1
        await asyncio.sleep(0)
        if path == "/login":
            user = parse_qs((call.body or b"").decode())["user"][0]
            return Reply(200, {"set-cookie": f"{COOKIE}={user}; Path=/"}, b"")
        if call.headers["cookie"] == f"{COOKIE}={self.breaks_for}":
            raise UpstreamUnreachable("legacy")
        me = Me(4, "Anna", "id", ["LEARNER"], JAKARTA.key)
        return Reply(200, {"content-type": "application/json"}, msgspec.json.encode(me))


@pytest.fixture
def door() -> OldDoor:
    return OldDoor()


@pytest.fixture
def zones(door: OldDoor) -> Zones:
    return Zones(LegacyClient(door, CLOCK, "http://monolith", "secret", budget_s=1))


def caller(who: Viewer) -> Caller:
    return Caller(who, Deadline.within(CLOCK, 1))


async def test_all_who_wait_in_one_request_ask_once(door: OldDoor, zones: Zones) -> None:
    anna = caller(viewer("acme"))

    found = await asyncio.gather(*(zones.of(anna) for _ in range(40)))

    assert set(found) == {JAKARTA}
    assert door.asked["/me"] == 1


async def test_a_known_zone_is_not_asked_for_again(door: OldDoor, zones: Zones) -> None:
    await zones.of(caller(viewer("acme")))

    await zones.of(caller(viewer("acme", OTHER)))

    assert door.asked["/me"] == 1


async def test_another_tenants_zone_is_asked_for(door: OldDoor, zones: Zones) -> None:
    await zones.of(caller(viewer("acme")))

    await zones.of(caller(viewer("other")))

    assert door.asked["/me"] == 2


async def test_a_failure_fails_those_who_waited_in_the_same_request_alone(
    door: OldDoor, zones: Zones
) -> None:
    door.breaks_for = "4"
    anna, ben = caller(viewer("acme")), caller(viewer("acme", OTHER))

    told = await asyncio.gather(zones.of(anna), zones.of(ben), return_exceptions=True)

    assert [type(one) for one in told] == [UpstreamUnreachable, ZoneInfo]


async def test_a_failure_is_told_and_the_next_asks_again(door: OldDoor, zones: Zones) -> None:
    anna = caller(viewer("acme"))
    door.breaks_for = "4"
    with pytest.raises(UpstreamError):
        await zones.of(anna)

    door.breaks_for = ""

    assert await zones.of(anna) == JAKARTA


async def test_whoever_began_to_ask_may_leave(door: OldDoor, zones: Zones) -> None:
    anna = caller(viewer("acme"))
    first = asyncio.create_task(zones.of(anna))
    second = asyncio.create_task(zones.of(anna))
    await asyncio.sleep(0)

    first.cancel()

    assert await second == JAKARTA


def test_of_an_hour_that_comes_twice_the_first_is_meant() -> None:
    twice = "2026-10-25 02:30:00"

    assert to_utc(twice, BERLIN) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_an_instant_comes_back_from_local_time() -> None:
    assert to_utc(to_local(NOW, JAKARTA), JAKARTA) == NOW


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "2026-03-01",
        "2026-03-01 09:00",
        "2026-03-01 09:00+05",
        "2026-03-01 09:00:00Z",
        "2026-03-01 09:00:00.5",
        "2026-02-30 09:00:00",
    ],
)
def test_what_is_no_local_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        to_utc(text, JAKARTA)
