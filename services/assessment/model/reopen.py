"""Opens an attempt again that had ended, with the time that was left of it then."""

from datetime import datetime

from services.assessment.model import conflicts
from services.assessment.model.accommodation import NOTHING, Accommodation
from services.assessment.model.act import NO_REASON, Act
from services.assessment.model.attempt import ENDED, Attempt
from services.assessment.model.decision import Changed, Decision
from services.assessment.model.definition import Definition
from services.assessment.model.events import AttemptReopened
from services.assessment.model.times import times_of


def reopen(
    attempt: Attempt,
    definition: Definition,
    accommodation: Accommodation,
    act: Act,
    other_is_open: bool,
) -> Decision:
    """`accommodation` is what the learner has by now: time may be granted for this."""
    if not act.is_explained:
        return NO_REASON
    if attempt.state not in ENDED:
        return conflicts.not_ended(attempt)
    if other_is_open:
        return conflicts.another_is_open(attempt)
    event = AttemptReopened(
        at=act.now,
        by=act.by,
        credit=max(act.now - (attempt.closed_at or act.now), NOTHING),
        accommodation=accommodation,
        reason=act.reason,
    )
    change = Changed(attempt).then(event)
    has_time = _has_time(change.attempt, definition, act.now)
    return change if has_time else conflicts.no_time_left(attempt)


def _has_time(attempt: Attempt, definition: Definition, now: datetime) -> bool:
    """Grace is none."""
    over_at = times_of(attempt, definition).over_at
    return over_at is None or now < over_at
