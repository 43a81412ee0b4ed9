"""The whole timetable of a tenant as an import would leave it, with the learners expected."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.live_class.schedule.ics.occurrence import Span
from services.live_class.schedule.peak import Sitting
from services.live_class.schedule.plan import Planned
from services.storage.db import Connection

# A role that is not known is of an enrolment older than that column, and most of those learn.
LEARNERS = """
SELECT course_id, count(*) AS learners FROM enrolments
WHERE tenant_id = $1 AND (role IS NULL OR role = 'LEARNER') GROUP BY course_id
"""
OLD = """
SELECT course_id, starts_at, ends_at FROM classes
WHERE tenant_id = $1 AND starts_at >= $2 AND starts_at < $3
"""
COURSES = "SELECT id FROM courses WHERE tenant_id = $1"


@dataclass(frozen=True, slots=True)
class Campus:
    """`learners` by course; `old` are the classes of the monolith's timetable in the span."""

    courses: frozenset[int]
    learners: dict[int, int]
    old: Sequence[Sitting]

    @classmethod
    async def read(cls, db: Connection, tenant: str, span: Span) -> "Campus":
        courses = {row["id"] for row in await db.fetch(COURSES, tenant)}
        learners = {row["course_id"]: row["learners"] for row in await db.fetch(LEARNERS, tenant)}
        old = [
            Sitting(row["starts_at"], row["ends_at"], learners.get(row["course_id"], 0))
            for row in await db.fetch(OLD, tenant, span.since, span.until)
        ]
        return cls(frozenset(courses), learners, old)

    def sittings(
        self, held: Sequence[Planned], writes: Sequence[Planned], span: Span
    ) -> list[Sitting]:
        """Of both timetables, once the writes are done."""
        written = {one.id for one in writes if one.id}
        own = [*(one for one in held if one.id not in written), *writes]
        return [*self.old, *(self._sitting(one) for one in own if _counts(one, span))]

    def _sitting(self, one: Planned) -> Sitting:
        return Sitting(one.starts_at, one.ends_at, self.learners.get(one.course, 0))


def _counts(one: Planned, span: Span) -> bool:
    return not one.cancelled and span.has(one.starts_at)
