"""A budget is carved up, never extended."""

import asyncio
from datetime import UTC, datetime

import pytest

from services.kit.clock import FakeClock, SystemClock
from services.kit.deadline import Deadline


def clock() -> FakeClock:
    return FakeClock(datetime(2026, 3, 1, tzinfo=UTC))


def test_a_part_ends_no_later_than_the_whole() -> None:
    now = clock()
    whole = Deadline.within(now, 1.0)

    now.advance(0.8)

    assert whole.carve(0.5).left_s() == pytest.approx(0.2)
    assert whole.carve(0.1).left_s() == pytest.approx(0.1)


def test_a_spent_budget_has_nothing_left() -> None:
    now = clock()
    deadline = Deadline.within(now, 1.0)

    now.advance(5)

    assert deadline.left_s() == 0


async def test_waiting_ends_with_the_budget() -> None:
    deadline = Deadline.within(SystemClock(), 0.01)

    with pytest.raises(TimeoutError):
        async with deadline.guard():
            await asyncio.Event().wait()
