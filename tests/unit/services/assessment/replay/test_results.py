"""The points that counted of several attempts are made again by the policy."""

import pytest
from msgspec.structs import replace

from services.assessment.replay.archive import AttemptLine
from services.assessment.replay.explained import Class
from services.assessment.replay.rule import Rule
from services.contracts.assessment import ScoringPolicy
from tests.unit.services.assessment.replay.made import THIRDS, chosen, sat, taken

FIRST = taken(1.0, chosen("a", "b", "c"))
SECOND = replace(taken(0.3333, chosen("a")), number=2)
ROUNDED = replace(taken(0.3, chosen("a")), number=2)
LATEST = replace(THIRDS, policy=ScoringPolicy.LATEST)

KEPT = {
    ScoringPolicy.HIGHEST: 1.0,
    ScoringPolicy.FIRST: 1.0,
    ScoringPolicy.LATEST: 0.3333,
    ScoringPolicy.AVERAGE: 0.6666,
}


def of(kept: float, policy: ScoringPolicy, second: AttemptLine = SECOND) -> dict[str, int]:
    return sat([FIRST, second], kept, replace(THIRDS, policy=policy)).results


@pytest.mark.parametrize("policy", ScoringPolicy)
def test_every_policy_gives_what_was_recorded(policy: ScoringPolicy) -> None:
    assert of(KEPT[policy], policy) == {Class.EXACT: 1}


def test_a_rounded_attempt_explains_a_rounded_result() -> None:
    assert of(0.3, ScoringPolicy.LATEST, ROUNDED) == {Class.ROUNDING: 1}
    assert of(0.65, ScoringPolicy.AVERAGE, ROUNDED) == {Class.ROUNDING: 1}


def test_a_result_is_unexplained_without_the_rule_of_its_attempts() -> None:
    tally = sat([FIRST, ROUNDED], 0.3, LATEST, without=Rule.ROUNDED_ITEMS)

    assert tally.results == {Class.UNEXPLAINED: 1}


def test_a_policy_of_before_an_edit_explains_a_result() -> None:
    was = replace(THIRDS, policy=ScoringPolicy.FIRST)
    now = replace(was, version=2, policy=ScoringPolicy.LATEST)

    tally = sat([FIRST, SECOND], 1.0, was, now)

    assert (tally.classes, tally.results) == ({Class.EXACT: 2}, {Class.POLICY: 1})
    assert tally.reasons == {Class.POLICY: {"result: NO_OLD_DEFINITIONS": 1}}


def test_a_result_by_another_policy_is_unexplained_and_says_which_it_fits() -> None:
    tally = sat([FIRST, SECOND], 0.3333, THIRDS)

    assert tally.unexplained == 1
    assert tally.reasons == {Class.UNEXPLAINED: {"result: result: as LATEST": 1}}


def test_a_result_that_fits_nothing_is_unexplained() -> None:
    assert of(0.5, ScoringPolicy.HIGHEST) == {Class.UNEXPLAINED: 1}
