"""Writes OULAD into the monolith: what is absent is added, what is there is left alone."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain

from legacy.monolith.database import Connection
from legacy.monolith.oulad import tables
from legacy.monolith.oulad.attempts import as_json, by_learner, completions
from legacy.monolith.oulad.data import Data, Track
from legacy.monolith.oulad.tables import COLUMNS, TENANT, Row


@dataclass(frozen=True, slots=True)
class Counted:
    """How many the files have, and how many of them were not there yet."""

    given: int
    new: int


async def store(db: Connection, data: Data, track: Track) -> dict[str, Counted]:
    """All or nothing, in one transaction."""
    async with db.transaction():
        return {
            **await _courses(db, data),
            **await _people(db, data, track),
            "submissions taken": await _attempts(db, data, track),
            "completions derived": await _completions(db, data, track),
        }


async def _courses(db: Connection, data: Data) -> dict[str, Counted]:
    content = {
        "modules": tables.modules,
        "lessons": tables.lessons,
        "assessments": tables.assessments,
    }
    await _add(db, "tenants", [tables.tenant()])
    return {
        "presentations": await _add(db, "courses", map(tables.presentation, data.courses)),
        **{
            kind: await _add(db, "content", chain.from_iterable(map(rows, data.courses)))
            for kind, rows in content.items()
        },
    }


async def _people(db: Connection, data: Data, track: Track) -> dict[str, Counted]:
    learners = track(data.learners, "writing learners")
    enrolments = track(data.enrolments, "writing enrolments")
    taking = ((TENANT, course, learner, "LEARNER") for course, learner in enrolments)
    teaching = [(TENANT, course.id, tables.TEACHER, "TEACHER") for course in data.courses]
    await _add(db, "people", tables.staff())
    await _add(db, "roles", tables.roles(data.learners))
    await _add(db, "enrolments", teaching)
    return {
        "learners": await _add(db, "people", map(tables.learner, learners)),
        "enrolments": await _add(db, "enrolments", taking),
    }


async def _attempts(db: Connection, data: Data, track: Track) -> Counted:
    """Merges into each assessment's attempts those of learners who have none there."""
    await db.execute(
        "CREATE TEMP TABLE handed_in (id bigint, learner text, attempts jsonb) ON COMMIT DROP"
    )
    works = track(data.works, "writing submissions")
    rows = ((work.exercise.id, str(work.submission.learner), as_json(work)) for work in works)
    given = _number(await db.copy_records_to_table("handed_in", records=rows))
    # Learners may be at work: nobody may write an attempt between our reading and our writing.
    await db.execute(_LOCK, TENANT)
    there = _number(await db.execute(_FORGET_WHAT_IS_THERE, TENANT))
    await db.execute(_MERGE, TENANT)
    return Counted(given, given - there)


_LOCK = """
SELECT 1 FROM content WHERE tenant_id = $1 AND kind = 'assessment' ORDER BY id FOR UPDATE
"""
_FORGET_WHAT_IS_THERE = """
DELETE FROM handed_in USING (
    SELECT id, jsonb_object_keys(attempts) AS learner FROM content
    WHERE tenant_id = $1 AND kind = 'assessment'
) AS there WHERE (handed_in.id, handed_in.learner) = (there.id, there.learner)
"""
_MERGE = """
UPDATE content SET attempts = content.attempts || absent.attempts FROM (
    SELECT id, jsonb_object_agg(learner, attempts) AS attempts FROM handed_in GROUP BY id
) AS absent WHERE content.tenant_id = $1 AND content.id = absent.id
"""


async def _completions(db: Connection, data: Data, track: Track) -> Counted:
    works = track(by_learner(data.works), "deriving completions")
    done = chain.from_iterable(map(completions, works))
    return await _add(db, "completions", map(tables.completion, done))


async def _add(db: Connection, table: str, rows: Iterable[Row]) -> Counted:
    """Through a table of their own, since COPY cannot pass over rows that are there."""
    columns = COLUMNS[table]
    named = ", ".join(columns)
    await db.execute(f"CREATE TEMP TABLE added (LIKE {table} INCLUDING DEFAULTS)")
    given = await db.copy_records_to_table("added", records=rows, columns=columns)
    new = await db.execute(
        f"INSERT INTO {table} ({named}) SELECT {named} FROM added ON CONFLICT DO NOTHING"
    )
    await db.execute("DROP TABLE added")
    return Counted(_number(given), _number(new))


def _number(status: str) -> int:
    """Of `INSERT 0 22`: 22."""
    return int(status.rpartition(" ")[2])
