"""Whether an attempt still takes what was sent to it."""

from datetime import datetime

from services.assessment.model import conflicts
from services.assessment.model.attempt import Attempt
from services.assessment.model.decision import Conflict, Duplicate
from services.assessment.model.definition import Definition
from services.assessment.model.moment import Moment
from services.assessment.model.times import times_of
from services.contracts.assessment import Given


def why_not(
    attempt: Attempt, new: list[Given] | None, when: Moment, expected_version: int | None
) -> Conflict | Duplicate | None:
    """Because of the attempt itself; `new` is None where an answer contradicts a known one."""
    if not attempt.is_open and not _is_still_taken(attempt, when):
        again = attempt.is_finished and new == []
        return Duplicate(attempt) if again else conflicts.closed(attempt)
    is_expected = expected_version in (None, attempt.version)
    # Whoever sent it before time closed the attempt could expect no version that came by that.
    if new is None or (attempt.is_open and not is_expected):
        return conflicts.changed_meanwhile(attempt)
    return None


def why_not_now(attempt: Attempt, definition: Definition, at: datetime) -> Conflict | None:
    """Because of the time; what was under way when a pause began has grace to arrive."""
    times = times_of(attempt, definition)
    if attempt.paused_at is not None and at > attempt.paused_at + definition.grace:
        return conflicts.paused(attempt)
    return conflicts.time_is_over(attempt) if times.is_over(at) else None


def _is_still_taken(attempt: Attempt, when: Moment) -> bool:
    return attempt.taken_until is not None and when.judged_at <= attempt.taken_until
