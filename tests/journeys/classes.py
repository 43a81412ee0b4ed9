"""A tenant with one course, and many who learn in it."""

from dataclasses import dataclass
from itertools import count
from random import Random

from legacy.monolith import database, seed
from legacy.monolith.database import Connection
from legacy.monolith.demo import remember
from legacy.monolith.settings import with_database
from services.contracts.ids import Kind, encode
from tests.journeys.bars import Learner
from tests.learner import token
from tests.stack import Stack
from tests.system import MONOLITH_DATABASE

FIRST = 1_000
NUMBERS = count(1)


@dataclass(frozen=True, slots=True)
class Class:
    tenant: str
    learners: list[Learner]


async def class_of(stack: Stack, many: int, lessons: int, *, sends_tokens: bool = True) -> Class:
    """Nobody else's tenant."""
    tenant, users = f"class-{next(NUMBERS)}", range(FIRST, FIRST + many)
    db = await database.connect(with_database(stack.database, MONOLITH_DATABASE))
    async with db.transaction():
        ids = await _course(db, tenant, users, lessons)
    await db.close()
    remember(stack.home, {tenant: {"learner": str(FIRST)}})
    course = encode(Kind.COURSE, tenant, 1)
    return Class(
        tenant,
        [
            Learner(
                stack.gateway,
                token(stack.home, tenant, user),
                course,
                [encode(Kind.LESSON, tenant, lesson) for lesson in ids],
                Random(user),
                sends_tokens,
            )
            for user in users
        ],
    )


async def _course(db: Connection, tenant: str, users: range, lessons: int) -> list[int]:
    """The ids of its lessons."""
    names = [(f"Lesson {n}", "TEXT") for n in range(lessons)]
    await seed.tenant(db, tenant)
    course = await seed.course(db, tenant, 1, "Biology", "BIO-1", [("All", names)])
    for user in users:
        await seed.person(db, tenant, user)
        await seed.enrol(db, tenant, course, user)
    return [row["id"] for row in await seed.contents(db, tenant, course, "lesson")]
