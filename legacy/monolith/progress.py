"""How far a learner is in a course, found by counting everyone's lessons."""

from typing import Any

from legacy.monolith import access
from legacy.monolith.page import Asked

# Nothing is kept per learner, and no index leads to one: each asking reads the whole course.
EVERYONES = """
SELECT user_id, count(*) AS done FROM completions
WHERE tenant_id = $1 AND course_id = $2 GROUP BY user_id
"""
TOTAL = """
SELECT count(*) FROM content WHERE tenant_id = $1 AND course_id = $2 AND kind = 'lesson'
"""


async def progress(asked: Asked) -> dict[str, Any]:
    course = await access.course(asked, asked.id)
    user = asked.number("user", asked.user)
    if user != asked.user:
        course.for_teachers()
    everyones = await asked.db.fetch(EVERYONES, asked.tenant, course.id)
    done = {row["user_id"]: row["done"] for row in everyones}
    total = await asked.db.fetchval(TOTAL, asked.tenant, course.id)
    return {"done": done.get(user, 0), "total": total}
