"""Who has failed is left out for a while that doubles, and tried by one before by all."""

import pytest

from services.events.absence import LONGEST_S, Absence
from services.kit.clock import FakeClock
from tests.fakes.tenant import NOW


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(NOW)


@pytest.fixture
def absence(clock: FakeClock) -> Absence:
    return Absence(clock)


def test_the_present_are_asked_by_everybody(absence: Absence) -> None:
    assert [absence.may_try() for _ in range(3)] == [True, True, True]


def test_after_a_failure_nobody_asks_until_the_wait_is_over(
    absence: Absence, clock: FakeClock
) -> None:
    absence.begin(clock.monotonic_s())

    clock.advance(0.9)
    before = absence.may_try()
    clock.advance(0.2)

    assert (before, absence.may_try()) == (False, True)


def test_only_one_tries_when_the_wait_is_over(absence: Absence, clock: FakeClock) -> None:
    absence.begin(clock.monotonic_s())
    clock.advance(1.1)

    assert [absence.may_try() for _ in range(3)] == [True, False, False]


def test_whoever_answers_again_is_asked_by_everybody(absence: Absence, clock: FakeClock) -> None:
    absence.begin(clock.monotonic_s())
    clock.advance(1.1)

    absence.end(clock.monotonic_s())

    assert [absence.may_try() for _ in range(2)] == [True, True]


def test_each_failure_doubles_the_wait_up_to_its_longest(
    absence: Absence, clock: FakeClock
) -> None:
    assert [_wait_s(absence, clock) for _ in range(7)] == [1, 2, 4, 8, 16, LONGEST_S, LONGEST_S]


def test_those_who_fail_together_count_once(absence: Absence, clock: FakeClock) -> None:
    began_s = clock.monotonic_s()
    clock.advance(0.1)

    for _ in range(5):
        absence.begin(began_s)

    clock.advance(1.1)
    assert absence.may_try()


def test_an_answer_to_an_older_try_ends_no_absence(absence: Absence, clock: FakeClock) -> None:
    began_s = clock.monotonic_s()
    clock.advance(0.1)
    absence.begin(clock.monotonic_s())

    absence.end(began_s)

    assert not absence.may_try()


def _wait_s(absence: Absence, clock: FakeClock) -> float:
    """How long nobody asks after one more failure, in whole seconds."""
    absence.begin(clock.monotonic_s())
    waited_s = 0.0
    while not absence.may_try():
        clock.advance(1.0)
        waited_s += 1.0
    return waited_s
