"""Tenants of a bench's own at the monolith, full of learners and quizzes, and gone behind it."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import asyncpg
import click

from bench.forget import forget
from bench.system import System
from legacy.monolith import database, seed
from legacy.monolith.database import Connection
from legacy.monolith.settings import with_database
from legacy.monolith.shapes import Assessment, Choice, Question

MONOLITH = "banyan_monolith"
TEACHER = 1
FIRST_LEARNER = 2

PASSED = """
SELECT NOT EXISTS (SELECT FROM changes WHERE position IS NULL) AND NOT EXISTS (
    SELECT FROM consumers JOIN relay_positions USING (partition)
    WHERE consumers.position < relay_positions.position
        AND seen_at > now() - interval '1 minute'
)
"""

CHOICES = [Choice(id=letter, label=letter.upper()) for letter in "abcd"]


def question(number: int, kind: Any, answer: Any) -> Question:
    prompt = f"Question {number}"
    return Question(
        id=f"q{number}", type=kind, prompt=prompt, choices=CHOICES, answer=answer, points=2.0
    )


ITEMS = [
    question(1, "single", "a"),
    question(2, "multiple", ["a", "b"]),
    question(3, "number", 42.0) | {"tolerance": 0.5},
    question(4, "text", ["mitosis"]),
    question(5, "order", ["a", "b", "c", "d"]),
]


@dataclass(frozen=True, slots=True)
class Campus:
    """Learners are spread over its courses in turn; one teacher has them all.

    Ids of quizzes go on from course to course.
    """

    tenant: str
    learners: int
    courses: int = 1
    quizzes: int = 1
    quiz: Assessment = field(default_factory=lambda: seed.assessment(ITEMS))

    @property
    def users(self) -> range:
        return range(FIRST_LEARNER, FIRST_LEARNER + self.learners)

    def course_of(self, user: int) -> int:
        return (user - FIRST_LEARNER) % self.courses + 1

    def quizzes_of(self, user: int) -> range:
        first = (self.course_of(user) - 1) * self.quizzes + 1
        return range(first, first + self.quizzes)

    async def write(self, db: Connection) -> None:
        async with db.transaction():
            await seed.tenant(db, self.tenant)
            await seed.person(db, self.tenant, TEACHER, role="TEACHER")
            await self._write_learners(db)
            for course in range(1, self.courses + 1):
                quizzes = [(f"Quiz {number}", self.quiz) for number in range(self.quizzes)]
                await seed.course(db, self.tenant, course, assessments=quizzes)
                await seed.enrol(db, self.tenant, course, TEACHER, "TEACHER")
            enrolled = [(self.tenant, self.course_of(user), user, "LEARNER") for user in self.users]
            await db.copy_records_to_table("enrolments", records=enrolled)

    async def _write_learners(self, db: Connection) -> None:
        people = [
            (self.tenant, user, f"Learner {user}", f"{user}@example", "en") for user in self.users
        ]
        await db.copy_records_to_table("people", records=people)
        roles = [(self.tenant, user, "LEARNER") for user in self.users]
        await db.copy_records_to_table("roles", records=roles)


async def write(running: System, campuses: Sequence[Campus]) -> None:
    db = await at_the_monolith(running)
    try:
        for campus in campuses:
            await campus.write(db)
    finally:
        await db.close()


async def at_the_monolith(running: System) -> Connection:
    return await database.connect(with_database(running.at.database, MONOLITH))


async def passed(db: Connection) -> bool:
    """All who follow the old side are where its feed ends."""
    return bool(await db.fetchval(PASSED))


@contextmanager
def tenants_forgotten(running: System, name: str) -> Iterator[None]:
    """Behind the block nothing is known on either side of tenants whose ids begin with `name`."""
    try:
        yield
    finally:
        if running.is_found:
            try:
                asyncio.run(forget(running.at, name))
            except (OSError, asyncpg.PostgresError) as failed:
                click.echo(f"The tenants {name}* are still there: {failed}", err=True)
