"""Stops an attempt's clock, and lets it go on."""

from services.assessment.model import conflicts
from services.assessment.model.accommodation import NOTHING
from services.assessment.model.act import NO_REASON, Act
from services.assessment.model.attempt import Attempt
from services.assessment.model.decision import Changed, Decision, Duplicate
from services.assessment.model.definition import Definition
from services.assessment.model.events import AttemptPaused, AttemptResumed
from services.assessment.model.times import times_of
from services.contracts.assessment import AttemptState


def pause(attempt: Attempt, definition: Definition, act: Act) -> Decision:
    if not act.is_explained:
        return NO_REASON
    if not attempt.is_open:
        return conflicts.closed(attempt)
    if attempt.is_paused:
        return Duplicate(attempt)
    is_overdue = attempt.state is AttemptState.OVERDUE
    if is_overdue or times_of(attempt, definition).is_over(act.now):
        return conflicts.time_is_over(attempt)
    return Changed(attempt).then(AttemptPaused(at=act.now, by=act.by, reason=act.reason))


def resume(attempt: Attempt, act: Act) -> Decision:
    """The time that it stood still is given back."""
    if not act.is_explained:
        return NO_REASON
    if not attempt.is_open:
        return conflicts.closed(attempt)
    if attempt.paused_at is None:
        return Duplicate(attempt)
    credit = max(act.now - attempt.paused_at, NOTHING)
    event = AttemptResumed(at=act.now, by=act.by, credit=credit, reason=act.reason)
    return Changed(attempt).then(event)
