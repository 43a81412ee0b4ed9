"""What the viewer is in courses: whatever is asked of a course is asked through here."""

from collections.abc import Iterable
from dataclasses import dataclass

from services.contracts.ids import CourseId, Kind, encode
from services.contracts.learning import Course, Role
from services.progress.views.asked import Asked

VISIBLE = """
WITH viewer AS (
    SELECT EXISTS (
        SELECT FROM people WHERE tenant_id = $1 AND id = $2 AND 'OPERATOR' = ANY (roles)
    ) AS operates
)
SELECT courses.id, title, code, role, operates
FROM viewer CROSS JOIN courses LEFT JOIN enrolments
    ON enrolments.tenant_id = $1 AND course_id = courses.id AND user_id = $2
WHERE courses.tenant_id = $1 AND courses.id = ANY ($3::bigint[])
    AND (operates OR role IS NOT NULL)
"""


@dataclass(frozen=True, slots=True)
class Visible:
    """A course that the viewer may see; `role` is None where they only operate the tenant."""

    course: Course
    role: Role | None
    operates: bool

    @property
    def may_teach(self) -> bool:
        return self.operates or self.role is Role.TEACHER


async def visible(asked: Asked, courses: Iterable[int]) -> dict[int, Visible]:
    """Those of the courses that are there and that the viewer may see."""
    rows = await asked.db.fetch(VISIBLE, asked.tenant, asked.user, list(set(courses)))
    return {
        row["id"]: Visible(
            Course(course_id(asked, row["id"]), row["title"], row["code"]),
            None if row["role"] is None else Role(row["role"]),
            row["operates"],
        )
        for row in rows
    }


def course_id(asked: Asked, course: int) -> CourseId:
    return CourseId(encode(Kind.COURSE, asked.tenant, course))
