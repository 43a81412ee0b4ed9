"""Gives a learner more: time, attempts; it reaches what is open at once."""

from datetime import timedelta

from msgspec.structs import replace

from services.assessment.model.accommodation import NOTHING, Accommodation
from services.assessment.model.act import NO_REASON, Act, is_reason
from services.assessment.model.attempt import Attempt
from services.assessment.model.decision import Changed, Decision, Duplicate
from services.assessment.model.definition import Definition
from services.assessment.model.events import TimeExtended
from services.assessment.model.times import times_of
from services.contracts.assessment import AttemptState
from services.contracts.errors import ErrorCode, Refused

GREATEST_MULTIPLIER, LONGEST, MOST_ATTEMPTS = 10, timedelta(days=7), 1000
TOO_MUCH = Refused(
    ErrorCode.INVALID,
    "A multiplier is between 1 and 10, extra time between 0 and 7 days, extra attempts 0 to 1000.",
)


def granted(before: Accommodation, given: Accommodation, reason: str) -> Accommodation | Refused:
    """All that the learner has by then, whether or not there is an attempt."""
    if not is_reason(reason):
        return NO_REASON
    is_right = (
        1 <= given.multiplier <= GREATEST_MULTIPLIER
        and NOTHING <= given.extra <= LONGEST
        and 0 <= given.extra_attempts <= MOST_ATTEMPTS
    )
    return before.plus(given) if is_right else TOO_MUCH


def extend(
    attempt: Attempt, definition: Definition, accommodation: Accommodation, act: Act
) -> Decision:
    """An open attempt's new end; one that was overdue goes on where that gives it time."""
    if not attempt.is_open or attempt.accommodation == accommodation:
        return Duplicate(attempt)
    event = TimeExtended(
        at=act.now,
        by=act.by,
        accommodation=accommodation,
        state=AttemptState.IN_PROGRESS,
        reason=act.reason,
    )
    change = Changed(attempt).then(event)
    if times_of(change.attempt, definition).is_over(act.now):
        event = replace(event, state=attempt.state)
    return Changed(attempt).then(event)
