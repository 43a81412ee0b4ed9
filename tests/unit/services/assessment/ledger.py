"""What a learner may rely on, worked out anew from what was said and answered, and nothing else.

It has arithmetic of its own for time, lateness, limits and sequences, so that an error in the
model's is not repeated here.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from math import ceil

import msgspec
from msgspec.structs import replace

from services.assessment.model.accommodation import Accommodation
from services.assessment.model.definition import Definition, Regrade
from services.assessment.model.keys import keys_after, regrades_of
from services.assessment.scoring import as_monolith, exact
from services.assessment.scoring.scored import Scored
from services.contracts.assessment import (
    AssessmentKind,
    Attempt,
    AttemptState,
    Given,
    Rules,
)

OPEN = (AttemptState.IN_PROGRESS, AttemptState.OVERDUE)
FINISHED = (AttemptState.PENDING_REVIEW, AttemptState.GRADED)
ZERO, DAY = timedelta(0), timedelta(days=1)


@dataclass
class Line:
    """One attempt: `seen` is how it was last told; `taken_until` stands once time has closed it.

    `saved_at` is when its newest answer came, `handed_in_at` the instant that its submit counts as.
    """

    user: int
    preview: bool
    definition: Definition
    decimal: bool
    started_at: datetime
    extra: Accommodation
    seen: Attempt
    credit: timedelta = ZERO
    paused_at: datetime | None = None
    closed_at: datetime | None = None
    taken_until: datetime | None = None
    saved_at: datetime | None = None
    handed_in_at: datetime | None = None
    percent_off: float = 0.0
    known: dict[str, Given] = field(default_factory=dict)
    manual: dict[str, float] = field(default_factory=dict)
    regrades: list[Regrade] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        return self.seen.state in OPEN

    @property
    def is_finished(self) -> bool:
        return self.seen.state in FINISHED

    def news(self, given: Sequence[Given]) -> list[Given] | None:
        """None where two say different things under one sequence, and no greater one decides."""
        greatest = {one.item_id: one.sequence for one in sorted(given, key=lambda g: g.sequence)}
        newest = [one for one in given if one.sequence == greatest[one.item_id]]
        news: dict[str, Given] = {}
        for one in newest:
            known = news.get(one.item_id) or self.known.get(one.item_id)
            if known is None or one.sequence > known.sequence:
                news[one.item_id] = one
            elif one.sequence == known.sequence and one != known:
                return None
        return list(news.values())

    def keep(self, news: Sequence[Given] | None, at: datetime) -> None:
        if news:
            self.known |= {one.item_id: one for one in news}
            self.saved_at = max(self.saved_at or at, at)

    def end(self, now: datetime) -> datetime | None:
        """Also while it is paused, when it moves."""
        of = self.definition
        more = longer(of, self.extra) + self.credit
        if self.paused_at is not None:
            more += now - self.paused_at
        ends = []
        if of.closes_at is not None and not self.preview:
            ends.append(of.closes_at + more)
        if of.time_limit is not None:
            ends.append(self.started_at + of.time_limit + more)
        return min(ends, default=None)

    def is_taking(self, at: datetime) -> bool:
        return self.is_open or (self.taken_until is not None and at <= self.taken_until)

    def is_time(self, at: datetime, rules: Rules) -> bool:
        """For answers that were on their way then."""
        if self.paused_at is not None and at > self.paused_at + self.definition.grace:
            return False
        last = self.last(rules)
        return last is None or self._own(at) <= last

    def last(self, rules: Rules) -> datetime | None:
        """The instant of the last answer."""
        end = self._end()
        if end is None or rules.late_for_s is None:
            return None
        return end + max(self.definition.grace, timedelta(seconds=rules.late_for_s))

    def over(self, rules: Rules) -> datetime | None:
        """As `last`, without grace."""
        end, span = self._end(), late_span(self.definition, rules)
        return None if end is None or span is None else end + span

    def is_late(self, at: datetime) -> bool:
        end = self._end()
        return end is not None and self._own(at) > end + self.definition.grace

    def close_by_time(self, since: datetime, rules: Rules, regrades: list[Regrade]) -> None:
        """Handed in as of `since`, or of the newest answer that was taken as late work."""
        over, at = self.over(rules), self.saved_at
        if at is None or at < since:
            at = since
        elif over is not None and at > over:
            at = max(over, since)
        self.close(at, rules, regrades)

    def close(self, at: datetime, rules: Rules, regrades: list[Regrade]) -> None:
        """Its time stopped at this instant, or with what time takes, or when it was over."""
        self.handed_in_at = at
        end, over, own = self._end(), self.over(rules), self._own(at)
        days = ceil((own - end) / DAY) if end is not None and self.is_late(at) else 0
        self.percent_off = min(100.0, days * rules.late_penalty)
        stopped = own if self.taken_until is None else self._own(self.taken_until)
        self.closed_at = stopped if over is None else min(stopped, over)
        self.paused_at = None
        self.reach(regrades)

    def reopen(self, now: datetime, extra: Accommodation) -> None:
        assert self.closed_at is not None
        self.credit += now - self.closed_at
        self.extra, self.regrades, self.percent_off = extra, [], 0.0
        self.closed_at = self.taken_until = None

    def reach(self, regrades: list[Regrade]) -> None:
        self.regrades = regrades_of(replace(self.definition, regrades=list(regrades)))

    def score(self) -> Scored:
        """By the version it began with, and by the regrades that reached it."""
        score = exact.score if self.decimal else as_monolith.score
        keys = keys_after(self.definition, self.regrades)
        answers = {name: answer.response for name, answer in self.known.items()}
        return score(self.definition.items, keys, answers, self.manual)

    def proof(self) -> str:
        """The hash of the receipt."""
        at = self.seen.submitted_at
        assert at is not None
        said = [
            [one.item_id, one.sequence, one.response]
            for one in sorted(self.known.values(), key=lambda one: one.item_id)
            if one.response != type(one.response)()
        ]
        text = f"{at:%Y-%m-%dT%H:%M:%S.%f}Z"
        return sha256(msgspec.json.encode([1, self.seen.id, text, said])).hexdigest()

    def _end(self) -> datetime | None:
        """With its clock stopped where it is paused."""
        return self.end(self.paused_at or self.started_at)

    def _own(self, at: datetime) -> datetime:
        return at if self.paused_at is None else min(at, self.paused_at)


def longer(of: Definition, extra: Accommodation) -> timedelta:
    """By what is granted."""
    base = of.time_limit
    if base is None and of.kind is AssessmentKind.EXAM and of.opens_at and of.closes_at:
        base = of.closes_at - of.opens_at
    return (base or ZERO) * (extra.multiplier - 1) + extra.extra


def late_span(of: Definition, rules: Rules) -> timedelta | None:
    if rules.late_for_s is None:
        return None
    late_for = timedelta(seconds=rules.late_for_s)
    return late_for if late_for > of.grace else ZERO
