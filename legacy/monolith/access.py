"""Who may see, take or teach what."""

from dataclasses import dataclass

from asyncpg import Record

from legacy.monolith.errors import Forbidden, Missing
from legacy.monolith.page import Asked

COURSE = """
SELECT id, code, title,
    (SELECT role FROM enrolments
     WHERE tenant_id = $1 AND course_id = $2 AND user_id = $3) AS enrolled,
    ARRAY(SELECT role FROM roles WHERE tenant_id = $1 AND user_id = $3) AS roles
FROM courses WHERE tenant_id = $1 AND id = $2
"""
ROLES = "SELECT role FROM roles WHERE tenant_id = $1 AND user_id = $2 ORDER BY role"
CONTENT = """
SELECT id, course_id, title, body FROM content
WHERE tenant_id = $1 AND id = $2 AND kind = $3
"""


@dataclass(frozen=True, slots=True)
class Standing:
    """What a person is in the tenant (`roles`) and in one course of it (`enrolled`)."""

    roles: frozenset[str]
    enrolled: str | None

    @property
    def may_see(self) -> bool:
        return self.enrolled is not None or "OPERATOR" in self.roles

    @property
    def may_teach(self) -> bool:
        return self.enrolled == "TEACHER" or "OPERATOR" in self.roles

    @property
    def may_learn(self) -> bool:
        return self.enrolled == "LEARNER"


@dataclass(frozen=True, slots=True)
class Course:
    """A course as the asker stands to it."""

    id: int
    code: str
    title: str
    standing: Standing

    def for_learners(self) -> "Course":
        if not self.standing.may_learn:
            raise Forbidden
        return self

    def for_teachers(self) -> "Course":
        if not self.standing.may_teach:
            raise Forbidden
        return self


async def course(asked: Asked, course_id: int) -> Course:
    """The course; Missing when it is not there, Forbidden when it is and the asker is outside."""
    row = await asked.db.fetchrow(COURSE, asked.tenant, course_id, asked.user)
    if row is None:
        raise Missing
    standing = Standing(frozenset(row["roles"]), row["enrolled"])
    if not standing.may_see:
        raise Forbidden
    return Course(row["id"], row["code"], row["title"], standing)


async def content(asked: Asked, kind: str) -> tuple[Record, Course]:
    """The lesson or assessment named in the path, and its course, as course() judges it."""
    row = await asked.db.fetchrow(CONTENT, asked.tenant, asked.id, kind)
    if row is None:
        raise Missing
    return row, await course(asked, row["course_id"])


async def roles(asked: Asked) -> list[str]:
    """What the asker is in the tenant."""
    return [row["role"] for row in await asked.db.fetch(ROLES, asked.tenant, asked.user)]
