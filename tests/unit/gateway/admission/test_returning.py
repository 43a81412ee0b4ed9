"""Whoever is refused comes again one after the other, so that some are served meanwhile."""

from collections.abc import Callable

import pytest

from gateway.admission.priority import Priority
from gateway.admission.refusing import EXAM_AGAIN_S, Refusing
from gateway.admission.returning import LEAST_PER_S, LONGEST_S, TIMES, Returning
from gateway.admission.shares import Party
from services.kit.clock import FakeClock
from tests.fakes.tenant import NOW

HERO = "hero"


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(NOW)


@pytest.fixture
def returning(clock: FakeClock) -> Returning:
    return Returning(clock)


def test_of_a_class_each_has_a_moment_of_its_own(returning: Returning) -> None:
    told = [returning.after_s("acme", HERO) for _ in range(10)]

    assert told == pytest.approx([nth / LEAST_PER_S for nth in range(1, 11)])


def test_twice_as_many_come_again_as_are_served(returning: Returning, clock: FakeClock) -> None:
    for _ in range(200):
        returning.served()
    clock.advance(2)

    told = [returning.after_s("acme", HERO) for _ in range(10)]

    assert told[-1] == pytest.approx(10 / (TIMES * 100))


def test_who_is_of_another_class_does_not_stand_behind_them(returning: Returning) -> None:
    for _ in range(100):
        returning.after_s("acme", HERO)

    others = [returning.after_s(*other) for other in (("acme", "calm"), ("other", HERO))]

    assert others == pytest.approx([1 / LEAST_PER_S] * 2)


def test_nobody_is_sent_away_for_longer_than_a_moment(returning: Returning) -> None:
    assert max(returning.after_s("acme", HERO) for _ in range(10_000)) == LONGEST_S


def test_behind_them_it_is_as_before(returning: Returning, clock: FakeClock) -> None:
    for _ in range(10_000):
        returning.after_s("acme", HERO)
    clock.advance(LONGEST_S)

    assert returning.after_s("acme", HERO) == pytest.approx(1 / LEAST_PER_S)


def tries(
    told_s: Callable[[], float], clock: FakeClock, served_a_step: Callable[[int], None]
) -> int:
    """How often a herd of 2,000 is refused until all are served, 5 in each tenth of a second."""
    moments, refused = [0.0] * 2_000, 0
    for step in range(10_000):
        now_s = step / 10
        due = [at for at in moments if at <= now_s]
        moments = [at for at in moments if at > now_s] + [now_s + told_s() for _ in due[5:]]
        refused += len(due[5:])
        served_a_step(len(due[:5]))
        clock.advance(0.1)
        if not moments:
            break
    return refused


def test_a_herd_is_refused_a_few_times_and_not_a_hundred(
    returning: Returning, clock: FakeClock
) -> None:
    def served(many: int) -> None:
        for _ in range(many):
            returning.served()

    refused = tries(lambda: returning.after_s("acme", HERO), clock, served)
    without = tries(lambda: 0.5, FakeClock(NOW), lambda _: None)

    assert refused < 2_000 * 8
    assert without > 2_000 * 30


@pytest.mark.parametrize(
    ("priority", "longest_ms"),
    [(Priority.EXAM, EXAM_AGAIN_S * 1e3), (Priority.LIVE_CLASS, LONGEST_S * 1e3)],
)
def test_nobody_in_an_exam_is_sent_away_for_long(
    priority: Priority, longest_ms: float, clock: FakeClock
) -> None:
    refusing, herd = Refusing(clock, lambda: 0.0), Party("acme", HERO, "1")
    told = [refusing.busy(priority, herd).refusal.about["retryAfterMs"] for _ in range(1_000)]

    assert max(told) == longest_ms
