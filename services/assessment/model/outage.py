"""Gives an attempt back what an outage took of it: as if its clock had stood still."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from services.assessment.model.accommodation import NOTHING
from services.assessment.model.attempt import Attempt
from services.assessment.model.decision import Changed
from services.assessment.model.definition import Definition
from services.assessment.model.events import TimeCredited
from services.assessment.model.span import Span, length
from services.assessment.model.times import times_of

MOST = timedelta(hours=2)
"""So much is given back for one outage by itself: beyond that staff decide."""
REASON = "the service was away"


def credited(
    attempt: Attempt, definition: Definition, outages: Iterable[Span], now: datetime
) -> Changed | None:
    """None where they took nothing, or it was given back before: by them, by a pause, by both."""
    change = Changed(attempt)
    for outage in outages:
        lost = _lost(change.attempt, definition, outage)
        if lost > NOTHING:
            change = change.then(_event(outage, min(lost, MOST), now))
    return change if change.events else None


def _event(outage: Span, credit: timedelta, now: datetime) -> TimeCredited:
    since, until = outage.since, outage.until
    return TimeCredited(at=now, by=None, since=since, until=until, credit=credit, reason=REASON)


def _lost(attempt: Attempt, definition: Definition, outage: Span) -> timedelta:
    times = times_of(attempt, definition)
    if not attempt.is_open or attempt.started_at is None or times.ends_at is None:
        return NOTHING
    if times.is_over(outage.since):
        return NOTHING
    until = outage.until if attempt.paused_at is None else min(outage.until, attempt.paused_at)
    return length(Span(max(outage.since, attempt.started_at), until), attempt.stood)
