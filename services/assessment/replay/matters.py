"""Whether an old rule can have made a difference to an attempt, so that few are tried."""

from collections.abc import Callable, Sequence

from services.assessment.model.attempt import OPEN
from services.assessment.replay.known import Known
from services.assessment.replay.rule import Rule
from services.assessment.replay.second_opinion import Case
from services.assessment.replay.shares import is_edge

BESIDE: tuple[frozenset[Rule], ...] = (
    frozenset(),
    frozenset({Rule.WALL_CLOCK}),
    frozenset({Rule.LATE_TAKEN}),
)

Ask = Callable[[Case, Known], bool]


def can_matter(rule: Rule, case: Case, versions: Sequence[Known]) -> bool:
    """Of the versions the first is the one that it is scored by now."""
    if rule is Rule.EARLIER_DEFINITION:
        return len(versions) > 1
    asks = MATTERS.get(rule)
    return asks is not None and any(asks(case, version) for version in versions)


def _always(case: Case, known: Known) -> bool:
    return True


def _has_edge(case: Case, known: Known) -> bool:
    said = case.line.answers
    return any(name in said and is_edge(known.keys[name], said[name]) for name in known.numbers)


def _has_ended(rule: Rule) -> Ask:
    """Whether the rule changes how it ended, by itself or beside another."""

    def changes(case: Case, known: Known) -> bool:
        return any(
            case.ending(others | {rule}, known) != case.ending(others, known) for others in BESIDE
        )

    return changes


def _is_open(case: Case, known: Known) -> bool:
    return case.line.state in OPEN


def _has_odd(case: Case, known: Known) -> bool:
    return case.has_odd(known)


def _has_no_score(case: Case, known: Known) -> bool:
    return case.line.score is None


MATTERS: dict[Rule, Ask] = {
    Rule.ROUNDED_ITEMS: _always,
    Rule.FLOAT_DISTANCE: _has_edge,
    Rule.LATE_TAKEN: _has_ended(Rule.LATE_TAKEN),
    Rule.WALL_CLOCK: _has_ended(Rule.WALL_CLOCK),
    Rule.NEVER_CLOSED: _is_open,
    Rule.ANY_ANSWER: _has_odd,
    Rule.NO_PROVISIONAL: _has_no_score,
    Rule.UNSCORED: _has_no_score,
}
