"""Hands an attempt in, by its learner or by time, and scores it at once."""

from dataclasses import dataclass
from datetime import datetime

from services.assessment.model.attempt import Attempt
from services.assessment.model.decision import Changed
from services.assessment.model.definition import Definition
from services.assessment.model.events import AttemptScored, AttemptSubmitted
from services.assessment.model.keys import regrades_of
from services.assessment.model.marking import score_of, scored
from services.assessment.model.rules import ALL
from services.assessment.model.times import times_of, worked_until
from services.contracts.assessment import Receipt
from services.contracts.receipt import receipt


@dataclass(frozen=True, slots=True)
class HandedIn:
    """`at` is the instant that counts, `now` that it is written at, `by` who did it.

    `taken_until` is when its time stops, where time hands it in.
    """

    at: datetime
    now: datetime
    by: int | None
    taken_until: datetime | None = None


def hand_in(change: Changed, definition: Definition, how: HandedIn) -> Changed:
    times = times_of(change.attempt, definition)
    event = AttemptSubmitted(
        at=how.now,
        by=how.by,
        submitted_at=how.at,
        closed_at=times.closed_at(how.taken_until or how.at),
        late=times.is_late(how.at),
        forfeit=min(ALL, times.days_late(how.at) * definition.rules.late_penalty),
        receipt=_receipt(change.attempt, definition, how.at),
        taken_until=how.taken_until,
    )
    return _scored(change.then(event), definition, how)


def hand_in_again(change: Changed, definition: Definition, now: datetime) -> Changed:
    """What time has handed in, with answers that were under way by then."""
    before = change.attempt
    at = worked_until(before, definition, before.submitted_at or now)
    return hand_in(change, definition, HandedIn(at, now, None, before.taken_until))


def _receipt(attempt: Attempt, definition: Definition, at: datetime) -> Receipt:
    return receipt(attempt.place.id, at, attempt.answers.values(), len(definition.items))


def _scored(change: Changed, definition: Definition, how: HandedIn) -> Changed:
    attempt, regrades = change.attempt, regrades_of(definition)
    found = scored(attempt, definition, regrades, attempt.manual)
    return change.then(
        AttemptScored(
            at=how.now,
            by=None,
            points=found.points,
            score=score_of(attempt, found, regraded_from=None),
            waiting=found.waiting,
            regrades=[regrade.id for regrade in regrades],
        )
    )
