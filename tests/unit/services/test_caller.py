"""How long a request has been under way is measured by one monotonic clock, from the door on."""

from datetime import timedelta

import pytest

from services.kit.caller import Caller
from services.kit.clock import FakeClock
from services.kit.deadline import Deadline
from tests.fakes.tenant import NOW, viewer


@pytest.mark.parametrize(("received_s", "waited_ms"), [(None, 0), (0.0, 1_250), (1.25, 0)])
def test_a_caller_knows_how_long_they_have_waited(received_s: float | None, waited_ms: int) -> None:
    clock = FakeClock(NOW)
    caller = Caller(viewer("acme"), Deadline.within(clock, 5.0), received_s)

    clock.advance(1.25)

    assert caller.waited_ms() == waited_ms


def test_a_wall_clock_that_is_wrong_changes_no_waiting() -> None:
    right, ahead = FakeClock(NOW), FakeClock(NOW + timedelta(minutes=5))

    callers = [Caller(viewer("acme"), Deadline.within(clock, 5.0), 0.0) for clock in (right, ahead)]

    assert [caller.waited_ms() for caller in callers] == [0, 0]
