"""Pages about courses and who takes them."""

from typing import Any

from legacy.monolith import access
from legacy.monolith.errors import Invalid
from legacy.monolith.page import Asked

LONGEST_TITLE = 200
LARGEST_PAGE = 200

MINE = """
SELECT courses.id, code, title, role
FROM enrolments JOIN courses
    ON courses.tenant_id = enrolments.tenant_id AND courses.id = course_id
WHERE enrolments.tenant_id = $1 AND user_id = $2
ORDER BY courses.id
"""
RENAME = "UPDATE courses SET title = $3, touched_at = $4 WHERE tenant_id = $1 AND id = $2"
LEARNERS = """
SELECT people.id, name
FROM enrolments JOIN people
    ON people.tenant_id = enrolments.tenant_id AND people.id = user_id
WHERE enrolments.tenant_id = $1 AND course_id = $2 AND role = 'LEARNER' AND user_id > $3
ORDER BY user_id LIMIT $4
"""
HOW_MANY = """
SELECT count(*) FROM enrolments
WHERE tenant_id = $1 AND course_id = $2 AND role = 'LEARNER'
"""


async def mine(asked: Asked) -> dict[str, Any]:
    rows = await asked.db.fetch(MINE, asked.tenant, asked.user)
    return {"courses": [dict(row) for row in rows]}


async def one(asked: Asked) -> dict[str, Any]:
    return _view(await access.course(asked, asked.id))


async def rename(asked: Asked) -> dict[str, Any]:
    course = (await access.course(asked, asked.id)).for_teachers()
    title = _title(asked.body.get("title"))
    await asked.db.execute(RENAME, asked.tenant, course.id, title, asked.now)
    return _view(course) | {"title": title}


async def roster(asked: Asked) -> dict[str, Any]:
    """A page of learners behind the one whose id is `after`, and how many there are in all."""
    course = (await access.course(asked, asked.id)).for_teachers()
    limit = min(asked.number("limit", 50), LARGEST_PAGE)
    after = asked.number("after", 0)
    rows = await asked.db.fetch(LEARNERS, asked.tenant, course.id, after, limit)
    total = await asked.db.fetchval(HOW_MANY, asked.tenant, course.id)
    return {"total": total, "learners": [dict(row) for row in rows]}


def _title(given: object) -> str:
    title = given.strip() if isinstance(given, str) else ""
    if not title or len(title) > LONGEST_TITLE:
        raise Invalid(f"A title has 1 to {LONGEST_TITLE} characters.")
    return title


def _view(course: access.Course) -> dict[str, Any]:
    return {"id": course.id, "code": course.code, "title": course.title}
