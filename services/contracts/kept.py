"""The score that counts of several attempts, made on whichever side."""

from collections.abc import Callable, Iterable
from statistics import fmean
from typing import Protocol

from services.contracts.assessment import AttemptState, Score, ScoringPolicy

FINISHED = frozenset({AttemptState.SUBMITTED, AttemptState.PENDING_REVIEW, AttemptState.GRADED})
PLACES = 4


class Scored(Protocol):
    """What counts of an attempt."""

    @property
    def number(self) -> int: ...

    @property
    def state(self) -> AttemptState: ...

    @property
    def score(self) -> Score | None: ...

    @property
    def preview(self) -> bool: ...


def kept(policy: ScoringPolicy, attempts: Iterable[Scored]) -> Score | None:
    """None as long as nothing has been scored."""
    counted = [
        (attempt.number, attempt.score)
        for attempt in attempts
        if attempt.state in FINISHED and not attempt.preview and attempt.score is not None
    ]
    scores = [score for _, score in sorted(counted, key=lambda one: one[0])]
    return POLICIES[policy](scores) if scores else None


def _highest(scores: list[Score]) -> Score:
    """The first of those that are equal."""
    return max(scores, key=lambda score: score.scaled)


def _first(scores: list[Score]) -> Score:
    return scores[0]


def _latest(scores: list[Score]) -> Score:
    return scores[-1]


def _average(scores: list[Score]) -> Score:
    """Shares are averaged: an edited assessment may have come to be worth other points."""
    most = scores[-1].max
    return Score(
        raw=_mean([score.raw / score.max if score.max else 0.0 for score in scores], most),
        max=most,
        late=any(score.late for score in scores),
        penalty=_mean([score.penalty / score.max if score.max else 0.0 for score in scores], most),
        provisional=any(score.provisional for score in scores),
    )


def _mean(shares: list[float], most: float) -> float:
    return round(fmean(shares) * most, PLACES)


POLICIES: dict[ScoringPolicy, Callable[[list[Score]], Score]] = {
    ScoringPolicy.HIGHEST: _highest,
    ScoringPolicy.LATEST: _latest,
    ScoringPolicy.FIRST: _first,
    ScoringPolicy.AVERAGE: _average,
}
