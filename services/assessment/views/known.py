"""Assessments as they are now, and what the viewer is to each: whatever is asked comes by here."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from services.assessment.model.definition import Definition
from services.assessment.standing import Standing
from services.assessment.store.definitions import BESIDE, definition
from services.assessment.views.asked import Asked

KNOWN = f"""
SELECT newest.assessment_id, newest.version AS definition_version, removed,
    newest.data::text AS definition, {BESIDE.format(assessment="newest.assessment_id")},
    enrolments.role, people.roles, exam_now() AS now
FROM (
    SELECT DISTINCT ON (assessment_id) * FROM definitions
    WHERE tenant_id = $1 AND assessment_id = ANY ($3::bigint[])
    ORDER BY assessment_id, version DESC
) AS newest
LEFT JOIN people ON people.tenant_id = $1 AND people.id = $2
LEFT JOIN enrolments ON enrolments.tenant_id = $1 AND enrolments.user_id = $2
    AND enrolments.course_id = newest.course_id
"""


@dataclass(frozen=True, slots=True)
class Known:
    """`definition` is the one that attempts begin with."""

    definition: Definition
    is_removed: bool
    standing: Standing
    now: datetime


async def known(asked: Asked, assessments: Iterable[int]) -> dict[int, Known]:
    """Those that there are or were; it says nothing of who may see them."""
    rows = await asked.db.fetch(KNOWN, asked.tenant, asked.user, list(set(assessments)))
    return {
        row["assessment_id"]: Known(definition(row), row["removed"], Standing.of(row), row["now"])
        for row in rows
    }


async def open_to(asked: Asked, assessments: Iterable[int]) -> dict[int, Known]:
    """Those that are there and that the viewer takes part in."""
    found = await known(asked, assessments)
    return {
        one: there
        for one, there in found.items()
        if not there.is_removed and there.standing.takes_part
    }


async def watched(asked: Asked, assessments: Iterable[int]) -> dict[int, Known]:
    """Those that are there and that the viewer watches over."""
    found = await known(asked, assessments)
    return {
        one: there
        for one, there in found.items()
        if not there.is_removed and there.standing.supervises
    }
