"""All that was promised to everybody; and from it, what each command has to be answered."""

from collections import defaultdict
from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from msgspec.structs import replace

from services.assessment.model.accommodation import Accommodation
from services.assessment.model.definition import Definition, Regrade
from services.assessment.model.regrade import new_key
from services.contracts.assessment import AtEnd, AttemptState, Given, Response, Rules
from services.contracts.errors import ErrorCode, Refused
from services.contracts.events import PastAttempt
from tests.unit.services.assessment.draws import NONSENSE, WHY
from tests.unit.services.assessment.ledger import ZERO, Line, late_span, longer
from tests.unit.services.assessment.promises import ENDED
from tests.unit.services.assessment.subject import TEACHER, Action, Verdict

Expected = tuple[Verdict, ErrorCode | None]
ACCEPTED: Expected = (Verdict.ACCEPTED, None)
DUPLICATE: Expected = (Verdict.DUPLICATE, None)
INVALID: Expected = (Verdict.REFUSED, ErrorCode.INVALID)
CLOSED: Expected = (Verdict.CONFLICT, ErrorCode.ATTEMPT_CLOSED)
TIME_OVER: Expected = (Verdict.CONFLICT, ErrorCode.WINDOW_CLOSED)
CHANGED: Expected = (Verdict.CONFLICT, ErrorCode.VERSION_CONFLICT)
NOT_NOW: Expected = (Verdict.REFUSED, ErrorCode.WINDOW_CLOSED)
HIDDEN: Expected = (Verdict.REFUSED, ErrorCode.NOT_FOUND)
NONE_LEFT: Expected = (Verdict.REFUSED, ErrorCode.ATTEMPT_LIMIT)


@dataclass
class Book:
    """`definition` is the newest version."""

    definition: Definition
    rules: Rules
    lines: dict[str, Line] = field(default_factory=dict)
    regrades: list[Regrade] = field(default_factory=list)
    extra: defaultdict[int, Accommodation] = field(
        default_factory=lambda: defaultdict(Accommodation)
    )
    past: defaultdict[int, list[PastAttempt]] = field(default_factory=lambda: defaultdict(list))

    def of(self, user: int) -> list[Line]:
        return [line for line in self.lines.values() if line.user == user]

    def last(self, user: int) -> int:
        numbers = [line.seen.number for line in self.of(user)]
        return max(numbers + [one.number for one in self.past[user]], default=0)

    def start(self, user: int, now: datetime, at: datetime) -> Expected:
        if any(line.is_open for line in self.of(user)):
            return DUPLICATE
        if user == TEACHER:
            return ACCEPTED
        of, extra = self.definition, self.extra[user]
        used = len(self.of(user)) + sum(not one.banked for one in self.past[user])
        if of.attempts_allowed is not None and used >= of.attempts_allowed + extra.extra_attempts:
            return NONE_LEFT
        last = self._last_start(user)
        is_early = of.opens_at is not None and now < of.opens_at
        return NOT_NOW if is_early or (last is not None and at > last) else ACCEPTED

    def save(
        self, line: Line, given: Sequence[Given], at: datetime, expected: int | None
    ) -> Expected:
        news = line.news(given)
        asked = {one.id for one in line.definition.items}
        if any(one in NONSENSE or one.item_id not in asked for one in given):
            return INVALID
        if not line.is_taking(at):
            return DUPLICATE if line.is_finished and news == [] else CLOSED
        is_stale = line.is_open and expected not in (None, line.seen.version)
        if news is None or is_stale:
            return CHANGED
        if not news:
            return DUPLICATE
        return ACCEPTED if line.is_time(at, self.rules) else TIME_OVER

    def submit(
        self, line: Line, given: Sequence[Given], at: datetime, expected: int | None
    ) -> Expected:
        saved = self.save(line, given, at, expected)
        if saved != DUPLICATE or line.is_finished:
            return saved
        may_press = line.is_time(at, self.rules) or self._may_press(line, at)
        return ACCEPTED if may_press else TIME_OVER

    def act(self, action: Action, line: Line, reason: str, now: datetime) -> Expected:
        if line.preview:
            return HIDDEN
        if not reason.strip() or len(reason) > 500:
            return INVALID
        match action:
            case "pause":
                return self._pause(line, now)
            case "resume":
                return CLOSED if not line.is_open else ACCEPTED if line.paused_at else DUPLICATE
            case "void":
                is_void = line.seen.state is AttemptState.INVALIDATED
                return DUPLICATE if is_void else ACCEPTED
            case "reopen":
                return self._reopen(line, now)

    def grade(self, line: Line, item: str, points: float) -> Expected:
        if line.preview:
            return HIDDEN
        worth = {one.id: one.points for one in line.definition.items}
        if item not in worth or not 0 <= points <= worth[item]:
            return INVALID
        if not line.is_finished:
            return CLOSED
        return DUPLICATE if line.manual.get(item) == points else ACCEPTED

    def due(self, line: Line, now: datetime) -> AttemptState | None:
        """What time makes of an attempt by now; None where it does nothing."""
        last, at_end = line.last(self.rules), self.rules.at_end
        is_due = line.is_open and not line.paused_at and last is not None and now > last
        if not is_due or at_end is AtEnd.STAY_OPEN:
            return None
        if at_end is AtEnd.SUBMIT:
            return AttemptState.SUBMITTED
        until = self.overdue_until(line)
        is_abandoned = at_end is AtEnd.ABANDON or (until is not None and now > until)
        return AttemptState.ABANDONED if is_abandoned else AttemptState.OVERDUE

    def overdue_until(self, line: Line) -> datetime | None:
        last = line.last(self.rules)
        return None if last is None else last + timedelta(seconds=self.rules.overdue_s)

    def swept(self, line: Line, state: AttemptState | None) -> None:
        """What `due` said has been done; the background has done what it had to do."""
        if state in (AttemptState.SUBMITTED, AttemptState.ABANDONED):
            ended, last = line.end(line.started_at), line.last(self.rules)
            assert ended is not None
            is_overdue = self.rules.at_end is AtEnd.OVERDUE
            line.taken_until = self.overdue_until(line) if is_overdue else last
            line.close_by_time(ended, self.rules, self.regrades)
        elif line.is_finished and not line.preview:
            line.reach(self.regrades)

    def acted(self, action: Action, line: Line, now: datetime) -> None:
        match action:
            case "pause":
                line.paused_at = now
            case "resume":
                assert line.paused_at is not None
                line.credit, line.paused_at = line.credit + (now - line.paused_at), None
            case "void":
                if line.is_open:
                    line.close(now, self.rules, [])
                line.taken_until = None
            case "reopen":
                line.reopen(now, self.extra[line.user])

    def grant(self, user: int, given: Accommodation) -> None:
        extra = self.extra[user] = self.extra[user].plus(given)
        for line in self.of(user):
            line.extra = extra if line.is_open else line.extra

    def mirror(self, user: int, now: datetime, is_banked: bool) -> None:
        number, state = self.last(user) + 1, AttemptState.GRADED
        past = PastAttempt(number, state, now, now, now, 3.0, 10.0, late=False, banked=is_banked)
        self.past[user].append(past)

    def correction(self, item: str, correct: Response) -> list[Regrade]:
        """The regrade that this is; none where it can be no right answer."""
        newest = replace(self.definition, regrades=self.regrades)
        found = new_key(newest, item, correct, WHY)
        if isinstance(found, Refused):
            return []
        own = len(self.regrades) + 1
        return [Regrade(own, item, found.before, found.after, newest.version, TEACHER, WHY)]

    def _pause(self, line: Line, now: datetime) -> Expected:
        if not line.is_open:
            return CLOSED
        if line.paused_at:
            return DUPLICATE
        is_overdue = line.seen.state is AttemptState.OVERDUE
        return TIME_OVER if is_overdue or not line.is_time(now, self.rules) else ACCEPTED

    def _reopen(self, line: Line, now: datetime) -> Expected:
        if line.seen.state not in ENDED or any(one.is_open for one in self.of(line.user)):
            return CLOSED
        again = copy(line)
        again.reopen(now, self.extra[line.user])
        over = again.over(self.rules)
        return TIME_OVER if over is not None and now >= over else ACCEPTED

    def _may_press(self, line: Line, at: datetime) -> bool:
        until = self.overdue_until(line)
        is_overdue = self.rules.at_end is AtEnd.OVERDUE and not line.paused_at
        return is_overdue and until is not None and at <= until

    def _last_start(self, user: int) -> datetime | None:
        of = self.definition
        if of.closes_at is None:
            return None
        closes_at = of.closes_at + longer(of, self.extra[user])
        span = ZERO if of.time_limit is not None else late_span(of, self.rules)
        return None if span is None else closes_at + span
