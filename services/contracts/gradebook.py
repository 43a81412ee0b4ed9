"""The score of a course, made of what somebody made of its assessments, on whichever side."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal

from services.contracts.assessment import AttemptState, Score, ScoringPolicy
from services.contracts.kept import FINISHED, Scored, kept

EXACT = Context(prec=60, rounding=ROUND_HALF_EVEN)
PLACES = Decimal("0.0001")
NONE = Decimal(0)
OPEN = frozenset({AttemptState.IN_PROGRESS, AttemptState.OVERDUE})


@dataclass(frozen=True, slots=True)
class Entry:
    """An assessment and all that one learner tried of it; `weight` in percent.

    `is_over`: this learner can begin it no more. What was not tried by then counts as nothing.
    """

    weight: float
    policy: ScoringPolicy
    is_over: bool
    attempts: Sequence[Scored] = ()

    @property
    def waits(self) -> bool:
        """Something that was handed in is still to be judged."""
        return any(
            attempt.state in FINISHED and (attempt.score is None or attempt.score.provisional)
            for attempt in self.attempts
        )

    @property
    def is_missed(self) -> bool:
        """Nothing was made of it in time, and nothing is under way."""
        under_way = any(attempt.state in OPEN for attempt in self.attempts)
        return self.is_over and not under_way and not self.waits


@dataclass(frozen=True, slots=True)
class Part:
    """What an entry adds, in points of weight."""

    got: Decimal
    of: Decimal
    penalty: Decimal = NONE
    late: bool = False


def course_score(entries: Iterable[Entry]) -> Score | None:
    """In points of weight, of those assessments that count by now; None where none does.

    `scaled` is the mean of the assessments' own, each by its weight.
    """
    weighing = [entry for entry in entries if entry.weight > 0]
    parts = [part for part in map(_part, weighing) if part is not None]
    if not parts:
        return None
    return Score(
        raw=_sum(part.got for part in parts),
        max=_sum(part.of for part in parts),
        late=any(part.late for part in parts),
        penalty=_sum(part.penalty for part in parts),
        provisional=any(entry.waits for entry in weighing),
    )


def _part(entry: Entry) -> Part | None:
    weight, score = _decimal(entry.weight), kept(entry.policy, entry.attempts)
    if score is None:
        return Part(NONE, weight) if entry.is_missed else None
    if not score.max:
        return Part(NONE, weight, late=score.late)
    # No penalty takes more than there is.
    penalty = min(score.penalty, score.raw)
    got, lost = (_share(points, score.max, weight) for points in (score.raw, penalty))
    return Part(got, weight, lost, score.late)


def _share(points: float, most: float, weight: Decimal) -> Decimal:
    return EXACT.divide(EXACT.multiply(weight, _decimal(points)), _decimal(most))


def _decimal(number: float) -> Decimal:
    """As it is written, and not as the nearest binary number is."""
    return Decimal(repr(float(number)))


def _sum(numbers: Iterable[Decimal]) -> float:
    """Rounded once, at the end."""
    total = NONE
    for number in numbers:
        total = EXACT.add(total, number)
    return float(EXACT.quantize(total, PLACES))
