"""Who fails again and again is left alone, tried once a rest, and used when it is back."""

import pytest

from gateway.cache.breaker import FAILURES, REST_S, Breaker
from services.kit.clock import FakeClock
from tests.fakes.tenant import NOW


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(NOW)


@pytest.fixture
def open_(clock: FakeClock) -> Breaker:
    """It has just failed too often."""
    breaker = Breaker(clock)
    for _ in range(FAILURES):
        breaker.failed()
    return breaker


def test_some_failures_are_nothing(clock: FakeClock) -> None:
    breaker = Breaker(clock)
    for _ in range(FAILURES - 1):
        breaker.failed()

    assert breaker.lets_through()
    assert not breaker.rests


def test_failures_count_only_in_a_row(clock: FakeClock) -> None:
    breaker = Breaker(clock)
    for _ in range(3 * FAILURES):
        breaker.failed()
        breaker.worked()

    assert breaker.lets_through()


def test_too_many_of_them_and_nobody_gets_through(open_: Breaker, clock: FakeClock) -> None:
    clock.advance(REST_S - 0.01)

    assert not open_.lets_through()


def test_after_a_rest_one_question_gets_through(open_: Breaker, clock: FakeClock) -> None:
    clock.advance(REST_S)

    assert [open_.lets_through() for _ in range(3)] == [True, False, False]


def test_an_answer_lets_everybody_through(open_: Breaker, clock: FakeClock) -> None:
    clock.advance(REST_S)
    assert open_.lets_through()
    open_.worked()

    assert all(open_.lets_through() for _ in range(3))


def test_one_more_failure_is_one_more_rest(open_: Breaker, clock: FakeClock) -> None:
    clock.advance(REST_S)
    assert open_.lets_through()
    clock.advance(REST_S / 2)
    open_.failed()
    clock.advance(REST_S - 0.01)

    assert not open_.lets_through()
    clock.advance(0.01)
    assert open_.lets_through()


def test_a_question_that_never_says_how_it_went_is_followed_by_another(
    open_: Breaker, clock: FakeClock
) -> None:
    clock.advance(REST_S)
    assert open_.lets_through()
    clock.advance(REST_S)

    assert open_.lets_through()
