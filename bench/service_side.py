"""What the assessment service has in its database of tenants of a bench, one tenant at a time."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any

import asyncpg
import click

from bench import report
from bench.campus import Campus
from bench.system import System
from services.storage.address import database_of
from services.storage.server import with_database

WITHIN_S = 300.0
"""A system that has just begun has a whole sample to take in first."""
LOOK_EVERY_S = 0.1

# Whoever does not own all of the server sees the rows of one tenant alone.
BE = "SELECT set_config('banyan.tenant', $1, false)"
COUNTS = """
SELECT (SELECT count(*) FROM people WHERE tenant_id = $1),
    (SELECT count(*) FROM enrolments WHERE tenant_id = $1),
    (SELECT count(*) FROM definitions WHERE tenant_id = $1)
"""
PREPARED = """
SELECT count(*) FROM attempts
WHERE tenant_id = $1 AND assessment_id = $2 AND state = 'NOT_STARTED' AND NOT preview
"""
VERSIONS = "SELECT count(*) FROM definitions WHERE tenant_id = $1 AND assessment_id = $2"
# Of each learner and attempt, how often what happened, and whether time or somebody did it.
EVENTS = """
SELECT user_id, number, data ->> 'type' AS what, by IS NOT NULL AS by_hand, count(*) AS times
FROM attempt_events WHERE tenant_id = $1 AND assessment_id = $2 AND NOT preview
GROUP BY user_id, number, what, by_hand
"""
ANSWERED = """
SELECT user_id, count(*) AS items, max(sequence) AS newest FROM answers
WHERE tenant_id = $1 AND assessment_id = $2 AND NOT preview GROUP BY user_id
"""


class ServiceSide:
    def __init__(self, db: "asyncpg.Connection[asyncpg.Record]") -> None:
        self._db = db

    @classmethod
    async def of(cls, running: System) -> "ServiceSide":
        url = with_database(running.at.database, database_of("assessment"))
        return cls(await asyncpg.connect(url))

    async def await_known(self, campuses: Sequence[Campus]) -> None:
        with report.progress() as bar:
            task = bar.add_task("Waiting until the service knows all", total=len(campuses))
            for campus in campuses:
                await until(partial(self._knows, campus), "heard of all learners")
                bar.advance(task)

    async def _knows(self, campus: Campus) -> bool:
        [counts] = await self.fetch(COUNTS, campus.tenant)
        teachers, courses = 1, campus.courses
        people, enrolments = campus.learners + teachers, campus.learners + courses
        return tuple(counts) == (people, enrolments, courses * campus.quizzes)

    async def prepared(self, tenant: str, assessment: int) -> int:
        return await self._count(PREPARED, tenant, assessment)

    async def versions(self, tenant: str, assessment: int) -> int:
        return await self._count(VERSIONS, tenant, assessment)

    async def _count(self, query: str, tenant: str, assessment: int) -> int:
        [[counted]] = await self.fetch(query, tenant, assessment)
        return int(counted)

    async def fetch(self, query: str, tenant: str, *asked: object) -> list[Any]:
        await self._db.execute(BE, tenant)
        return await self._db.fetch(query, tenant, *asked)

    async def close(self) -> None:
        await self._db.close()


async def until(claim: Callable[[], Awaitable[bool]], what: str) -> float:
    """Seconds until it was true."""
    began = time.monotonic()
    while not await claim():
        if time.monotonic() > began + WITHIN_S:
            raise click.ClickException(
                f"After {WITHIN_S:.0f} s the assessment service has not yet {what}."
            )
        await asyncio.sleep(LOOK_EVERY_S)
    return time.monotonic() - began
