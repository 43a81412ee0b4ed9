"""Which score counts of several, whichever side each was made on."""

from typing import Any

import pytest

from services.contracts.assessment import (
    Attempt,
    AttemptState,
    Score,
    ScoringPolicy,
    Source,
)
from services.contracts.ids import AssessmentId, AttemptId, CourseId, LearnerId
from services.contracts.kept import kept

S = AttemptState
P = ScoringPolicy


def attempt(
    number: int, score: Score | None, state: AttemptState = S.GRADED, **other: Any
) -> Attempt:
    return Attempt(
        AttemptId(str(number)),
        AssessmentId("a"),
        CourseId("c"),
        LearnerId("l"),
        number,
        state,
        None,
        None,
        None,
        score,
        **other,
    )


def scored(*scores: Score) -> list[Attempt]:
    """Graded ones, in order; those that are provisional wait."""
    return [
        attempt(number, score, S.PENDING_REVIEW if score.provisional else S.GRADED)
        for number, score in enumerate(scores, start=1)
    ]


LOW, HIGH, MIDDLE, HALF = Score(2.0, 10.0), Score(8.0, 10.0), Score(6.0, 10.0), Score(1.0, 2.0)
THREE = [attempt(2, HIGH, source=Source.LEGACY), attempt(1, LOW), attempt(3, MIDDLE)]
LATE = Score(9.0, 10.0, late=True, penalty=5.0)
WAITING = Score(9.0, 10.0, provisional=True)
UNREAD = attempt(2, None, S.PENDING_REVIEW)

TABLE: list[tuple[str, ScoringPolicy, list[Attempt], Score | None]] = [
    ("highest", P.HIGHEST, THREE, HIGH),
    ("latest", P.LATEST, THREE, MIDDLE),
    ("first", P.FIRST, THREE, LOW),
    ("average", P.AVERAGE, THREE, Score(5.3333, 10.0)),
    ("none", P.HIGHEST, [], None),
    ("none scored", P.AVERAGE, [UNREAD], None),
    ("none finished", P.LATEST, [attempt(1, HIGH, S.IN_PROGRESS)], None),
    ("the latest that is scored", P.LATEST, [attempt(1, LOW), UNREAD], LOW),
    ("voided", P.HIGHEST, [attempt(1, LOW), attempt(2, HIGH, S.INVALIDATED)], LOW),
    ("abandoned", P.LATEST, [attempt(1, LOW), attempt(2, None, S.ABANDONED)], LOW),
    ("preview", P.HIGHEST, [attempt(1, LOW), attempt(2, HIGH, preview=True)], LOW),
    ("banked", P.FIRST, [attempt(1, HIGH, banked=True), attempt(2, LOW)], HIGH),
    ("penalty counts", P.HIGHEST, scored(MIDDLE, LATE), MIDDLE),
    ("the first of equals", P.HIGHEST, scored(HIGH, Score(4.0, 5.0)), HIGH),
    ("shares count, not points", P.HIGHEST, scored(HALF, LOW), HALF),
    ("average of shares", P.AVERAGE, scored(HALF, Score(10.0, 10.0)), Score(7.5, 10.0)),
    ("average, penalties", P.AVERAGE, scored(MIDDLE, LATE), Score(7.5, 10.0, True, 2.5)),
    ("average, one waits", P.AVERAGE, scored(HIGH, WAITING), Score(8.5, 10.0, provisional=True)),
    ("one that waits", P.LATEST, scored(LOW, WAITING), WAITING),
    ("worth nothing", P.AVERAGE, scored(Score(0.0, 0.0)), Score(0.0, 0.0)),
]


@pytest.mark.parametrize(
    ("policy", "attempts", "expected"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE]
)
def test_the_policy_says_which_score_counts(
    policy: ScoringPolicy, attempts: list[Attempt], expected: Score | None
) -> None:
    assert kept(policy, attempts) == expected
