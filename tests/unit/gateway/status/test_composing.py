"""The status is made of the flags in force and of what others found out, sick or not."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from flags.change import Change
from flags.client import Flags
from flags.hold import Hold
from flags.names import CAPABILITIES, COURSE_READ, PROGRESS_READ
from flags.tenants import SIGN_IN_FILE
from gateway.status.composing import Composer
from gateway.status.part import PATIENCE_S
from gateway.status.sources import Compared
from services.contracts.status import CapabilityStatus, PlatformStatus, RouteMode
from services.kit.clock import FakeClock, SystemClock
from tests.fakes.status import DRILL, INCIDENT, THEN
from tests.fakes.status_sources import FakeFindings, fails, hangs

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
TENANT = "northfield"


@pytest.fixture
def flags(tmp_path: Path) -> Flags:
    return Flags(tmp_path)


def turned(flags: Flags, home: Path, capability: str, percent: int) -> None:
    Change(CAPABILITIES[capability], percent, None).applied(home)
    flags.refresh()


def of(status: PlatformStatus, name: str) -> CapabilityStatus:
    [found] = [one for one in status.capabilities if one.name == name]
    return found


async def test_it_names_every_capability_as_it_stands(flags: Flags, tmp_path: Path) -> None:
    turned(flags, tmp_path, "course.read", 25)
    turned(flags, tmp_path, "progress.read", 100)
    found = FakeFindings({"course.read": 0.0312345}, {"course.read": Compared(8_000, 2)})

    status = await Composer(flags, found.sources, FakeClock(NOW)).compose()

    assert [one.name for one in status.capabilities] == list(CAPABILITIES)
    one = of(status, "course.read")
    assert (one.mode, one.service_percent, one.owner) == (RouteMode.CANARY, 25.0, "learning")
    assert (one.error_ratio, one.mismatch_ratio, one.compared) == (0.0312, 0.00025, 8_000)
    assert of(status, "progress.read").mode is RouteMode.SERVICE
    assert of(status, "progress.write").service_percent == 0.0
    assert (one.rolled_back_at, one.reason) == (None, None)


async def test_what_is_held_says_since_when_and_why(flags: Flags, tmp_path: Path) -> None:
    turned(flags, tmp_path, "progress.read", 50)
    composer = Composer(flags, FakeFindings().sources, FakeClock(NOW))

    flags.hold({PROGRESS_READ.name: Hold(PROGRESS_READ.name, THEN, "31 % failed")})
    held = of(await composer.compose(), "progress.read")
    flags.hold({PROGRESS_READ.name: Hold(PROGRESS_READ.name, THEN, "31 % failed", percent=10)})
    tried = of(await composer.compose(), "progress.read")

    assert (held.mode, held.service_percent) == (RouteMode.ROLLED_BACK, 0.0)
    assert (held.rolled_back_at, held.reason) == (THEN, "31 % failed")
    assert (tried.mode, tried.service_percent) == (RouteMode.ROLLED_BACK, 5.0)


async def test_no_tenant_is_named(flags: Flags, tmp_path: Path) -> None:
    (tmp_path / SIGN_IN_FILE).write_text(json.dumps({TENANT: {}}))
    Change(COURSE_READ, 30, TENANT).applied(tmp_path)
    flags.refresh()

    status = await Composer(flags, FakeFindings().sources, FakeClock(NOW)).compose()

    assert of(status, "course.read").mode is RouteMode.CANARY
    assert TENANT not in str(status)


async def test_it_tells_incidents_the_drill_and_what_waits(flags: Flags) -> None:
    found = FakeFindings(recorded=[INCIDENT] * 30, drill=DRILL, age_s=1.5)

    status = await Composer(flags, found.sources, FakeClock(NOW)).compose()

    assert (len(status.incidents), status.last_drill, status.outbox_age_s) == (10, DRILL, 1.5)
    assert status.checked_at == NOW


@pytest.mark.parametrize("meets", [hangs, fails])
async def test_what_is_sick_stays_as_it_was_with_when_that_was(flags: Flags, meets: object) -> None:
    clock = FakeClock(NOW)
    found = FakeFindings(recorded=[INCIDENT], age_s=1.5, compared={"course.read": Compared(9, 1)})
    composer = Composer(flags, found.sources, clock)
    before = await composer.compose()

    found.meets = meets  # type: ignore[assignment]
    clock.advance(60)
    began_s = SystemClock().monotonic_s()
    after = await composer.compose()

    assert SystemClock().monotonic_s() - began_s < PATIENCE_S * 10
    assert after.incidents == before.incidents == [INCIDENT]
    assert of(after, "course.read").compared == 9
    assert after.checked_at == before.checked_at == NOW
    assert after.outbox_age_s is None


async def test_what_was_sick_is_told_anew(flags: Flags) -> None:
    clock, found = FakeClock(NOW), FakeFindings(age_s=1.5, meets=fails)
    composer = Composer(flags, found.sources, clock)
    clock.advance(60)
    await composer.compose()

    found.meets = None
    clock.advance(60)
    status = await composer.compose()

    assert (status.checked_at, status.outbox_age_s) == (NOW + timedelta(seconds=120), 1.5)


async def test_nobody_is_asked_more_often_than_they_like(flags: Flags) -> None:
    clock, found = FakeClock(NOW), FakeFindings()
    composer = Composer(flags, found.sources, clock)

    for _ in range(4):
        await composer.compose()
        clock.advance(1)

    assert found.asked.count("incidents") == 4
    assert found.asked.count("outbox") == 1
