"""What time does to an attempt that nobody hands in."""

from collections.abc import Callable
from datetime import datetime, timedelta

from services.assessment.model.attempt import Attempt
from services.assessment.model.decision import Changed, Decision, Duplicate
from services.assessment.model.definition import Definition
from services.assessment.model.events import AttemptAbandoned, WentOverdue
from services.assessment.model.hand_in import HandedIn, hand_in
from services.assessment.model.times import times_of, worked_until
from services.assessment.model.window import later
from services.contracts.assessment import AtEnd, AttemptState


def sweep(attempt: Attempt, definition: Definition, now: datetime) -> Decision:
    """Does all that is due; whoever comes late does at once what would have been done in turn."""
    change = Changed(attempt)
    while (due := due_at(change.attempt, definition)) is not None and now > due:
        change = DOES[definition.rules.at_end](change, definition, due, now)
    return change if change.events else Duplicate(attempt)


def due_at(attempt: Attempt, definition: Definition) -> datetime | None:
    """The instant behind which the sweep does something next; None: it never does."""
    if not attempt.is_open or attempt.is_paused:
        return None
    at_end = definition.rules.at_end
    if at_end is AtEnd.STAY_OPEN:
        return None
    if at_end is AtEnd.OVERDUE and attempt.state is AttemptState.OVERDUE:
        return overdue_until(attempt, definition)
    return times_of(attempt, definition).cut_off


def overdue_until(attempt: Attempt, definition: Definition) -> datetime | None:
    """Until when an attempt that is overdue may still be submitted."""
    span = timedelta(seconds=definition.rules.overdue_s)
    return later(times_of(attempt, definition).cut_off, span)


def _submit(change: Changed, definition: Definition, due: datetime, now: datetime) -> Changed:
    """With the answers there are: as of its end, or of the last answer that came behind that."""
    ended_at = times_of(change.attempt, definition).ends_at or due
    at = worked_until(change.attempt, definition, ended_at)
    return hand_in(change, definition, HandedIn(at, now, None, taken_until=due))


def _go_overdue(change: Changed, definition: Definition, due: datetime, now: datetime) -> Changed:
    if change.attempt.state is AttemptState.OVERDUE:
        return _abandon(change, definition, due, now)
    return change.then(WentOverdue(at=now, by=None))


def _abandon(change: Changed, definition: Definition, due: datetime, now: datetime) -> Changed:
    closed_at = times_of(change.attempt, definition).closed_at(due)
    return change.then(AttemptAbandoned(at=now, by=None, closed_at=closed_at, taken_until=due))


Does = Callable[[Changed, Definition, datetime, datetime], Changed]
DOES: dict[AtEnd, Does] = {
    AtEnd.SUBMIT: _submit,
    AtEnd.OVERDUE: _go_overdue,
    AtEnd.ABANDON: _abandon,
}
