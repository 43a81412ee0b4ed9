"""Keeps answers: of two to one item the newest, in whatever order they come."""

from collections.abc import Sequence

from services.assessment.model.answers import NO_ANSWER, are_answers, newer
from services.assessment.model.attempt import Attempt
from services.assessment.model.decision import Changed, Decision, Duplicate
from services.assessment.model.definition import Definition
from services.assessment.model.events import AnswersSaved
from services.assessment.model.hand_in import hand_in_again
from services.assessment.model.moment import Moment
from services.assessment.model.taking import why_not, why_not_now
from services.contracts.assessment import Answer, Given


def save(
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
    if not new:
        return Duplicate(attempt)
    if late := why_not_now(attempt, definition, when.judged_at):
        return late
    change = saved(Changed(attempt), new, when)
    return hand_in_again(change, definition, when.now) if attempt.is_finished else change


def saved(change: Changed, new: Sequence[Given], when: Moment) -> Changed:
    if not new:
        return change
    answers = [Answer(one.item_id, one.sequence, one.response, when.judged_at) for one in new]
    by = change.attempt.place.user
    return change.then(AnswersSaved(at=when.now, by=by, answers=answers))
