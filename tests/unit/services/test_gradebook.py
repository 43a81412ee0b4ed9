"""What somebody has in a course: of what counts by now, each assessment by its weight."""

from dataclasses import dataclass

import pytest

from services.contracts.assessment import AttemptState, Score, ScoringPolicy
from services.contracts.gradebook import Entry, course_score

HIGHEST, LATEST = ScoringPolicy.HIGHEST, ScoringPolicy.LATEST


@dataclass(frozen=True, slots=True)
class Tried:
    score: Score | None
    number: int = 1
    state: AttemptState = AttemptState.GRADED
    preview: bool = False


def entry(*tried: Tried, weight: float = 10.0, is_over: bool = False) -> Entry:
    return Entry(weight, HIGHEST, is_over, tried)


def got(raw: float, of: float = 10.0, **more: float | bool) -> Tried:
    return Tried(Score(raw, of, **more))  # type: ignore[arg-type]


def test_each_assessment_counts_by_its_weight() -> None:
    found = course_score([entry(got(5.0), weight=30.0), entry(got(10.0), weight=10.0)])

    assert found == Score(raw=25.0, max=40.0)
    assert found.scaled == 0.625


def test_what_was_not_handed_in_before_it_closed_counts_as_nothing() -> None:
    found = course_score([entry(got(10.0)), entry(is_over=True)])

    assert found == Score(raw=10.0, max=20.0)


def test_what_may_still_be_handed_in_does_not_count() -> None:
    assert course_score([entry(got(10.0)), entry()]) == Score(raw=10.0, max=10.0)


def test_what_is_under_way_when_it_closes_does_not_count_as_nothing() -> None:
    under_way = Tried(None, state=AttemptState.IN_PROGRESS)

    assert course_score([entry(got(10.0)), entry(under_way, is_over=True)]) == Score(10.0, 10.0)


def test_as_long_as_nothing_counts_there_is_no_score() -> None:
    assert course_score([]) is None
    assert course_score([entry(), entry(got(5.0), weight=0.0)]) is None


def test_the_policy_says_which_attempt_counts() -> None:
    tried = [Tried(Score(9.0, 10.0), 1), Tried(Score(3.0, 10.0), 2)]

    highest = course_score([Entry(10.0, HIGHEST, False, tried)])
    latest = course_score([Entry(10.0, LATEST, False, tried)])

    assert (highest, latest) == (Score(9.0, 10.0), Score(3.0, 10.0))


@pytest.mark.parametrize("state", [AttemptState.INVALIDATED, AttemptState.ABANDONED])
def test_what_was_voided_is_as_if_it_had_never_been(state: AttemptState) -> None:
    voided = Tried(Score(10.0, 10.0), state=state)

    assert course_score([entry(voided)]) is None
    assert course_score([entry(voided, is_over=True)]) == Score(0.0, 10.0)


def test_a_preview_never_counts() -> None:
    assert course_score([entry(Tried(Score(10.0, 10.0), preview=True))]) is None


@pytest.mark.parametrize(
    "waiting",
    [Tried(None, state=AttemptState.PENDING_REVIEW), got(2.0, provisional=True)],
    ids=["it has no score yet", "its score may change"],
)
def test_what_waits_for_a_human_makes_it_provisional(waiting: Tried) -> None:
    found = course_score([entry(got(10.0)), entry(waiting, is_over=True)])

    assert found is not None
    assert found.provisional


def test_penalties_are_taken_off_by_weight_and_never_below_nothing() -> None:
    found = course_score(
        [
            entry(got(8.0, penalty=2.0, late=True), weight=50.0),
            entry(got(1.0, penalty=5.0, late=True), weight=50.0),
        ]
    )

    assert found == Score(raw=45.0, max=100.0, late=True, penalty=15.0)
    assert found.scaled == 0.3


def test_thirds_add_up_since_nothing_is_rounded_before_the_end() -> None:
    thirds = [entry(got(1.0, of=3.0), weight=0.1) for _ in range(3)]

    assert course_score(thirds) == Score(raw=0.1, max=0.3)


def test_floats_would_not_add_up() -> None:
    assert 0.1 + 0.1 + 0.1 != 0.3


def test_an_assessment_without_points_gives_nothing_of_its_weight() -> None:
    assert course_score([entry(got(0.0, of=0.0))]) == Score(0.0, 10.0)
