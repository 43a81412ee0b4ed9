"""The scores of courses: one's own, and those of everybody who learns there for its teachers."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from services.assessment.standing import Standing
from services.assessment.views.asked import Asked
from services.assessment.views.gradebook import Pair, entries
from services.contracts.assessment_api import CourseScore
from services.contracts.gradebook import course_score
from services.contracts.question import Pairs

STANDINGS = """
SELECT course, enrolments.role, people.roles, exam_now() AS now
FROM unnest($3::bigint[]) AS wanted (course)
LEFT JOIN people ON people.tenant_id = $1 AND people.id = $2
LEFT JOIN enrolments ON enrolments.tenant_id = $1 AND enrolments.user_id = $2
    AND enrolments.course_id = course
"""
LEARNERS = """
SELECT course_id, user_id FROM enrolments
JOIN unnest($2::bigint[], $3::bigint[]) AS wanted (course, person)
    ON course_id = course AND user_id = person
WHERE tenant_id = $1 AND role = 'LEARNER'
"""
UNKNOWN = CourseScore(None)


@dataclass(frozen=True, slots=True)
class Reader:
    """What the viewer is to a course, and when they ask."""

    standing: Standing
    now: datetime


async def scores(asked: Asked, question: Pairs) -> list[CourseScore | None]:
    """Nothing counts of whoever does not learn there: what teachers try is for themselves."""
    readers = await _readers(asked, {course for course, _ in question.pairs})
    allowed = {pair for pair in question.pairs if _may_know(asked, pair, readers)}
    known = await _known(asked, await _learning(asked, allowed), readers)
    return [known.get(pair, UNKNOWN) if pair in allowed else None for pair in question.pairs]


async def _known(
    asked: Asked, pairs: Iterable[Pair], readers: dict[int, Reader]
) -> dict[Pair, CourseScore]:
    if not (wanted := list(pairs)):
        return {}
    now = readers[wanted[0][0]].now
    made = await entries(asked, wanted, now)
    return {pair: CourseScore(course_score(theirs)) for pair, theirs in made.items()}


def _may_know(asked: Asked, pair: Pair, readers: dict[int, Reader]) -> bool:
    course, person = pair
    standing = readers[course].standing
    return standing.teaches or (standing.takes_part and person == asked.user)


async def _readers(asked: Asked, courses: Iterable[int]) -> dict[int, Reader]:
    rows = await asked.db.fetch(STANDINGS, asked.tenant, asked.user, list(courses))
    return {row["course"]: Reader(Standing.of(row), row["now"]) for row in rows}


async def _learning(asked: Asked, pairs: Iterable[Pair]) -> list[Pair]:
    """Those of them who learn in the course."""
    wanted = sorted(pairs)
    columns = [course for course, _ in wanted], [person for _, person in wanted]
    rows = await asked.db.fetch(LEARNERS, asked.tenant, *columns)
    return [(row["course_id"], row["user_id"]) for row in rows]
