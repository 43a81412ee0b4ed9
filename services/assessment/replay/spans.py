"""When an attempt was over and whether it was late, reckoned apart from the model."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from services.assessment.model.attempt import OPEN
from services.assessment.replay.archive import AttemptLine
from services.assessment.replay.known import Known
from services.assessment.replay.outcome import Ending
from services.assessment.replay.rule import Rule
from services.contracts.assessment import AtEnd

DAY = timedelta(days=1)
ALL = 100.0


def ending_of(
    line: AttemptLine, known: Known, at: datetime, rules: frozenset[Rule]
) -> Ending | None:
    """None where it is still open; where no instants are known what was recorded stands."""
    is_open = line.state in OPEN
    until = at if is_open else line.submitted_at
    if until is None:
        return Ending(late=bool(line.late))
    zone = known.zone if Rule.WALL_CLOCK in rules else None
    past = _past(until, line, known, zone)
    never_over = Rule.NEVER_CLOSED in rules if is_open else Rule.LATE_TAKEN in rules
    if not never_over and _is_over(past, known):
        return _by_time(line, known, zone)
    return None if is_open else _late(past, known)


def _late(past: timedelta | None, known: Known) -> Ending:
    if past is None or past <= known.model.grace:
        return Ending()
    days = -(-past // DAY)
    return Ending(True, min(ALL, days * known.model.rules.late_penalty))


def _by_time(line: AttemptLine, known: Known, zone: ZoneInfo | None) -> Ending | None:
    if known.model.rules.at_end is not AtEnd.SUBMIT:
        return None
    saved_at = line.saved_at
    came = saved_at is not None and not _is_over(_past(saved_at, line, known, zone), known)
    return Ending(takes=came)


def _is_over(past: timedelta | None, known: Known) -> bool:
    late_for_s, grace = known.model.rules.late_for_s, known.model.grace
    if past is None or late_for_s is None:
        return False
    return past > max(timedelta(seconds=late_for_s), grace)


def _past(
    until: datetime, line: AttemptLine, known: Known, zone: ZoneInfo | None
) -> timedelta | None:
    """Since the end; None where nothing ends it."""
    ends = []
    if known.model.closes_at is not None:
        ends.append(_shown(known.model.closes_at, zone))
    if known.model.time_limit is not None and line.started_at is not None:
        ends.append(_shown(line.started_at, zone) + known.model.time_limit)
    return _shown(until, zone) - min(ends) if ends else None


def _shown(instant: datetime, zone: ZoneInfo | None) -> datetime:
    """What the clock on the wall shows, or the instant itself."""
    return instant if zone is None else instant.astimezone(zone).replace(tzinfo=None)
