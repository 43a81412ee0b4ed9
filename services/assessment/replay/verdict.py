"""Compares an attempt's outcome with what was recorded, and explains it or says that it cannot."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations

from services.assessment.replay.archive import AttemptLine
from services.assessment.replay.explained import Class, Explained, worst
from services.assessment.replay.known import Definitions, Known
from services.assessment.replay.matters import can_matter
from services.assessment.replay.outcome import Outcome, outcome_of
from services.assessment.replay.rule import Rule
from services.assessment.replay.second_opinion import Case, Rules

Taken = tuple[Explained, ...]
EXACT: Rules = frozenset()
AS_MONOLITH: Rules = frozenset({Rule.ROUNDED_ITEMS, Rule.FLOAT_DISTANCE})


@dataclass(frozen=True, slots=True)
class Verdict:
    """`why` are the quirks that explain it; `where` says what is wrong where nothing does.

    `kinds` are those of the items that are worth something else than was recorded, or ought to be.
    """

    line: AttemptLine
    outcome: Outcome
    counts_as: Class = Class.EXACT
    why: tuple[str, ...] = ()
    where: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()

    @property
    def is_explained(self) -> bool:
        return self.counts_as is not Class.UNEXPLAINED


@dataclass(frozen=True, slots=True)
class Judge:
    """Judges attempts of an archive that was made `at`, by the explained-list."""

    definitions: Definitions
    at: datetime
    explained: Sequence[Explained]

    def judge(self, assessment: str, line: AttemptLine) -> Verdict:
        known = self.definitions.of(assessment, line.version)
        outcome = outcome_of(line, known, self.at)
        if not differing(line, outcome):
            return Verdict(line, outcome)
        case = Case(line, self.at)
        ought = case.reckon(_base(line), known, known)
        if outcome != ought:
            where = tuple(_wrong(known, outcome, ought))
            return self._unexplained(line, known, outcome, ought, where)
        return self._explained(case, known, outcome) or self._unexplained(
            line, known, outcome, ought, tuple(differing(line, outcome))
        )

    def _explained(self, case: Case, known: Known, outcome: Outcome) -> Verdict | None:
        """By the fewest quirks, of as many those that are listed first."""
        versions = [known, *self.definitions.before(known)]
        for taken in self._fewest_first(case, versions):
            rules = _base(case.line).union(one.rule for one in taken)
            for by, told_by in _pairs(versions, rules):
                was = case.reckon(rules, by, told_by)
                if not differing(case.line, was):
                    return _accepted(case.line, known, outcome, was, taken)
        return None

    def _fewest_first(self, case: Case, versions: Sequence[Known]) -> Iterator[Taken]:
        """Of those that can have made a difference, which most often the first one did."""
        listed = []
        for one in self.explained:
            if can_matter(one.rule, case, versions):
                listed.append(one)
                yield (one,)
        for how_many in range(2, len(listed) + 1):
            yield from combinations(listed, how_many)

    def _unexplained(
        self,
        line: AttemptLine,
        known: Known,
        outcome: Outcome,
        ought: Outcome,
        where: tuple[str, ...],
    ) -> Verdict:
        kinds = _kinds(known, outcome, ought)
        return Verdict(line, outcome, Class.UNEXPLAINED, (), where, kinds)


def differing(line: AttemptLine, outcome: Outcome) -> list[str]:
    """The names of what was recorded and is not so."""
    found = [] if line.score == outcome.score else ["score"]
    for name in ("max", "late", "penalty"):
        recorded = getattr(line, name)
        if recorded is not None and recorded != getattr(outcome, name):
            found.append(name)
    if line.points and any(outcome.points.get(i) != got for i, got in line.points.items()):
        found.append("points")
    return found


def _base(line: AttemptLine) -> Rules:
    """What its own scorer does."""
    return EXACT if line.decimal else AS_MONOLITH


def _accepted(
    line: AttemptLine, known: Known, outcome: Outcome, was: Outcome, taken: Taken
) -> Verdict:
    is_missing = line.score is None and outcome.score is not None
    is_missing = is_missing and not line.answers and not line.odd
    counts_as = Class.MISSING_RESPONSE if is_missing else worst(one.counts_as for one in taken)
    why = tuple(dict.fromkeys(one.quirk for one in taken))
    return Verdict(line, outcome, counts_as, why, kinds=_kinds(known, outcome, was))


def _pairs(versions: Sequence[Known], rules: Rules) -> Iterator[tuple[Known, Known]]:
    """What it was scored by, and what its maximum was told by when it began."""
    if Rule.EARLIER_DEFINITION not in rules:
        yield versions[0], versions[0]
        return
    yield from ((by, by) for by in versions[1:])
    yield from ((by, told) for n, by in enumerate(versions) for told in versions[n + 1 :])


def _kinds(known: Known, outcome: Outcome, other: Outcome) -> tuple[str, ...]:
    """Of items that are worth otherwise."""
    names = {
        item.kind.value
        for name, item in known.items.items()
        if outcome.points.get(name) != other.points.get(name)
    }
    return tuple(sorted(names))


def _wrong(known: Known, outcome: Outcome, ought: Outcome) -> Iterator[str]:
    """What the scorer makes otherwise than it ought to."""
    kinds = _kinds(known, outcome, ought)
    yield from (f"scorer: {kind}" for kind in kinds)
    names = ("score", "max", "late", "penalty", "waiting")
    changed = [name for name in names if getattr(outcome, name) != getattr(ought, name)]
    yield from (f"scorer: {name}" for name in changed if name != "score" or not kinds)
