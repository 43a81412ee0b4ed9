"""Versions of a stream count from 1 without a gap, whoever writes at once and takes back."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from random import Random

import pytest

from legacy.monolith import database, seed
from legacy.monolith.database import Connection
from tests.integration.feeder.changed import changes_of
from tests.integration.monolith.school import School
from tests.integration.monolith.waiting import until

WRITERS, COURSES, WRITES = 16, range(101, 109), 40

DEFINITION = "SELECT pg_get_functiondef($1::text::regproc)"
CARELESS = """
CREATE OR REPLACE FUNCTION next_version(name text) RETURNS bigint LANGUAGE sql AS $$
    SELECT coalesce(max(version), 0) + 1 FROM changes WHERE stream = name
$$
"""
VERSIONS = """
SELECT stream, array_agg(version ORDER BY id) AS versions FROM changes
WHERE tenant_id = $1 AND stream LIKE $2 || '/%' GROUP BY stream
"""
ENROL = "INSERT INTO enrolments VALUES ($1, $2, $3, 'LEARNER')"
COMPLETE = "INSERT INTO completions VALUES ($1, $2, 4, $3, '2026-03-10')"


class TakenBack(Exception):
    """A writer thought better of it."""


async def write(url: str, school: School, writer: int, committed: Counter[str]) -> None:
    """New completions of one learner in eight courses: rows that no other writer's lock guards."""
    dice = Random(writer)
    connection = await database.connect(url)
    try:
        for n in range(WRITES):
            course = dice.choice(COURSES)
            try:
                async with connection.transaction():
                    lesson = writer * 1_000 + n
                    await connection.execute(COMPLETE, school.tenant, lesson, course)
                    await asyncio.sleep(0)
                    if dice.random() < 0.3:
                        raise TakenBack
            except TakenBack:
                continue
            committed[f"completions/{school.tenant}/{course}/4"] += 1
    finally:
        await connection.close()


async def written_at_once(url: str, school: School) -> tuple[Counter[str], dict[str, list[int]]]:
    """How many changes each stream should have, and the versions of those it has."""
    committed: Counter[str] = Counter()
    async with asyncio.TaskGroup() as writers:
        for writer in range(WRITERS):
            writers.create_task(write(url, school, writer, committed))
    rows = await school.db.fetch(VERSIONS, school.tenant, "completions")
    return committed, {row["stream"]: row["versions"] for row in rows}


async def test_versions_of_a_stream_count_without_a_gap(monolith_url: str, biology: School) -> None:
    committed, versions = await written_at_once(monolith_url, biology)

    assert len(committed) == len(COURSES)
    assert versions == {stream: [*range(1, n + 1)] for stream, n in committed.items()}


@asynccontextmanager
async def careless(db: Connection, function: str, replaced: str) -> AsyncIterator[None]:
    careful = await db.fetchval(DEFINITION, function)
    await db.execute(replaced)
    try:
        yield
    finally:
        await db.execute(careful)


async def test_without_the_stream_s_lock_versions_come_twice(
    monolith_url: str, biology: School
) -> None:
    async with careless(biology.db, "next_version", CARELESS):
        committed, versions = await written_at_once(monolith_url, biology)

    assert versions != {stream: [*range(1, n + 1)] for stream, n in committed.items()}


async def roles_told_after_two_at_once(url: str, school: School) -> list[str]:
    """Two give the same person a role; what is told last."""
    changes = await changes_of(school.db, school.tenant)
    first, second = await database.connect(url), await database.connect(url)
    give = "INSERT INTO roles VALUES ($1, 4, $2)"
    async with first.transaction():
        await first.execute(give, school.tenant, "TEACHER")
        waiting = asyncio.create_task(second.execute(give, school.tenant, "PROCTOR"))
        await until(lambda: is_waiting(school.db, waiting))
    await waiting
    await first.close()
    await second.close()
    told: list[str] = (await changes.since())[-1][1]["roles"]
    return told


async def is_waiting(db: Connection, task: asyncio.Task[str]) -> bool:
    locks = "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)"
    return task.done() or bool(await db.fetchval(locks))


async def test_of_roles_given_at_once_none_is_forgotten(monolith_url: str, biology: School) -> None:
    told = await roles_told_after_two_at_once(monolith_url, biology)

    assert told == ["LEARNER", "PROCTOR", "TEACHER"]


async def test_roles_given_at_once_are_forgotten_without_the_lock_before_the_reading(
    monolith_url: str, biology: School
) -> None:
    name = "tell_roles_insert"
    definition = await biology.db.fetchval(DEFINITION, name)
    begin, first, second = definition.split("WITH old_rows")
    hasty = f"{begin}WITH old_rows{second}"

    async with careless(biology.db, name, hasty):
        told = await roles_told_after_two_at_once(monolith_url, biology)

    assert "INSERT INTO streams SELECT DISTINCT" in first
    assert told != ["LEARNER", "PROCTOR", "TEACHER"]


@pytest.mark.parametrize("statement", ["ROLLBACK", "COMMIT"])
async def test_what_is_rolled_back_never_counted(biology: School, statement: str) -> None:
    changes = await changes_of(biology.db, biology.tenant)
    await biology.db.execute("BEGIN")
    await seed.enrol(biology.db, biology.tenant, 2, 4)

    await biology.db.execute(statement)

    assert len(await changes.since()) == (statement == "COMMIT")
