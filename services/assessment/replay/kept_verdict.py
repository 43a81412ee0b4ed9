"""Compares the points that counted of several attempts with what was recorded of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import fmean

from services.assessment.replay.archive import AttemptLine, SittingLine
from services.assessment.replay.explained import Class, Explained, worst
from services.assessment.replay.known import Known
from services.assessment.replay.rule import Rule
from services.assessment.replay.verdict import Verdict
from services.contracts.assessment import AttemptState, Score, ScoringPolicy
from services.contracts.kept import PLACES, kept

Points = list[tuple[float, float]]
"""Of each attempt in order what it got, and of how many."""


@dataclass(frozen=True, slots=True)
class Counted:
    """What the policy asks of an attempt."""

    number: int
    state: AttemptState
    score: Score | None = None
    preview: bool = False


@dataclass(frozen=True, slots=True)
class KeptVerdict:
    """`ours` is None where nothing counts."""

    ours: float | None
    counts_as: Class = Class.EXACT
    why: tuple[str, ...] = ()
    where: tuple[str, ...] = ()


def judge_kept(
    sitting: SittingLine,
    verdicts: Sequence[Verdict],
    known: Known,
    earlier: Sequence[Known],
    explained: Sequence[Explained],
) -> KeptVerdict:
    """By the policy that serves results; explained by what explains its attempts, or by policy."""
    found = kept(known.line.policy, [_counted(verdict) for verdict in verdicts])
    ours = None if found is None else found.raw
    if ours == sitting.kept:
        return KeptVerdict(ours)
    listed = {one.rule: one for one in explained}
    recorded = _points(sitting.attempts)
    by_attempts = [verdict for verdict in verdicts if verdict.counts_as is not Class.EXACT]
    rounds = Rule.ROUNDED_ITEMS in listed
    follows = by_attempts and _is_kept(known.line.policy, recorded, sitting.kept, rounds)
    if follows and all(verdict.is_explained for verdict in by_attempts):
        quirks = {quirk for verdict in by_attempts for quirk in verdict.why}
        why = tuple(dict.fromkeys(one.quirk for one in explained if one.quirk in quirks))
        return KeptVerdict(ours, worst(verdict.counts_as for verdict in by_attempts), why)
    return _by_policy(sitting, known, earlier, listed, ours)


def _by_policy(
    sitting: SittingLine,
    known: Known,
    earlier: Sequence[Known],
    listed: dict[Rule, Explained],
    ours: float | None,
) -> KeptVerdict:
    points, rounds = _points(sitting.attempts), Rule.ROUNDED_ITEMS in listed
    if rounds and _is_kept(known.line.policy, points, sitting.kept, rounds):
        return KeptVerdict(ours, Class.ROUNDING, (listed[Rule.ROUNDED_ITEMS].quirk,))
    was = listed.get(Rule.EARLIER_DEFINITION)
    policies = {version.line.policy for version in earlier}
    if was and any(_is_kept(policy, points, sitting.kept, rounds) for policy in policies):
        return KeptVerdict(ours, Class.POLICY, (was.quirk,))
    fits = [p for p in ScoringPolicy if _is_kept(p, points, sitting.kept, rounds=False)]
    where = tuple(f"result: as {policy.value}" for policy in fits) or ("result",)
    return KeptVerdict(ours, Class.UNEXPLAINED, (), where)


def _is_kept(policy: ScoringPolicy, points: Points, recorded: float | None, rounds: bool) -> bool:
    if not points:
        return recorded is None
    exact = COUNTED[policy](points)
    return recorded == round(exact, PLACES) or (rounds and recorded == round(exact, 1))


def _points(attempts: Sequence[AttemptLine]) -> Points:
    in_order = sorted(attempts, key=lambda attempt: attempt.number)
    return [(one.score, one.max or 0.0) for one in in_order if one.score is not None]


def _average(points: Points) -> float:
    return fmean(got / of if of else 0.0 for got, of in points) * points[-1][1]


COUNTED: dict[ScoringPolicy, Callable[[Points], float]] = {
    ScoringPolicy.HIGHEST: lambda points: max(points, key=lambda p: p[0] / p[1] if p[1] else 0)[0],
    ScoringPolicy.LATEST: lambda points: points[-1][0],
    ScoringPolicy.FIRST: lambda points: points[0][0],
    ScoringPolicy.AVERAGE: _average,
}


def _counted(verdict: Verdict) -> Counted:
    outcome = verdict.outcome
    if outcome.score is None:
        return Counted(verdict.line.number, verdict.line.state)
    score = Score(outcome.score, outcome.max, outcome.late, outcome.penalty, outcome.waiting)
    return Counted(verdict.line.number, AttemptState.GRADED, score)
