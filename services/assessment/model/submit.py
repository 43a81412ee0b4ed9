"""Hands an attempt in, with the answers that come along: once, however often it is pressed."""

from collections.abc import Sequence
from datetime import datetime

from services.assessment.model.answers import NO_ANSWER, are_answers, newer
from services.assessment.model.attempt import Attempt
from services.assessment.model.decision import Changed, Decision, Duplicate
from services.assessment.model.definition import Definition
from services.assessment.model.events import WentOverdue
from services.assessment.model.hand_in import HandedIn, hand_in
from services.assessment.model.moment import Moment
from services.assessment.model.save import saved
from services.assessment.model.sweep import overdue_until
from services.assessment.model.taking import why_not, why_not_now
from services.contracts.assessment import AtEnd, AttemptState, Given


def submit(
    attempt: Attempt,
    definition: Definition,
    given: Sequence[Given],
    when: Moment,
    expected_version: int | None = None,
) -> Decision:
    if not are_answers(definition, given):
        return NO_ANSWER
    new = newer(attempt.answers, given)
    if no := why_not(attempt, new, when, expected_version):
        return no
    if attempt.is_finished and not new:
        return Duplicate(attempt)
    if late := why_not_now(attempt, definition, when.judged_at):
        is_pressed = not new and _may_press(attempt, definition, when.judged_at)
        return _pressed(_overdue(attempt, when.now), definition, when) if is_pressed else late
    return _pressed(saved(Changed(attempt), new or [], when), definition, when)


def _pressed(change: Changed, definition: Definition, when: Moment) -> Changed:
    by = change.attempt.place.user
    return hand_in(change, definition, HandedIn(when.judged_at, when.now, by))


def _may_press(attempt: Attempt, definition: Definition, at: datetime) -> bool:
    """No answer is taken any more, but what was saved may still be handed in."""
    until = overdue_until(attempt, definition)
    is_overdue = definition.rules.at_end is AtEnd.OVERDUE and not attempt.is_paused
    return is_overdue and until is not None and at <= until


def _overdue(attempt: Attempt, now: datetime) -> Changed:
    """Also where the sweep has not come to say so."""
    change = Changed(attempt)
    if attempt.state is not AttemptState.IN_PROGRESS:
        return change
    return change.then(WentOverdue(at=now, by=None))
