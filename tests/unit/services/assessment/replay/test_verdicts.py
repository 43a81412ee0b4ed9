"""Each kind of difference is explained by its quirk, and by nothing when that is not listed."""

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from services.assessment.replay.archive import AskedItem, AttemptLine, DefinitionLine
from services.assessment.replay.explained import Class
from services.assessment.replay.rule import Rule
from services.contracts.assessment import AttemptState, ItemKind, Response
from services.contracts.events import ItemKey
from tests.unit.services.assessment.replay.made import (
    ESSAY,
    NOON,
    NUMBER,
    THIRDS,
    chosen,
    judged,
    taken,
)

TWO_THIRDS = chosen("a", "b")
AFTER = NOON + timedelta(minutes=5)
OTHER_KEY = replace(THIRDS, version=2, keys=[ItemKey("q1", choices=["b", "c", "d"])])
SPRING = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)
TIMED = replace(
    THIRDS,
    closes_at=None,
    time_limit_s=3_600,
    timezone="Europe/London",
    items=[AskedItem("q1", ItemKind.MULTIPLE_CHOICE, 1.0, ["a", "b"])],
    keys=[ItemKey("q1", choices=["a", "b"])],
)


def in_the_night(saved_after_min: int) -> AttemptLine:
    """Fifty minutes of an hour, two hours by the clock on the wall."""
    return taken(
        1.0,
        chosen("a", "b"),
        late=True,
        started_at=SPRING,
        saved_at=SPRING + timedelta(minutes=saved_after_min),
        submitted_at=SPRING + timedelta(minutes=50),
    )


CASES: dict[Rule, tuple[AttemptLine, list[DefinitionLine], Class, str]] = {
    Rule.ROUNDED_ITEMS: (taken(0.7, TWO_THIRDS), [THIRDS], Class.ROUNDING, "FLOAT_SCORES"),
    Rule.FLOAT_DISTANCE: (
        taken(0.0, Response(number=0.8), max=2.0),
        [NUMBER],
        Class.TOLERANCE,
        "FLOAT_SCORES",
    ),
    Rule.EARLIER_DEFINITION: (
        taken(1.0, chosen("a", "b", "c")),
        [THIRDS, OTHER_KEY],
        Class.KEY_CHANGE,
        "NO_OLD_DEFINITIONS",
    ),
    Rule.LATE_TAKEN: (
        taken(1.0, chosen("a", "b", "c"), late=True, saved_at=AFTER, submitted_at=AFTER),
        [THIRDS],
        Class.POLICY,
        "LATE_IS_TAKEN",
    ),
    Rule.WALL_CLOCK: (
        in_the_night(saved_after_min=40),
        [replace(TIMED, rules=None)],
        Class.POLICY,
        "LATE_IS_TAKEN, WALL_CLOCK_LIMITS",
    ),
    Rule.NEVER_CLOSED: (
        taken(None, chosen("a"), state=AttemptState.IN_PROGRESS, submitted_at=None),
        [THIRDS],
        Class.POLICY,
        "NOTHING_CLOSES_BY_ITSELF",
    ),
    Rule.NO_PROVISIONAL: (
        taken(None, Response(text="Because."), max=5.0),
        [ESSAY],
        Class.POLICY,
        "NO_REVIEW_STATE",
    ),
    Rule.ANY_ANSWER: (
        taken(1.0, None, odd={"q1": ["a", "b", 7]}),
        [replace(THIRDS, keys=[ItemKey("q1", choices=["a", "b"])])],
        Class.MISSING_RESPONSE,
        "ANY_ANSWER_IS_KEPT",
    ),
    Rule.UNSCORED: (taken(None), [THIRDS], Class.MISSING_RESPONSE, "EMPTY_IS_UNSCORED"),
}


@pytest.mark.parametrize("rule", CASES)
def test_a_difference_is_explained_by_its_quirk(rule: Rule) -> None:
    line, definitions, counts_as, quirks = CASES[rule]

    verdict = judged(line, *definitions)

    assert (verdict.counts_as, ", ".join(verdict.why)) == (counts_as, quirks)


@pytest.mark.parametrize("rule", CASES)
def test_a_difference_is_unexplained_without_its_rule_on_the_list(rule: Rule) -> None:
    line, definitions, _, _ = CASES[rule]

    verdict = judged(line, *definitions, without=rule)

    assert (verdict.counts_as, verdict.why) == (Class.UNEXPLAINED, ())
    assert verdict.where


def test_what_was_recorded_exactly_is_exact() -> None:
    assert judged(taken(0.6667, TWO_THIRDS), THIRDS).counts_as is Class.EXACT


@pytest.mark.parametrize("score", [0.6, 0.66, 0.67, 0.8, 1.0])
def test_a_score_that_is_nearly_the_quirks_is_unexplained(score: float) -> None:
    verdict = judged(taken(score, TWO_THIRDS), THIRDS)

    assert (verdict.counts_as, verdict.where) == (Class.UNEXPLAINED, ("score",))


def test_several_quirks_explain_together_and_the_gravest_counts() -> None:
    late = taken(0.7, TWO_THIRDS, late=True, saved_at=AFTER, submitted_at=AFTER)

    verdict = judged(late, THIRDS)

    assert verdict.why == ("FLOAT_SCORES", "LATE_IS_TAKEN")
    assert verdict.counts_as is Class.POLICY


def test_the_wall_clock_explains_also_what_was_saved_before_it_was_moved() -> None:
    verdict = judged(in_the_night(saved_after_min=10), TIMED)

    assert verdict.why == ("LATE_IS_TAKEN", "WALL_CLOCK_LIMITS")


def test_what_was_left_open_with_nothing_in_it_is_a_missing_response() -> None:
    left = taken(None, state=AttemptState.IN_PROGRESS, submitted_at=None)

    verdict = judged(left, THIRDS)

    assert (verdict.counts_as, verdict.why) == (
        Class.MISSING_RESPONSE,
        ("NOTHING_CLOSES_BY_ITSELF",),
    )


def test_a_maximum_of_before_an_edit_is_explained_by_it() -> None:
    dearer = replace(
        THIRDS, version=2, items=[AskedItem("q1", ItemKind.MULTIPLE_CHOICE, 3.0, [*"abcd"])]
    )

    verdict = judged(taken(3.0, chosen("a", "b", "c"), max=1.0), THIRDS, dearer)

    assert (verdict.counts_as, verdict.why) == (Class.KEY_CHANGE, ("NO_OLD_DEFINITIONS",))


def test_a_key_that_never_was_explains_nothing() -> None:
    verdict = judged(taken(1.0, chosen("a", "d")), THIRDS, OTHER_KEY)

    assert verdict.counts_as is Class.UNEXPLAINED


def test_what_a_human_gave_stands() -> None:
    marked = taken(3.5, max=5.0, marks={"q1": 3.5})

    assert judged(marked, ESSAY).counts_as is Class.EXACT


def test_an_attempt_of_the_monoliths_arithmetic_is_finished_by_it() -> None:
    verdict = judged(taken(0.7, TWO_THIRDS, decimal=False), THIRDS)

    assert verdict.counts_as is Class.EXACT


def test_points_of_an_item_are_compared_where_they_were_recorded() -> None:
    verdict = judged(taken(0.6667, TWO_THIRDS, points={"q1": 0.5}), THIRDS)

    assert (verdict.counts_as, verdict.where) == (Class.UNEXPLAINED, ("points",))


def test_an_exam_that_nobody_closes_in_time_is_no_quirk_before_its_end() -> None:
    still_open = replace(THIRDS, closes_at=NOON + timedelta(days=90))
    running = taken(None, chosen("a"), state=AttemptState.IN_PROGRESS, submitted_at=None)

    assert judged(running, still_open).counts_as is Class.EXACT
