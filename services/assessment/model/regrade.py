"""Grades an attempt anew where an item's right answer turned out to be another."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from services.assessment.model.act import NO_REASON, is_reason
from services.assessment.model.answers import is_answer
from services.assessment.model.attempt import Attempt
from services.assessment.model.decision import Changed, Decision, Duplicate
from services.assessment.model.definition import Definition, Regrade
from services.assessment.model.events import ItemRegraded
from services.assessment.model.keys import keys_after, regrades_of
from services.assessment.model.marking import score_of, scored
from services.assessment.scoring.scored import by_item
from services.contracts.assessment import Item, ItemKind, Response, Score
from services.contracts.errors import ErrorCode, Refused
from services.contracts.events import ItemKey

NO_KEY = Refused(ErrorCode.INVALID, "This can be no right answer to an item of this assessment.")


@dataclass(frozen=True, slots=True)
class Correction:
    before: ItemKey
    after: ItemKey


def new_key(
    definition: Definition, item: str, correct: Response, reason: str
) -> Correction | Refused:
    """What a regrade changes; a number keeps the tolerance it had."""
    if not is_reason(reason):
        return NO_REASON
    asked = definition.item(item)
    if asked is None or not _is_right_answer(asked, correct):
        return NO_KEY
    keys = keys_after(definition, regrades_of(definition))
    before = by_item([asked], keys)[item]
    texts = None if correct.text is None else [correct.text]
    after = ItemKey(item, correct.choices, texts, correct.number, before.tolerance)
    return Correction(before, after)


def regrade(attempt: Attempt, definition: Definition, now: datetime) -> Decision:
    """By all regrades that it has not been graded by; an open one waits for its submit."""
    score, known = attempt.score, regrades_of(definition)
    if not attempt.is_finished or score is None:
        return Duplicate(attempt)
    change = Changed(attempt)
    for new in known:
        if new.id not in attempt.regrades:
            by = [one for one in known if one is new or one.id in change.attempt.regrades]
            event = _regraded(change.attempt, score, definition, by, new, now)
            change, score = change.then(event), event.score
    return change if change.events else Duplicate(attempt)


def _regraded(
    attempt: Attempt,
    before: Score,
    definition: Definition,
    by: Sequence[Regrade],
    new: Regrade,
    now: datetime,
) -> ItemRegraded:
    """By `new` and those that it has been graded by, in the order of all."""
    found = scored(attempt, definition, by, attempt.manual)
    return ItemRegraded(
        at=now,
        by=new.by,
        regrade=new.id,
        item=new.item,
        before=attempt.points.get(new.item, 0.0),
        points=found.points[new.item],
        score_before=before,
        score=score_of(attempt, found, _regraded_from(before, found.raw)),
        waiting=found.waiting,
        reason=new.reason,
    )


def _regraded_from(before: Score, raw: float) -> float | None:
    return before.regraded_from if before.raw == raw else before.raw


def _is_right_answer(item: Item, correct: Response) -> bool:
    if correct.is_cleared or not is_answer(item, correct):
        return False
    if item.kind is ItemKind.TEXT:
        return bool((correct.text or "").strip())
    return item.kind is ItemKind.NUMERIC or bool(correct.choices)
