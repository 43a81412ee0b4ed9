"""Pages about what assessments there are."""

from typing import Any

from asyncpg import Record

from legacy.monolith import access
from legacy.monolith.local_time import write
from legacy.monolith.page import Asked

OF_COURSE = """
SELECT id, course_id, title, body FROM content
WHERE tenant_id = $1 AND course_id = $2 AND kind = 'assessment'
ORDER BY position, id
"""
SHOWN = (
    "type",
    "opens",
    "closes",
    "time_limit_min",
    "grace_s",
    "attempts_allowed",
    "policy",
    "weight",
)
SHOWN_OF_QUESTION = ("id", "type", "prompt", "choices", "points")


async def of_course(asked: Asked) -> dict[str, Any]:
    course = await access.course(asked, asked.id)
    rows = await asked.db.fetch(OF_COURSE, asked.tenant, course.id)
    return {"assessments": [_view(row) for row in rows]}


async def one(asked: Asked) -> dict[str, Any]:
    """With what the clock on the wall shows, for whoever has to be done in time."""
    row, _ = await access.content(asked, "assessment")
    questions = [
        {name: question[name] for name in SHOWN_OF_QUESTION}
        for question in row["body"]["questions"]
    ]
    return _view(row) | {"questions": questions, "now": write(asked.now)}


def _view(row: Record) -> dict[str, Any]:
    shown = {name: row["body"][name] for name in SHOWN}
    return {"id": row["id"], "course": row["course_id"], "title": row["title"], **shown}
