"""Writes an archive line by line, so that it may be larger than memory."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import datetime

from asyncpg import Record

from legacy.monolith.database import Connection
from legacy.monolith.export import lines
from legacy.monolith.export.lines import Line
from legacy.monolith.export.rows import Rows
from legacy.monolith.shapes import Assessment, Question

Put = Callable[[Line], None]
Track = Callable[[int, int, int], None]
"""Is told the assessments of so many, and the attempts, that are written."""

EVERYBODY = "all tenants"


@dataclass(slots=True)
class Written:
    assessments: int = 0
    versions: int = 0
    attempts: int = 0


@dataclass(slots=True)
class _Asked:
    """What is known of an assessment when its attempts are told."""

    timezone: str
    questions: dict[str, Question] = field(default_factory=dict)
    versions: int = 0
    body: Assessment | None = None
    """The last one told: one that was only renamed is not told again."""


async def write(
    db: Connection, tenant: str | None, now: datetime, put: Put, track: Track
) -> Written:
    """As all was at one moment, while everybody works on."""
    async with db.transaction(isolation="repeatable_read", readonly=True):
        rows = Rows(db, tenant)
        in_all = await rows.assessments()
        put(lines.opening(f"Monolith, {tenant or EVERYBODY}", now))
        asked = await _definitions(rows.bodies(), put)
        attempts = await _sittings(
            rows.attempts(), asked, put, lambda done, told: track(done, in_all, told)
        )
        return Written(len(asked), sum(one.versions for one in asked.values()), attempts)


async def _definitions(rows: AsyncIterator[Record], put: Put) -> dict[str, _Asked]:
    known: dict[str, _Asked] = {}
    async for row in rows:
        name = _name(row)
        asked = known.setdefault(name, _Asked(row["timezone"]))
        if row["body"] == asked.body:
            continue
        asked.body = row["body"]
        asked.versions += 1
        asked.questions |= {question["id"]: question for question in row["body"]["questions"]}
        put(lines.definition(name, asked.versions, row["body"], asked.timezone))
    return known


async def _sittings(
    rows: AsyncIterator[Record],
    asked: dict[str, _Asked],
    put: Put,
    track: Callable[[int, int], None],
) -> int:
    attempts, seen = 0, set()
    async for row in rows:
        name, theirs = _name(row), asked[_name(row)]
        seen.add(name)
        put(lines.sitting(name, row["learner"], row["attempts"], theirs.questions, theirs.timezone))
        attempts += len(row["attempts"])
        track(len(seen), attempts)
    return attempts


def _name(row: Record) -> str:
    return f"{row['tenant_id']}/{row['id']}"
