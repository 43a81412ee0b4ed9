"""What a service may fail at, and what is more than that and more than chance."""

import math
from dataclasses import replace
from itertools import pairwise
from random import Random

import pytest

from flags.budget import Budget, Window, chance
from flags.health import NOTHING, Counts
from flags.names import CAPABILITIES, Bears, Capability

BUDGET = Budget()


def of_calls(calls: int, failed: int) -> Counts:
    return Counts(calls=calls, failed=failed)


def told(counts: Counts) -> str | None:
    return BUDGET.sickness(Window(counts, 10), Window(NOTHING, 60))


@pytest.mark.parametrize(("calls", "failed"), [(5, 5), (25, 5), (50, 10), (1_000, 200)])
def test_a_fifth_that_fails_is_sick(calls: int, failed: int) -> None:
    assert told(of_calls(calls, failed)) == (f"{failed} of {calls} calls failed in 10 s, 5 % may")


@pytest.mark.parametrize(
    ("calls", "failed"), [(0, 0), (4, 4), (1, 1), (100, 5), (100, 8), (10_000, 500), (10_000, 10)]
)
def test_few_and_what_may_be_chance_is_not(calls: int, failed: int) -> None:
    assert told(of_calls(calls, failed)) is None


def test_what_the_last_minute_shows_counts_where_little_is_asked() -> None:
    windows = Window(of_calls(4, 2), 10), Window(of_calls(24, 6), 60)

    assert BUDGET.sickness(*windows) == "6 of 24 calls failed in 60 s, 5 % may"


def test_most_calls_being_slow_is_sick() -> None:
    assert told(Counts(calls=100, slow=70)) == "70 of 100 calls were slow in 10 s, 50 % may"
    assert told(Counts(calls=100, slow=55)) is None


def test_answers_that_differ_are_sick() -> None:
    counts = Counts(compared=200, differing=9)

    assert told(counts) == "9 of 200 answers differed in 10 s, 1 % may"
    assert told(Counts(compared=200, differing=4)) is None


def test_chance_is_the_binomial_distributions() -> None:
    for of, share in [(5, 0.05), (40, 0.05), (300, 0.01), (60, 0.5)]:
        each = [math.comb(of, k) * share**k * (1 - share) ** (of - k) for k in range(of + 1)]
        for bad in range(math.floor(of * share) + 1, of + 1):
            assert chance(bad, of, share) == pytest.approx(sum(each[bad:]), rel=1e-6)


def test_chance_of_many_is_told_at_once_and_falls() -> None:
    told = [chance(bad, 2_000_000, 0.05) for bad in range(99_000, 103_000, 100)]

    assert all(one >= next_ for one, next_ in pairwise(told))
    assert told[0] == 1.0
    assert told[-1] < 1e-6


def test_a_service_within_its_budget_is_seldom_thought_sick() -> None:
    dice = Random(7)
    looks = [of_calls(200, sum(dice.random() < 0.04 for _ in range(200))) for _ in range(2_000)]

    assert sum(told(one) is not None for one in looks) < 2_000 * 0.01


def test_a_capability_bears_less_where_it_says_so_and_as_much_as_any_elsewhere() -> None:
    counts = of_calls(1_000, 40)
    own = BUDGET.of(Bears(errors=0.02))

    assert told(counts) is None
    assert own.sickness(Window(counts, 10)) == "40 of 1000 calls failed in 10 s, 2 % may"
    assert own == replace(BUDGET, errors=0.02)
    assert BUDGET.of(Bears()) == BUDGET


@pytest.mark.parametrize("capability", CAPABILITIES.values(), ids=CAPABILITIES)
def test_no_capability_bears_more_than_any(capability: Capability) -> None:
    own = BUDGET.of(capability.bears)

    assert 0 < own.errors <= BUDGET.errors
    assert 0 < own.slow <= BUDGET.slow
    assert 0 < own.mismatches <= BUDGET.mismatches
