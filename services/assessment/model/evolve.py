"""What an attempt becomes by an event; and by all of its events, the attempt itself."""

from collections.abc import Iterable
from datetime import timedelta
from functools import singledispatch
from typing import Any

from msgspec.structs import replace

from services.assessment.model import events as said
from services.assessment.model.attempt import Attempt
from services.assessment.model.span import Span
from services.contracts.assessment import AttemptState

Fields = dict[str, Any]


class NotYet(ValueError):
    """Nothing can happen to an attempt before it is prepared or begun."""


def evolve(attempt: Attempt | None, event: said.AttemptEvent) -> Attempt:
    before = _first(event) if attempt is None else attempt
    return replace(before, version=before.version + 1, **_changes(event, before))


def fold(events: Iterable[said.AttemptEvent]) -> Attempt | None:
    attempt = None
    for event in events:
        attempt = evolve(attempt, event)
    return attempt


def _first(event: said.AttemptEvent) -> Attempt:
    if not isinstance(event, said.AttemptPrepared | said.AttemptBegun):
        raise NotYet(f"{type(event).__name__} is no beginning.")
    return Attempt(event.place, 0, AttemptState.NOT_STARTED)


@singledispatch
def _changes(event: said.AttemptEvent, attempt: Attempt) -> Fields:
    raise TypeError(f"{type(event).__name__} is no event of an attempt.")


@_changes.register
def _(event: said.AttemptPrepared, attempt: Attempt) -> Fields:
    return {}


@_changes.register
def _(event: said.AttemptBegun, attempt: Attempt) -> Fields:
    return {
        "state": AttemptState.IN_PROGRESS,
        "definition_version": event.definition_version,
        "decimal": event.decimal,
        "accommodation": event.accommodation,
        "started_at": event.at,
    }


@_changes.register
def _(event: said.AnswersSaved, attempt: Attempt) -> Fields:
    new = {answer.item_id: answer for answer in event.answers}
    instants = [answer.saved_at for answer in event.answers]
    saved_at = max([attempt.saved_at, *instants] if attempt.saved_at else instants)
    return {"answers": attempt.answers | new, "saved_at": saved_at}


@_changes.register
def _(event: said.TimeExtended, attempt: Attempt) -> Fields:
    return {"accommodation": event.accommodation, "state": event.state}


@_changes.register
def _(event: said.AttemptPaused, attempt: Attempt) -> Fields:
    return {"paused_at": event.at}


@_changes.register
def _(event: said.AttemptResumed, attempt: Attempt) -> Fields:
    stood = Span(attempt.paused_at or event.at, event.at)
    return {"paused_at": None} | _stood(attempt, stood, event.credit)


@_changes.register
def _(event: said.TimeCredited, attempt: Attempt) -> Fields:
    return _stood(attempt, Span(event.since, event.until), event.credit)


@_changes.register
def _(event: said.WentOverdue, attempt: Attempt) -> Fields:
    return {"state": AttemptState.OVERDUE}


@_changes.register
def _(event: said.AttemptSubmitted, attempt: Attempt) -> Fields:
    return {
        "state": AttemptState.SUBMITTED,
        "submitted_at": event.submitted_at,
        "closed_at": event.closed_at,
        "paused_at": None,
        "taken_until": event.taken_until,
        "late": event.late,
        "forfeit": event.forfeit,
        "receipt": event.receipt,
    }


@_changes.register
def _(event: said.AttemptAbandoned, attempt: Attempt) -> Fields:
    return {
        "state": AttemptState.ABANDONED,
        "closed_at": event.closed_at,
        "taken_until": event.taken_until,
    }


@_changes.register
def _(event: said.AttemptScored, attempt: Attempt) -> Fields:
    return _scored(event) | {"points": event.points, "regrades": event.regrades}


@_changes.register
def _(event: said.ItemGraded, attempt: Attempt) -> Fields:
    return _scored(event) | {
        "points": attempt.points | {event.item: event.points},
        "manual": attempt.manual | {event.item: event.points},
    }


@_changes.register
def _(event: said.ItemRegraded, attempt: Attempt) -> Fields:
    return _scored(event) | {
        "points": attempt.points | {event.item: event.points},
        "regrades": [*attempt.regrades, event.regrade],
    }


@_changes.register
def _(event: said.AttemptVoided, attempt: Attempt) -> Fields:
    return {
        "state": AttemptState.INVALIDATED,
        "closed_at": event.closed_at,
        "paused_at": None,
        "taken_until": None,
    }


@_changes.register
def _(event: said.AttemptReopened, attempt: Attempt) -> Fields:
    """What it came to stays in its events."""
    closed = Span(attempt.closed_at or event.at, event.at)
    return _stood(attempt, closed, event.credit) | {
        "state": AttemptState.IN_PROGRESS,
        "accommodation": event.accommodation,
        "submitted_at": None,
        "closed_at": None,
        "taken_until": None,
        "late": False,
        "forfeit": 0.0,
        "points": {},
        "score": None,
        "receipt": None,
        "regrades": [],
    }


def _stood(attempt: Attempt, span: Span, credit: timedelta) -> Fields:
    return {"stood": [*attempt.stood, span], "credit": attempt.credit + credit}


def _scored(event: said.AttemptScored | said.ItemGraded | said.ItemRegraded) -> Fields:
    state = AttemptState.PENDING_REVIEW if event.waiting else AttemptState.GRADED
    return {"state": state, "score": event.score}
