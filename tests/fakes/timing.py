"""When learners of a fake platform may work, and whether what they send is in time."""

from datetime import datetime, timedelta
from enum import Enum, auto

from services.contracts.assessment import Assessment, AssessmentKind, Attempt, Window
from services.contracts.ids import AssessmentId, LearnerId
from tests.fakes.hall import NOTHING, Hall


class Timely(Enum):
    IN_TIME = auto()
    LATE = auto()
    OVER = auto()


def window(hall: Hall, of: Assessment, learner: LearnerId, attempt: Attempt | None) -> Window:
    """Of an attempt, or of one that would be begun now."""
    extra = _extra(hall, of, learner, attempt)
    closes_at = of.closes_at + extra if of.closes_at else None
    started_at = (attempt and attempt.started_at) or hall.clock.now()
    limit_at = started_at + of.time_limit + extra if of.time_limit else None
    ends_at = min((at for at in (closes_at, limit_at) if at), default=None)
    return Window(of.opens_at, closes_at, ends_at, extra, hall.clock.now())


def judge(hall: Hall, of: Assessment, attempt: Attempt) -> Timely:
    """Late work is taken for good at assignments, elsewhere as long as the rules say."""
    ends_at = window(hall, of, attempt.learner_id, attempt).ends_at
    now, ends_at = hall.clock.now(), ends_at and ends_at + of.grace
    if ends_at is None or now <= ends_at:
        return Timely.IN_TIME
    late_for = _late_for(hall, of)
    return Timely.LATE if late_for is None or now <= ends_at + late_for else Timely.OVER


def may_start(hall: Hall, of: Assessment, learner: LearnerId) -> bool:
    found, now = window(hall, of, learner, None), hall.clock.now()
    is_open = found.opens_at is None or found.opens_at <= now
    return is_open and not _is_over(found.closes_at, now)


def _is_over(closes_at: datetime | None, now: datetime) -> bool:
    return closes_at is not None and closes_at < now


def _late_for(hall: Hall, of: Assessment) -> timedelta | None:
    rules = hall.rules.get(AssessmentId(of.id))
    if rules is None:
        return None if of.kind is AssessmentKind.ASSIGNMENT else NOTHING
    return None if rules.late_for_s is None else timedelta(seconds=rules.late_for_s)


def _extra(hall: Hall, of: Assessment, learner: LearnerId, attempt: Attempt | None) -> timedelta:
    granted = hall.grant(of.id, learner)
    longer = (_base(of) or NOTHING) * (granted.multiplier - 1)
    return longer + granted.extra + (hall.stood_still(attempt.id) if attempt else NOTHING)


def _base(of: Assessment) -> timedelta | None:
    if of.time_limit or of.kind is not AssessmentKind.EXAM:
        return of.time_limit
    return of.closes_at - of.opens_at if of.opens_at and of.closes_at else None
