"""Writes people, courses and classes straight into the database, for samples and for tests."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from asyncpg import Record

from legacy.monolith.database import Connection
from legacy.monolith.shapes import Assessment, Question

NEVER_TOUCHED = datetime(2000, 1, 1)  # noqa: DTZ001

Modules = Sequence[tuple[str, Sequence[tuple[str, str]]]]
"""Titles of modules, each with titles and types of lessons."""


async def tenant(db: Connection, tenant_id: str, name: str = "", timezone: str = "UTC") -> str:
    await db.execute(
        "INSERT INTO tenants VALUES ($1, $2, $3)", tenant_id, name or tenant_id.title(), timezone
    )
    return tenant_id


async def person(
    db: Connection,
    tenant: str,
    user_id: int,
    name: str = "",
    role: str = "LEARNER",
) -> int:
    """Someone with one role in the tenant."""
    name = name or f"Person {user_id}"
    email = f"{user_id}@{tenant}.example"
    await db.execute(
        "INSERT INTO people VALUES ($1, $2, $3, $4, 'en')", tenant, user_id, name, email
    )
    await db.execute("INSERT INTO roles VALUES ($1, $2, $3)", tenant, user_id, role)
    return user_id


async def course(
    db: Connection,
    tenant: str,
    course_id: int,
    title: str = "A course",
    code: str = "",
    modules: Modules = (),
    assessments: Sequence[tuple[str, Assessment]] = (),
) -> int:
    """A course; its modules, lessons and assessments take the next free content ids, in order."""
    code = code or f"C-{course_id}"
    await db.execute(
        "INSERT INTO courses VALUES ($1, $2, $3, $4, $5)",
        tenant,
        course_id,
        code,
        title,
        NEVER_TOUCHED,
    )
    for title_of_module, lessons in modules:
        module = await content(db, tenant, course_id, "module", title_of_module)
        for title_of_lesson, type_ in lessons:
            body = {"type": type_}
            await content(db, tenant, course_id, "lesson", title_of_lesson, body, parent=module)
    for title_of_assessment, definition in assessments:
        await content(db, tenant, course_id, "assessment", title_of_assessment, dict(definition))
    return course_id


async def content(
    db: Connection,
    tenant: str,
    course: int,
    kind: str,
    title: str,
    body: dict[str, Any] | None = None,
    parent: int | None = None,
) -> int:
    """One piece of content behind all others; gives its id."""
    next_ = "SELECT coalesce(max(id), 0) + 1 FROM content WHERE tenant_id = $1"
    content_id: int = await db.fetchval(next_, tenant)
    await db.execute(
        """INSERT INTO content (tenant_id, id, course_id, parent_id, kind, position, title, body)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)""",
        tenant,
        content_id,
        course,
        parent,
        kind,
        content_id,
        title,
        body or {},
    )
    return content_id


async def enrol(db: Connection, tenant: str, course: int, user: int, role: str = "LEARNER") -> None:
    await db.execute("INSERT INTO enrolments VALUES ($1, $2, $3, $4)", tenant, course, user, role)


async def complete(
    db: Connection, tenant: str, course: int, lesson: int, user: int, done_at: datetime
) -> None:
    await db.execute(
        "INSERT INTO completions VALUES ($1, $2, $3, $4, $5)",
        tenant,
        lesson,
        user,
        course,
        done_at,
    )


async def live_class(
    db: Connection,
    tenant: str,
    course: int,
    starts: datetime,
    ends: datetime,
    title: str = "Live class",
    teacher: int | None = None,
) -> int:
    """A class at local times; gives its id."""
    next_ = "SELECT coalesce(max(id), 0) + 1 FROM timetable WHERE tenant_id = $1"
    class_id: int = await db.fetchval(next_, tenant)
    await db.execute(
        "INSERT INTO timetable VALUES ($1, $2, $3, $4, $5, $6, $7)",
        tenant,
        class_id,
        course,
        title,
        teacher,
        starts,
        ends,
    )
    return class_id


async def contents(db: Connection, tenant: str, course: int, kind: str) -> list[Record]:
    """What the course has of a kind, in order."""
    return await db.fetch(
        """SELECT id, title, body, attempts FROM content
        WHERE tenant_id = $1 AND course_id = $2 AND kind = $3 ORDER BY position, id""",
        tenant,
        course,
        kind,
    )


def assessment(questions: Sequence[Question] = (), **changed: Any) -> Assessment:
    """A quiz that is always open; `changed` replaces fields of it."""
    plain = Assessment(
        type="QUIZ",
        opens=None,
        closes=None,
        time_limit_min=None,
        grace_s=0,
        attempts_allowed=None,
        policy="highest",
        weight=10.0,
        questions=list(questions),
    )
    unknown = changed.keys() - plain.keys()
    if unknown:
        raise TypeError(f"An assessment has no {', '.join(sorted(unknown))}.")
    return plain | changed  # type: ignore[return-value]
