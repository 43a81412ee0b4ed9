"""Every capability is told once, and goes when it was to go."""

from dataclasses import replace
from datetime import date, timedelta

from flags.names import CAPABILITIES, COURSE_READ, overdue
from services.kit.clock import SystemClock


def test_no_capability_outlives_its_day() -> None:
    assert overdue(CAPABILITIES.values(), SystemClock().now().date()) == []


def test_a_capability_is_overdue_the_day_after() -> None:
    planted = replace(COURSE_READ, name="old.read", remove_by=date(2025, 3, 1))

    assert overdue([planted], planted.remove_by) == []
    assert overdue([planted, COURSE_READ], planted.remove_by + timedelta(days=1)) == [
        "old.read of learning was to be removed by 2025-03-01"
    ]


def test_each_has_an_owner_and_says_what_it_is() -> None:
    assert all(one.owner and one.what for one in CAPABILITIES.values())
    assert [one.name for one in CAPABILITIES.values()] == list(CAPABILITIES)
