"""Assessments: their definitions and their items."""

from collections import defaultdict
from datetime import timedelta
from typing import Any, TypeVar

import msgspec

from services.contracts.assessment import Assessment, Item
from services.contracts.events import AssessmentChanged
from services.contracts.ids import AssessmentId, Kind, encode
from services.contracts.question import Ids
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


async def _known(asked: Asked, statement: str, ids: list[int]) -> dict[int, Any]:
    """The column `wanted` of those assessments that the viewer may see."""
    rows = await asked.db.fetch(statement, asked.tenant, ids)
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
