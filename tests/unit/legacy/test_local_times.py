"""Local times become instants by the rules of their zone, also in the hours that clocks change."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from legacy.zones import to_local, to_utc
from services.contracts.errors import Refused
from tests.fakes.tenant import assessment_id
from tests.unit.legacy.old_monolith import OldMonolith, caller, json
from tests.unit.legacy.said import ASSESSMENT, ME

ZONES = [
    ("UTC", "2026-03-02 09:00:00", "2026-03-02T09:00:00Z"),
    ("Asia/Jakarta", "2026-03-02 00:00:00", "2026-03-01T17:00:00Z"),
    ("Asia/Kolkata", "2026-03-02 05:29:59", "2026-03-01T23:59:59Z"),
    ("Asia/Kathmandu", "2026-03-02 05:45:00", "2026-03-02T00:00:00Z"),
    ("America/Sao_Paulo", "2026-12-31 21:00:00", "2027-01-01T00:00:00Z"),
    ("Pacific/Kiritimati", "2026-03-02 13:59:59", "2026-03-01T23:59:59Z"),
    ("Europe/London", "2013-10-20 23:59:00", "2013-10-20T22:59:00Z"),
    ("Europe/London", "2013-11-24 23:59:00", "2013-11-24T23:59:00Z"),
    # Brazil kept summer time until 2019.
    ("America/Sao_Paulo", "2018-12-31 21:00:00", "2018-12-31T23:00:00Z"),
]
TWICE = [
    ("Europe/London", "2026-10-25 01:30:00", "2026-10-25T00:30:00Z"),
    ("America/New_York", "2026-11-01 01:30:00", "2026-11-01T05:30:00Z"),
    # Here the clocks go back by half an hour.
    ("Australia/Lord_Howe", "2026-04-05 01:45:00", "2026-04-04T14:45:00Z"),
]
NEVER = [
    ("Europe/London", "2026-03-29 01:30:00", "2026-03-29T01:30:00Z", "2026-03-29 02:30:00"),
    ("America/New_York", "2026-03-08 02:30:00", "2026-03-08T07:30:00Z", "2026-03-08 03:30:00"),
]


@pytest.mark.parametrize(("zone", "local", "instant"), ZONES)
def test_a_local_time_is_an_instant_there_and_back(zone: str, local: str, instant: str) -> None:
    found = to_utc(local, ZoneInfo(zone))

    assert found == datetime.fromisoformat(instant)
    assert found.tzinfo is UTC
    assert to_local(found, ZoneInfo(zone)) == local


@pytest.mark.parametrize(("zone", "local", "first"), TWICE)
def test_a_time_that_comes_twice_is_the_first_of_the_two(zone: str, local: str, first: str) -> None:
    found = to_utc(local, ZoneInfo(zone))

    assert found == datetime.fromisoformat(first)
    assert to_local(found, ZoneInfo(zone)) == local


@pytest.mark.parametrize(("zone", "local", "instant", "shown"), NEVER)
def test_a_time_that_clocks_skip_is_as_long_after_the_skip_began(
    zone: str, local: str, instant: str, shown: str
) -> None:
    found = to_utc(local, ZoneInfo(zone))

    assert found == datetime.fromisoformat(instant)
    assert to_local(found, ZoneInfo(zone)) == shown


@pytest.mark.parametrize("zone", ["Europe/London", "America/New_York", "Australia/Lord_Howe"])
def test_no_day_of_a_year_runs_backwards(zone: str) -> None:
    """Deadlines of two days never change places, whatever the clocks do between them."""
    midnight = datetime(2026, 1, 1)  # noqa: DTZ001
    days = [f"{midnight + timedelta(days=day):%Y-%m-%d} 23:59:00" for day in range(365)]

    instants = [to_utc(day, ZoneInfo(zone)) for day in days]

    assert instants == sorted(set(instants))


@pytest.mark.parametrize("zone", ["", "Mars/Olympus", "../../etc/passwd", "+07:00"])
async def test_an_unknown_zone_spoils_what_has_times_and_nothing_else(zone: str) -> None:
    old = OldMonolith()
    old.tells["/me"] = [json({**ME, "timezone": zone})]
    old.tells["/assessments/7"] = [json({**ASSESSMENT, "questions": []})]
    assessments = old.assessments()

    [definition] = await assessments.many(caller(), [assessment_id("acme", 7)])
    [items] = await assessments.items(caller(), [assessment_id("acme", 7)])

    assert isinstance(definition, Refused)
    assert items == []
