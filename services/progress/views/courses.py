"""Courses, whose they are, and who learns in them."""

from collections import defaultdict

from services.contracts.learning import Course, Enrolment, Learner, Role
from services.contracts.progress_api import Roster, RosterPart
from services.contracts.question import Ids, Nothing
from services.progress.views.asked import Asked
from services.progress.views.people import learner
from services.progress.views.standing import course_id, visible

MINE = """
SELECT courses.id, title, code, role
FROM enrolments JOIN courses
    ON courses.tenant_id = enrolments.tenant_id AND courses.id = course_id
WHERE enrolments.tenant_id = $1 AND user_id = $2
ORDER BY courses.id
"""
# Each one's name is looked up by itself: a join may read everybody's that come before the page.
LEARNERS = """
SELECT course, id, name FROM unnest($2::bigint[]) AS given (course) CROSS JOIN LATERAL (
    SELECT user_id AS id, name FROM enrolments CROSS JOIN LATERAL (
        SELECT name FROM people WHERE people.tenant_id = $1 AND people.id = user_id LIMIT 1
    ) AS person
    WHERE tenant_id = $1 AND course_id = course AND role = 'LEARNER' AND user_id > $3
    ORDER BY user_id LIMIT $4
) AS page
ORDER BY course, id
"""
HOW_MANY = """
SELECT course_id, count(*) AS learners FROM enrolments
WHERE tenant_id = $1 AND course_id = ANY ($2::bigint[]) AND role = 'LEARNER'
GROUP BY course_id
"""


async def enrolments(asked: Asked, _: Nothing) -> list[Enrolment]:
    rows = await asked.db.fetch(MINE, asked.tenant, asked.user)
    return [
        Enrolment(Course(course_id(asked, row["id"]), row["title"], row["code"]), Role(row["role"]))
        for row in rows
    ]


async def courses(asked: Asked, question: Ids) -> list[Course | None]:
    seen = await visible(asked, question.ids)
    return [seen[course].course if course in seen else None for course in question.ids]


async def rosters(asked: Asked, question: RosterPart) -> list[Roster | None]:
    seen = await visible(asked, question.courses)
    taught = [course for course, standing in seen.items() if standing.may_teach]
    totals = await _totals(asked, taught)
    pages = await _pages(asked, taught, question)
    return [
        _roster(pages[course], totals.get(course, 0), question.first) if course in taught else None
        for course in question.courses
    ]


async def _totals(asked: Asked, courses: list[int]) -> dict[int, int]:
    rows = await asked.db.fetch(HOW_MANY, asked.tenant, courses)
    return {row["course_id"]: row["learners"] for row in rows}


async def _pages(
    asked: Asked, courses: list[int], part: RosterPart
) -> dict[int, list[tuple[int, Learner]]]:
    """Of each course one row more than wanted, where there is one."""
    pages: dict[int, list[tuple[int, Learner]]] = defaultdict(list)
    for row in await asked.db.fetch(LEARNERS, asked.tenant, courses, part.after, part.first + 1):
        pages[row["course"]].append((row["id"], learner(asked, row["id"], row["name"])))
    return pages


def _roster(rows: list[tuple[int, Learner]], total: int, first: int) -> Roster:
    return Roster(total, rows[:first], more=len(rows) > first)
