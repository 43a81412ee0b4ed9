"""Writes of every kind into the monolith's tables, some of them taken back."""

import asyncio
from datetime import datetime
from random import Random
from typing import Any

from legacy.monolith import database, seed
from legacy.monolith.database import Connection
from tests.integration.monolith.school import School

NINE, TEN = datetime(2026, 3, 10, 9), datetime(2026, 3, 10, 10)  # noqa: DTZ001
ATTEMPT = {
    "number": 1,
    "state": "graded",
    "started": "2026-03-10 09:00:00",
    "saved": None,
    "submitted": None,
    "answers": {"q1": "secret"},
    "score": 1.5,
    "max": 2.0,
    "late": False,
}
ENROL = "INSERT INTO enrolments VALUES ($1, 2, $2, 'LEARNER') ON CONFLICT DO NOTHING"
LEAVE = "DELETE FROM enrolments WHERE tenant_id = $1 AND course_id = 2 AND user_id = $2"
RENAME = "UPDATE courses SET title = $3 WHERE tenant_id = $1 AND id = $2"
COMPLETE = "INSERT INTO completions VALUES ($1, $2, $3, 1, '2026-03-10') ON CONFLICT DO NOTHING"
TRY = "UPDATE content SET attempts = attempts || $3 WHERE tenant_id = $1 AND id = $2"
MOVE = "UPDATE timetable SET title = $2 WHERE tenant_id = $1"
CANCEL = "DELETE FROM timetable WHERE tenant_id = $1 AND id % 3 = 0"
OPEN = "INSERT INTO rooms VALUES ($1, 1, 1, 'open', $2)"
BEGIN = "UPDATE rooms SET state = $2 WHERE tenant_id = $1"
ROLE = "INSERT INTO roles VALUES ($1, $2, 'TEACHER') ON CONFLICT DO NOTHING"
REMOVE = "DELETE FROM content WHERE tenant_id = $1 AND id = $2"


class TakenBack(Exception):
    """A writer thought better of it."""


async def write_until(told: asyncio.Event, url: str, school: School, seed_: int) -> None:
    while not told.is_set():
        await write(url, school, seed_, 20)
        seed_ += 1_000


async def write(url: str, school: School, seed_: int, writes: int) -> None:
    dice = Random(seed_)
    connection = await database.connect(url)
    try:
        for n in range(writes):
            try:
                async with connection.transaction():
                    await _one(connection, school, dice, n)
                    if dice.random() < 0.2:
                        raise TakenBack
            except TakenBack:
                pass
            await asyncio.sleep(dice.random() / 50)
    finally:
        await connection.close()


async def _one(db: Connection, school: School, dice: Random, n: int) -> None:
    tenant, user = school.tenant, dice.randint(4, 40)
    kept: dict[str, Any] = {str(user): [ATTEMPT | {"score": n / 2}]}
    statements: list[tuple[str, tuple[Any, ...]]] = [
        (ENROL, (tenant, user)),
        (LEAVE, (tenant, user)),
        (RENAME, (tenant, dice.randint(1, 2), f"Title {n}")),
        (COMPLETE, (tenant, dice.randint(1, 400), user)),
        (COMPLETE, (tenant, dice.randint(1, 400), user)),
        (TRY, (tenant, school.quiz, kept)),
        (MOVE, (tenant, f"Class {n}")),
        (CANCEL, (tenant,)),
        (BEGIN, (tenant, dice.choice(("open", "live", "ended")))),
        (ROLE, (tenant, dice.randint(4, 6))),
        (REMOVE, (tenant, school.lessons[0])),
    ]
    statement, values = dice.choice(statements)
    await db.execute(statement, *values)


async def timetable(school: School) -> None:
    """Ten classes, one of them open."""
    for n in range(10):
        await seed.live_class(school.db, school.tenant, 1, NINE, TEN, f"Class {n}", teacher=2)
    await school.db.execute(OPEN, school.tenant, NINE)
