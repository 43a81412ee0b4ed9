"""The limit shrinks when operations slow down, grows while they do not, and forgets."""

import pytest

from gateway.admission.concurrency import (
    FORGOTTEN_S,
    LEAST,
    LEAST_WHILE_SICK,
    TOLERANCE,
    UNTRIED,
    WINDOW_S,
    WINDOW_SAMPLES,
    Limit,
    Pace,
)
from services.kit.clock import FakeClock
from tests.fakes.tenant import NOW


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(NOW)


def windows(limit: Limit, clock: FakeClock, number: int, slowdown: float, at_once: int) -> None:
    for _ in range(number * WINDOW_SAMPLES):
        limit.sample(slowdown, at_once, at_once, clock.monotonic_s())
        clock.advance(2 * WINDOW_S / WINDOW_SAMPLES)


def test_what_slows_down_while_all_is_used_shrinks_to_the_least(clock: FakeClock) -> None:
    limit = Limit(512)

    for _ in range(60):
        windows(limit, clock, 1, slowdown=8.0, at_once=int(limit.now))

    assert LEAST <= limit.now < 2 * LEAST


def test_room_that_nobody_used_is_not_believed_in_once_it_slows_down(clock: FakeClock) -> None:
    limit = Limit(512)

    windows(limit, clock, 1, slowdown=8.0, at_once=20)

    assert limit.now < 41


def test_nothing_grows_while_less_than_half_is_used(clock: FakeClock) -> None:
    limit = Limit(512)
    windows(limit, clock, 30, slowdown=8.0, at_once=20)
    small = limit.now

    windows(limit, clock, 30, slowdown=1.0, at_once=int(small / 2) - 1)
    unused = limit.now
    for _ in range(30):
        windows(limit, clock, 1, slowdown=1.0, at_once=int(limit.now))

    assert unused == small
    assert limit.now > small + 10


def test_a_little_slower_is_no_reason(clock: FakeClock) -> None:
    limit = Limit(64)

    windows(limit, clock, 50, slowdown=TOLERANCE - 0.1, at_once=64)

    assert limit.now == 64


def test_what_was_learned_is_forgotten_once_nothing_confirms_it(clock: FakeClock) -> None:
    limit = Limit(512)
    windows(limit, clock, 30, slowdown=8.0, at_once=20)

    clock.advance(FORGOTTEN_S + 1)
    windows(limit, clock, 1, slowdown=1.0, at_once=1)

    assert limit.now == 512


def test_it_settles_where_a_server_of_fixed_capacity_is_just_busy(clock: FakeClock) -> None:
    """Eight at once take 50 ms each; more than that wait for one another."""
    limit, pace = Limit(512), Pace()
    for _ in range(200):
        pace.slowdown(0.05, 1)

    for _ in range(400):
        running = int(limit.now)
        took_s = 0.05 * max(1.0, running / 8)
        for _ in range(WINDOW_SAMPLES):
            limit.sample(pace.slowdown(took_s, running), running, running, clock.monotonic_s())
            clock.advance(took_s / 8)

    assert LEAST <= limit.now <= 40


def test_the_usual_falls_faster_than_it_rises() -> None:
    rising, falling = Pace(0.1, 1_000), Pace(0.1, 1_000)

    for _ in range(100):
        rising.slowdown(0.15, 20)
        falling.slowdown(0.05, 20)

    assert rising.usual_s < 0.11
    assert falling.usual_s < 0.07


def test_each_operation_is_compared_with_itself() -> None:
    quick, slow = Pace(), Pace()
    for _ in range(10):
        quick.slowdown(0.001, 1)
        slow.slowdown(1.0, 1)

    assert quick.slowdown(0.001, 1) == pytest.approx(1.0)
    assert slow.slowdown(1.0, 1) == pytest.approx(1.0)


def test_a_few_milliseconds_of_the_loop_slow_nothing_down() -> None:
    quick, slow = Pace(0.001, 1_000), Pace(0.1, 1_000)

    assert quick.slowdown(0.006, 50) < TOLERANCE < quick.slowdown(0.02, 50)
    assert slow.slowdown(0.115, 50) < TOLERANCE < slow.slowdown(0.14, 50)


def test_an_overload_that_lasts_does_not_become_the_usual() -> None:
    among_many, alone = Pace(0.1, 1_000), Pace(0.1, 1_000)

    for _ in range(2_000):
        among_many.slowdown(0.5, 4 * LEAST)
        alone.slowdown(0.5, LEAST)

    assert among_many.usual_s == 0.1
    assert alone.usual_s == pytest.approx(0.5, rel=0.1)


def test_what_is_tried_doubles_while_it_slows_nothing_down(clock: FakeClock) -> None:
    limit = Limit(512)

    tried = [limit.tried]
    for _ in range(6):
        windows(limit, clock, 1, slowdown=1.0, at_once=int(limit.tried))
        tried.append(limit.tried)

    assert tried == [UNTRIED, 24, 48, 96, 192, 384, 512]


def test_what_few_used_lately_is_to_be_tried_again(clock: FakeClock) -> None:
    limit = Limit(512)
    for _ in range(6):
        windows(limit, clock, 1, slowdown=1.0, at_once=int(limit.tried))

    windows(limit, clock, 10, slowdown=1.0, at_once=2)

    assert (limit.tried, limit.now) == (UNTRIED, 512)


def test_a_hundred_that_are_slow_at_once_take_one_window_to_learn_from(clock: FakeClock) -> None:
    limit = Limit(512)

    windows(limit, clock, 1, slowdown=10.0, at_once=100)

    assert limit.now == pytest.approx(100 * TOLERANCE / 10)


def test_one_that_is_slow_among_others_says_nothing(clock: FakeClock) -> None:
    limit = Limit(512)

    for _ in range(10):
        limit.sample(50.0, 1, 1, clock.monotonic_s())
        windows(limit, clock, 1, slowdown=1.0, at_once=4)

    assert limit.now == 512


def test_failures_alone_shrink_it_only_so_far(clock: FakeClock) -> None:
    limit = Limit(512)

    for _ in range(600):
        limit.sample(8.0, int(limit.now), int(limit.now), clock.monotonic_s(), is_sick=True)
        clock.advance(WINDOW_S)

    assert limit.now == LEAST_WHILE_SICK
