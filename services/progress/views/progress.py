"""How far people are in courses."""

from collections.abc import Mapping

from services.contracts.ids import learner_id
from services.contracts.learning import Progress
from services.contracts.progress_api import Pairs
from services.progress.views.asked import Asked
from services.progress.views.standing import course_id, visible

DONE = """
SELECT course_id, user_id, done FROM counts
JOIN unnest($2::bigint[], $3::bigint[]) AS given (course, person)
    ON course_id = course AND user_id = person
WHERE tenant_id = $1
"""
TOTALS = """
SELECT course_id, count(*) AS lessons FROM lessons
WHERE tenant_id = $1 AND course_id = ANY ($2::bigint[])
GROUP BY course_id
"""


async def progress(asked: Asked, question: Pairs) -> list[Progress | None]:
    """Everyone sees their own; a course's teachers see everybody's, also of who never learnt."""
    seen = await visible(asked, [course for course, _ in question.pairs])
    allowed = {
        (course, person)
        for course, person in question.pairs
        if course in seen and (person == asked.user or seen[course].may_teach)
    }
    done = await _done(asked, allowed)
    totals = await _totals(asked, list(seen))
    return [
        _progress(asked, pair, done, totals) if pair in allowed else None for pair in question.pairs
    ]


def _progress(
    asked: Asked,
    pair: tuple[int, int],
    done: Mapping[tuple[int, int], int],
    totals: Mapping[int, int],
) -> Progress:
    course, user = pair
    return Progress(
        course_id(asked, course),
        learner_id(asked.tenant, user),
        completed=done.get(pair, 0),
        total=totals.get(course, 0),
    )


async def _done(asked: Asked, pairs: set[tuple[int, int]]) -> dict[tuple[int, int], int]:
    courses, people = [course for course, _ in pairs], [person for _, person in pairs]
    rows = await asked.db.fetch(DONE, asked.tenant, courses, people)
    return {(row["course_id"], row["user_id"]): row["done"] for row in rows}


async def _totals(asked: Asked, courses: list[int]) -> dict[int, int]:
    rows = await asked.db.fetch(TOTALS, asked.tenant, courses)
    return {row["course_id"]: row["lessons"] for row in rows}
