"""An attempt as it is told over the wire."""

from datetime import datetime

from msgspec.structs import replace

from services.assessment.model.attempt import Attempt
from services.assessment.model.definition import Definition
from services.assessment.model.keys import keys_after, regrades_of
from services.assessment.model.window import window_of
from services.assessment.scoring.scored import by_item
from services.contracts import assessment as words
from services.contracts.ids import AssessmentId, CourseId, Kind, encode, learner_id


def shown(
    attempt: Attempt, definition: Definition, now: datetime, correct: bool = False
) -> words.Attempt:
    """`correct` where the reader may know the right answers; points are of what is finished."""
    place = attempt.place
    return words.Attempt(
        id=place.id,
        assessment_id=AssessmentId(encode(Kind.ASSESSMENT, place.tenant, place.assessment)),
        course_id=CourseId(encode(Kind.COURSE, place.tenant, definition.course)),
        learner_id=learner_id(place.tenant, place.user),
        number=place.number,
        state=attempt.state,
        started_at=attempt.started_at,
        saved_at=attempt.saved_at,
        submitted_at=attempt.submitted_at,
        score=attempt.score,
        version=attempt.version,
        window=window_of(attempt, definition, now),
        answers=_answers(attempt, definition),
        receipt=attempt.receipt,
        correct=_correct(definition) if correct else None,
        preview=place.preview,
    )


def _answers(attempt: Attempt, definition: Definition) -> list[words.Answer]:
    """In order of the items."""
    points = attempt.points if attempt.is_finished else {}
    given = [attempt.answers.get(item.id) for item in definition.items]
    return [replace(one, points=points.get(one.item_id)) for one in given if one is not None]


def _correct(definition: Definition) -> list[words.Correct]:
    keys = by_item(definition.items, keys_after(definition, regrades_of(definition)))
    return [words.Correct(key.item, key.choices, key.texts, key.number) for key in keys.values()]
