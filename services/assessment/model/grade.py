"""A human's judgement of an item: it stands over whatever a scorer says."""

from datetime import datetime

from services.assessment.model import conflicts
from services.assessment.model.act import LONGEST_REASON, is_note
from services.assessment.model.attempt import Attempt
from services.assessment.model.decision import Changed, Decision, Duplicate
from services.assessment.model.definition import Definition
from services.assessment.model.events import ItemGraded
from services.assessment.model.keys import regrades_of
from services.assessment.model.marking import score_of, scored
from services.contracts.errors import ErrorCode, Refused

NO_GRADE = Refused(ErrorCode.INVALID, "An item is given points between 0 and what it is worth.")
NO_NOTE = Refused(ErrorCode.INVALID, f"A note has {LONGEST_REASON} characters at most.")


def grade_item(
    attempt: Attempt,
    definition: Definition,
    item: str,
    points: float,
    note: str | None,
    by: int,
    now: datetime,
) -> Decision:
    asked = definition.item(item)
    if asked is None or not 0 <= points <= asked.points:
        return NO_GRADE
    if note is not None and not is_note(note):
        return NO_NOTE
    if not attempt.is_finished:
        return conflicts.not_submitted(attempt)
    event = _graded(attempt, definition, item, points, note, by, now)
    is_known = attempt.manual.get(item) == event.points and note is None
    return Duplicate(attempt) if is_known else Changed(attempt).then(event)


def _graded(
    attempt: Attempt,
    definition: Definition,
    item: str,
    points: float,
    note: str | None,
    by: int,
    now: datetime,
) -> ItemGraded:
    applied = [one for one in regrades_of(definition) if one.id in attempt.regrades]
    found = scored(attempt, definition, applied, attempt.manual | {item: points})
    before = attempt.score
    return ItemGraded(
        at=now,
        by=by,
        item=item,
        before=attempt.points.get(item, 0.0),
        points=found.points[item],
        note=note,
        score=score_of(attempt, found, before.regraded_from if before else None),
        waiting=found.waiting,
    )
