"""When a timetable asks most of the platform."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from services.live_class.schedule import drawing
from services.live_class.schedule.peak import Peak, Sitting, peak

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)


def sitting(minutes: int, lasts: int, learners: int) -> Sitting:
    begins = NINE + timedelta(minutes=minutes)
    return Sitting(begins, begins + timedelta(minutes=lasts), learners)


def highest(*sittings: Sitting, zone: str = "UTC") -> Peak:
    found = peak(sittings, ZoneInfo(zone))
    assert found is not None
    return found


def test_what_begins_within_five_minutes_begins_together() -> None:
    found = highest(sitting(0, 50, 100), sitting(4, 50, 30), sitting(5, 50, 120))

    assert (found.beginning.at, found.beginning.classes) == (NINE, 2)
    assert found.beginning.learners == 130


def test_who_leaves_makes_room_before_who_comes() -> None:
    found = highest(sitting(0, 60, 100), sitting(60, 60, 90), sitting(90, 10, 20))

    assert found.at_once.learners == 110
    assert found.at_once.at == NINE + timedelta(minutes=90)


def test_the_busiest_day_is_the_one_on_the_wall() -> None:
    late = Sitting(datetime(2026, 3, 2, 20, tzinfo=UTC), datetime(2026, 3, 2, 21, tzinfo=UTC), 10)

    found = highest(late, zone="Asia/Kolkata")

    assert found.day == date(2026, 3, 3)
    assert [hour.at_once.learners for hour in found.hours][:4] == [0, 10, 10, 0]


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25)])
def test_a_day_whose_clock_is_moved_has_every_class_in_its_hours(day: date) -> None:
    berlin = ZoneInfo("Europe/Berlin")
    begin = datetime(day.year, day.month, day.day, tzinfo=berlin).astimezone(UTC)
    every_hour = [
        Sitting(begin + timedelta(hours=n), begin + timedelta(hours=n, minutes=50), 7)
        for n in range(23)
    ]

    found = peak([*every_hour, *every_hour], berlin)

    assert found is not None
    assert sum(hour.beginning.classes for hour in found.hours) == 46


def test_without_classes_there_is_no_peak() -> None:
    assert peak([], UTC) is None


def test_it_is_drawn_as_text() -> None:
    found = highest(sitting(0, 50, 1_000), sitting(60, 110, 250))

    assert drawing.said(found) == [
        "Most begins Mon 02 Mar 2026 at 09:00: 1 class, 1,000 learners within 5 minutes.",
        "Most are on at once Mon 02 Mar 2026 at 09:00: 1 class, 1,000 learners.",
    ]
    assert drawing.as_text(found) == [
        "Learners on at once, Monday 02 March 2026, by hour (UTC)",
        f"  09 {'█' * 40}   1,000  1 class, 1,000 learners begin",
        f"  10 {'█' * 10:<40}     250  1 class, 250 learners begin",
        f"  11 {'█' * 10:<40}     250",
    ]


def test_it_is_drawn_as_svg_with_a_bar_an_hour() -> None:
    drawn = drawing.as_svg(highest(sitting(0, 50, 1_000), sitting(60, 110, 250)))

    assert drawn.count("<rect") == 25
    assert 'height="220.0"' in drawn
    assert drawn.count('height="55.0"') == 2
    assert "Most begins" in drawn
