"""Compares the weighted score of a course with the result that was recorded as a word."""

from collections.abc import Sequence

from services.assessment.replay.archive import CourseLine, CoursePart
from services.assessment.replay.explained import Class, Explained
from services.assessment.replay.kept_verdict import Counted, KeptVerdict
from services.assessment.replay.rule import Rule
from services.contracts.assessment import AttemptState, Score, ScoringPolicy
from services.contracts.gradebook import Entry, course_score

PERCENT = 100.0


def judge_course(line: CourseLine, explained: Sequence[Explained]) -> KeptVerdict:
    """By the gradebook that serves courses; `ours` is in percent."""
    ours = _percent(line.parts)
    if ours is not None and line.least <= ours < line.below:
        return KeptVerdict(ours)
    for one in explained:
        explains = RULES.get(one.rule)
        if explains is not None and explains(line):
            return KeptVerdict(ours, one.counts_as, (one.quirk,))
    return KeptVerdict(ours, Class.UNEXPLAINED, (), (line.result,))


def _percent(parts: Sequence[CoursePart], withheld: float | None = None) -> float | None:
    """With a share for what is withheld, or without those parts at all."""
    counted = [part for part in parts if not part.withheld or withheld is not None]
    score = course_score([_entry(part, withheld) for part in counted])
    return None if score is None else round(score.scaled * PERCENT, 4)


def _entry(part: CoursePart, withheld: float | None) -> Entry:
    got = part.score if not part.withheld or withheld is None else part.most * withheld
    attempts = [] if got is None else [Counted(1, AttemptState.GRADED, Score(got, part.most))]
    return Entry(part.weight, ScoringPolicy.HIGHEST, is_over=True, attempts=attempts)


def _is_possible(line: CourseLine) -> bool:
    """Some marks that were not published give the result."""
    withheld = [part for part in line.parts if part.withheld]
    if not withheld:
        return False
    if line.least <= 0.0 and any(part.must_reach for part in withheld):
        return True
    worst, best = _percent(line.parts, 0.0), _percent(line.parts, 1.0)
    return worst is not None and best is not None and worst < line.below and best >= line.least


def _failed_a_part(line: CourseLine) -> bool:
    """Who failed what must be passed by itself has failed."""
    failed = any(
        part.must_reach is not None
        and not part.withheld
        and (part.score or 0.0) / part.most * PERCENT < part.must_reach
        for part in line.parts
    )
    return failed and line.least <= 0.0


RULES = {Rule.WITHHELD_MARKS: _is_possible, Rule.PART_TO_PASS: _failed_a_part}
