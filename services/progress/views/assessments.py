"""Assessments: their definitions, their items, and the viewer's own attempts."""

from collections import defaultdict
from datetime import timedelta
from typing import Any, TypeVar

import msgspec

from services.contracts.assessment import Assessment, Attempt, Item, Score
from services.contracts.events import AssessmentChanged, PastAttempt
from services.contracts.ids import AssessmentId, AttemptId, Kind, LearnerId, Side, encode
from services.contracts.progress_api import Ids
from services.progress.views.asked import Asked
from services.progress.views.standing import course_id, visible

T = TypeVar("T")

OF_COURSES = """
SELECT course_id, definition FROM assessments
WHERE tenant_id = $1 AND course_id = ANY ($2::bigint[])
ORDER BY position, id
"""
BY_IDS = """
SELECT id, course_id, {column} AS wanted FROM assessments
WHERE tenant_id = $1 AND id = ANY ($2::bigint[])
"""
DEFINITIONS = BY_IDS.format(column="definition")
ITEMS = BY_IDS.format(column="items")
# Somebody without an attempt has no row.
MINE = """
SELECT id, course_id, coalesce(attempts, '[]') AS wanted
FROM assessments LEFT JOIN attempts
    ON attempts.tenant_id = $1 AND assessment_id = id AND user_id = $3
WHERE assessments.tenant_id = $1 AND id = ANY ($2::bigint[])
"""


async def of_courses(asked: Asked, question: Ids) -> list[list[Assessment] | None]:
    seen = await visible(asked, question.ids)
    found: dict[int, list[Assessment]] = defaultdict(list)
    for row in await asked.db.fetch(OF_COURSES, asked.tenant, list(seen)):
        found[row["course_id"]].append(_assessment(asked, row["definition"]))
    return [found[course] if course in seen else None for course in question.ids]


async def assessments(asked: Asked, question: Ids) -> list[Assessment | None]:
    known = await _known(asked, DEFINITIONS, question.ids)
    return [_assessment(asked, known[one]) if one in known else None for one in question.ids]


async def items(asked: Asked, question: Ids) -> list[list[Item] | None]:
    known = await _known(asked, ITEMS, question.ids)
    return [_read(known[one], list[Item]) if one in known else None for one in question.ids]


async def my_attempts(asked: Asked, question: Ids) -> list[list[Attempt] | None]:
    known = await _known(asked, MINE, question.ids, asked.user)
    return [_attempts(asked, one, known[one]) if one in known else None for one in question.ids]


async def _known(asked: Asked, statement: str, ids: list[int], *more: int) -> dict[int, Any]:
    """The column `wanted` of those assessments that the viewer may see."""
    rows = await asked.db.fetch(statement, asked.tenant, ids, *more)
    seen = await visible(asked, [row["course_id"] for row in rows])
    return {row["id"]: row["wanted"] for row in rows if row["course_id"] in seen}


def _read(stored: Any, form: type[T]) -> T:
    return msgspec.convert(stored, form)


def _assessment(asked: Asked, stored: Any) -> Assessment:
    said = _read(stored, AssessmentChanged)
    limit_s = said.time_limit_s
    return Assessment(
        id=AssessmentId(encode(Kind.ASSESSMENT, asked.tenant, said.assessment)),
        course_id=course_id(asked, said.course),
        title=said.title,
        kind=said.kind,
        opens_at=said.opens_at,
        closes_at=said.closes_at,
        time_limit=None if limit_s is None else timedelta(seconds=limit_s),
        grace=timedelta(seconds=said.grace_s),
        attempts_allowed=said.attempts_allowed,
        scoring_policy=said.scoring_policy,
        weight=said.weight,
    )


def _attempts(asked: Asked, assessment: int, stored: Any) -> list[Attempt]:
    past = _read(stored, list[PastAttempt])
    return [_attempt(asked, assessment, one) for one in past]


def _attempt(asked: Asked, assessment: int, past: PastAttempt) -> Attempt:
    local = f"{assessment}-{asked.user}-{past.number}"
    return Attempt(
        id=AttemptId(encode(Kind.ATTEMPT, asked.tenant, local, Side.LEGACY)),
        assessment_id=AssessmentId(encode(Kind.ASSESSMENT, asked.tenant, assessment)),
        learner_id=LearnerId(encode(Kind.LEARNER, asked.tenant, asked.user)),
        number=past.number,
        state=past.state,
        started_at=past.started_at,
        saved_at=past.saved_at,
        submitted_at=past.submitted_at,
        score=None if past.score is None else Score(past.score, past.max, past.late),
    )
