"""An entry is fresh, then stale, then for the worst, then nothing."""

import pytest

from gateway.cache.ages import JITTER, Age, Terms, age_of, may_be_early, refreshes_early, spread

TERMS = Terms(fresh_s=60, stale_s=30, error_s=600)


@pytest.mark.parametrize(
    ("age_s", "age"),
    [
        (0, Age.FRESH),
        (59.9, Age.FRESH),
        (60, Age.STALE),
        (89.9, Age.STALE),
        (90, Age.SPARE),
        (659.9, Age.SPARE),
        (660, Age.DEAD),
    ],
)
def test_it_ages_by_its_terms(age_s: float, age: Age) -> None:
    assert age_of(age_s, 60, TERMS) is age


def test_it_is_kept_for_as_long_as_it_may_serve() -> None:
    assert TERMS.all_s >= spread(60, 1.0) + 600


def test_the_spread_is_a_tenth_either_way() -> None:
    assert [spread(60, dice) for dice in (0, 0.5, 1)] == [
        60 * (1 - JITTER),
        60,
        60 * (1 + JITTER),
    ]


def test_it_is_renewed_early_the_likelier_the_nearer_its_end_and_the_dearer() -> None:
    assert refreshes_early(left_s=1, cost_s=1, dice=0.36)
    assert not refreshes_early(left_s=1, cost_s=1, dice=0.37)
    assert not refreshes_early(left_s=1, cost_s=1, dice=1)
    assert may_be_early(left_s=1, cost_s=1)
    assert not may_be_early(left_s=60, cost_s=1)
