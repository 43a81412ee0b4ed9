"""Pages about lessons: the outline of a course, one lesson, and having done it."""

from typing import Any

from asyncpg import Record

from legacy.monolith import access
from legacy.monolith.page import Asked

PARTS = """
SELECT content.id, parent_id, kind, title, body, user_id IS NOT NULL AS done
FROM content LEFT JOIN completions
    ON completions.tenant_id = content.tenant_id AND lesson_id = content.id AND user_id = $3
WHERE content.tenant_id = $1 AND content.course_id = $2 AND kind IN ('module', 'lesson')
ORDER BY position, content.id
"""
DONE = """
SELECT 1 FROM completions WHERE tenant_id = $1 AND lesson_id = $2 AND user_id = $3
"""
COMPLETE = """
INSERT INTO completions (tenant_id, lesson_id, user_id, course_id, done_at)
VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING
"""


async def outline(asked: Asked) -> dict[str, Any]:
    course = await access.course(asked, asked.id)
    rows = await asked.db.fetch(PARTS, asked.tenant, course.id, asked.user)
    modules = [row for row in rows if row["kind"] == "module"]
    return {"modules": [_module(module, rows) for module in modules]}


async def lesson(asked: Asked) -> dict[str, Any]:
    row, _ = await access.content(asked, "lesson")
    done = await asked.db.fetchval(DONE, asked.tenant, row["id"], asked.user)
    return _view(row, done is not None)


async def complete(asked: Asked) -> dict[str, Any]:
    row, course = await access.content(asked, "lesson")
    course.for_learners()
    await asked.db.execute(COMPLETE, asked.tenant, row["id"], asked.user, course.id, asked.now)
    return _view(row, done=True)


def _module(module: Record, rows: list[Record]) -> dict[str, Any]:
    lessons = [row for row in rows if row["parent_id"] == module["id"]]
    return {
        "id": module["id"],
        "title": module["title"],
        "lessons": [
            {
                "id": row["id"],
                "title": row["title"],
                "type": row["body"]["type"],
                "done": row["done"],
            }
            for row in lessons
        ],
    }


def _view(row: Record, done: bool) -> dict[str, Any]:
    return {
        "id": row["id"],
        "course": row["course_id"],
        "title": row["title"],
        "type": row["body"]["type"],
        "done": done,
    }
