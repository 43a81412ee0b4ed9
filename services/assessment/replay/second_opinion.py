"""What an attempt ought to come to, reckoned apart from the scorer; step by step the old way, too.

Without a rule it must agree with the scorer, or the scorer is wrong. With the rules that the old
side followed it must give what was recorded, or nothing is explained.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from services.assessment.replay.archive import AttemptLine
from services.assessment.replay.known import Known
from services.assessment.replay.outcome import Ending, Outcome
from services.assessment.replay.rule import Rule
from services.assessment.replay.said import made_out, taken
from services.assessment.replay.shares import WHOLE, Share, share_of
from services.assessment.replay.spans import ending_of
from services.assessment.replay.whole import percent_of, worth
from services.contracts.assessment import Response

Rules = frozenset[Rule]
OF_TIME = frozenset({Rule.WALL_CLOCK, Rule.LATE_TAKEN, Rule.NEVER_CLOSED})
OF_MARKING = frozenset({Rule.ANY_ANSWER, Rule.FLOAT_DISTANCE})
NOTHING = Response()


@dataclass(frozen=True, slots=True)
class Judged:
    """How much each item is worth; `is_empty` where there is nothing, `is_waiting` for a human."""

    given: dict[str, tuple[float, Share]]
    is_waiting: bool
    is_empty: bool


@dataclass(slots=True)
class Case:
    """One attempt; what several rules have in common is reckoned once."""

    line: AttemptLine
    at: datetime
    _endings: dict[tuple[int, Rules], Ending | None] = field(default_factory=dict)
    _judged: dict[tuple[int, bool, Rules], Judged] = field(default_factory=dict)
    _taken: dict[int, dict[str, Response]] = field(default_factory=dict)

    def reckon(self, rules: Rules, by: Known, told_by: Known) -> Outcome:
        """By the old rules named; the maximum is that of the version it was told by."""
        is_rounded = Rule.ROUNDED_ITEMS in rules
        can_have = told_by.most_rounded if is_rounded else told_by.most
        ending = self.ending(rules, by)
        if ending is None:
            return Outcome(None, can_have, False, 0.0, {})
        found = self._judge(rules & OF_MARKING, by, ending.takes)
        points, total = worth(found.given, is_rounded, self.line.marks)
        has_none = (found.is_waiting and Rule.NO_PROVISIONAL in rules) or (
            found.is_empty and Rule.UNSCORED in rules
        )
        penalty = min(total, percent_of(can_have, ending.forfeit)) if ending.forfeit else 0.0
        score = None if has_none else total
        return Outcome(score, can_have, ending.late, penalty, points, found.is_waiting)

    def ending(self, rules: Rules, by: Known) -> Ending | None:
        key = (by.line.version, rules & OF_TIME)
        if key not in self._endings:
            self._endings[key] = ending_of(self.line, by, self.at, key[1])
        return self._endings[key]

    def has_odd(self, by: Known) -> bool:
        """Whether an item does not take what was answered to it."""
        asked = self.line.answers.keys() & by.items.keys()
        return bool(self.line.odd) or len(asked) > len(self._takes(by))

    def _judge(self, rules: Rules, by: Known, takes: bool) -> Judged:
        key = (by.line.version, takes, rules)
        if key not in self._judged:
            said = self._said(Rule.ANY_ANSWER in rules, by) if takes else {}
            self._judged[key] = _judge(self.line, by, said, Rule.FLOAT_DISTANCE in rules)
        return self._judged[key]

    def _said(self, any_form: bool, by: Known) -> dict[str, Response]:
        return self._takes(by) | made_out(self.line, by) if any_form else self._takes(by)

    def _takes(self, by: Known) -> dict[str, Response]:
        if by.line.version not in self._taken:
            self._taken[by.line.version] = taken(self.line, by)
        return self._taken[by.line.version]


def _judge(line: AttemptLine, by: Known, said: Mapping[str, Response], floats: bool) -> Judged:
    marks = line.marks
    given = {
        name: (marks[name], WHOLE)
        if name in marks
        else (item.points, share_of(item.kind, by.keys[name], said.get(name, NOTHING), floats))
        for name, item in by.items.items()
    }
    return Judged(given, _is_waiting(by, said, marks), not said and not marks)


def _is_waiting(by: Known, said: Mapping[str, Response], marks: Mapping[str, float]) -> bool:
    return any(
        name not in marks and bool((said.get(name, NOTHING).text or "").strip())
        for name in by.for_humans
    )
