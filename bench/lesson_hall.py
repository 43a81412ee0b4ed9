"""A course of many lessons in a tenant of a bench's own, and what is completed in it."""

from dataclasses import dataclass

from bench.campus import FIRST_LEARNER, Campus
from flags.names import COURSE_READ, PROGRESS_READ
from legacy.monolith import seed
from legacy.monolith.database import Connection
from services.contracts.ids import Kind, encode

READ = (COURSE_READ, PROGRESS_READ)
COURSE, LESSONS = 1, 300
WATCHED = FIRST_LEARNER
"""The learner who looks; the others complete lessons beside."""

COMPLETE = """
INSERT INTO completions (tenant_id, lesson_id, user_id, course_id, done_at)
SELECT $1, lesson, learner, $2, now()
FROM unnest($3::bigint[], $4::bigint[]) AS done (lesson, learner)
"""


@dataclass(frozen=True, slots=True)
class LessonHall:
    """`others` never complete the same lesson twice, and each transaction has one of each."""

    tenant: str
    others: range
    lessons: list[int]

    @property
    def course(self) -> str:
        return encode(Kind.COURSE, self.tenant, COURSE)

    async def complete(self, db: Connection, pairs: list[tuple[int, int]]) -> None:
        """Lessons and learners, in one transaction: as many events."""
        lessons, learners = zip(*pairs, strict=True)
        await db.execute(COMPLETE, self.tenant, COURSE, lessons, learners)


async def hall(db: Connection, tenant: str, others: int) -> LessonHall:
    learners = Campus(tenant, others + 1)
    async with db.transaction():
        await learners.write(db)
        made = [await _lesson(db, tenant, number) for number in range(LESSONS)]
    return LessonHall(tenant, learners.users[1:], made)


async def _lesson(db: Connection, tenant: str, number: int) -> int:
    title, body = f"Lesson {number}", {"type": "TEXT"}
    return await seed.content(db, tenant, COURSE, "lesson", title, body)
