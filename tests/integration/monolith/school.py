"""A tenant of a test's own: a course with everything in it, and the people round it."""

from dataclasses import dataclass

from legacy.monolith import seed
from legacy.monolith.database import Connection
from tests.unit.legacy.monolith.questions import FIVE

OPERATOR, TEACHER, PROCTOR, LEARNER, OTHER_LEARNER, STRANGER = 1, 2, 3, 4, 5, 6

MODULES = [
    ("Cells", [("What a cell is", "TEXT"), ("Membranes", "VIDEO")]),
    ("Genes", [("DNA", "QUIZ"), ("Ask the teacher", "LIVE")]),
]


@dataclass(frozen=True, slots=True)
class School:
    """`course` has people in it, `strange_course` has none; ids of content are in order."""

    db: Connection
    tenant: str
    course: int
    strange_course: int
    lessons: list[int]
    quiz: int


async def school(db: Connection, tenant: str, timezone: str = "Asia/Jakarta") -> School:
    async with db.transaction():
        await seed.tenant(db, tenant, timezone=timezone)
        await _people(db, tenant)
        return await _courses(db, tenant)


async def _people(db: Connection, tenant: str) -> None:
    for user, role in {OPERATOR: "OPERATOR", TEACHER: "TEACHER", PROCTOR: "PROCTOR"}.items():
        await seed.person(db, tenant, user, role.title(), role)
    for user in (LEARNER, OTHER_LEARNER, STRANGER):
        await seed.person(db, tenant, user)


async def _courses(db: Connection, tenant: str) -> School:
    quiz = ("A quiz", seed.assessment(FIVE))
    course = await seed.course(db, tenant, 1, "Biology", "BIO-1", MODULES, [quiz])
    await seed.enrol(db, tenant, course, TEACHER, "TEACHER")
    await seed.enrol(db, tenant, course, LEARNER)
    await seed.enrol(db, tenant, course, OTHER_LEARNER)
    strange = await seed.course(db, tenant, 2, "History", "HIS-1")
    lessons = [row["id"] for row in await seed.contents(db, tenant, course, "lesson")]
    quizzes = [row["id"] for row in await seed.contents(db, tenant, course, "assessment")]
    return School(db, tenant, course, strange, lessons, quizzes[0])
