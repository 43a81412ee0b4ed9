"""C12: what is kept is out of reach a second after a role or an enrolment was taken away."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest
from redis.asyncio import Redis

from legacy.monolith import seed
from services.contracts.changes import STREAM, tags_of
from services.contracts.ids import Kind, encode
from services.contracts.learning import Role
from tests.faults.registry import n
from tests.figures import Recorder
from tests.integration.monolith.school import School
from tests.integration.monolith.waiting import until
from tests.learner import Someone, token
from tests.sides import READS, turn
from tests.stack import Stack

FIRST = 1_000
WITHIN_S, WATCHED_S = 1.0, 2.5
AT_ONCE = 20
SETTLES_S = 1.0
SEES = """query ($course: ID!) { course(id: $course) { title outline { title }
  assessments { totalCount } } viewer { courses { totalCount } } }"""
SHARED = "query ($course: ID!) { course(id: $course) { title assessments { totalCount } } }"
NO_ENROLMENT = "DELETE FROM enrolments WHERE tenant_id = $1 AND user_id >= $2"
NO_ROLE = "DELETE FROM roles WHERE tenant_id = $1 AND user_id >= $2"
UNSAID = "SET LOCAL session_replication_role = replica"
"""What is changed so fires no trigger: no event is made of it, and nobody says it."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Reads that began later than they may be told anything; `last_s`: when one was last told."""

    asked: int
    stale: int
    last_s: float


@asynccontextmanager
async def admitted(
    stack: Stack, school: School, many: int, role: Role
) -> AsyncIterator[list[Someone]]:
    """So many who may see the course: learners by their enrolment, operators by their role."""
    users = range(FIRST, FIRST + many)
    async with school.db.transaction():
        for user in users:
            await seed.person(school.db, school.tenant, user, role=role)
            if role is Role.LEARNER:
                await seed.enrol(school.db, school.tenant, school.course, user)
    await settled(stack, school.tenant)
    bearers = [token(stack.home, school.tenant, user, role) for user in users]
    crowd = [Someone(stack.gateway, bearer) for bearer in bearers]
    yield crowd
    for one in crowd:
        await one.close()


async def settled(stack: Stack, tenant: str) -> None:
    """Nothing more is said of the tenant: what comes late of its beginning would end entries."""
    before, said = -1, 0
    async with asyncio.timeout(30), Redis.from_url(stack.redis) as redis:
        while said == 0 or said != before:
            await asyncio.sleep(SETTLES_S)
            rows: Any = await redis.xrange(STREAM)
            tags = [tag for _, fields in rows for tag in tags_of(fields)]
            before, said = said, sum(f":{tenant}:" in tag for tag in tags)


async def watched(
    school: School, crowd: list[Someone], take_away: Callable[[], Awaitable[object]]
) -> Verdict:
    """They read again and again while it is taken away from all of them at once."""
    gate, last_s, asked, stale = asyncio.Semaphore(AT_ONCE), 0.0, 0, 0
    course = encode(Kind.COURSE, school.tenant, school.course)

    async def sees(one: Someone, query: str) -> bool:
        async with gate:
            data = (await one.answer(query, course=course)).get("data") or {}
        return bool(data.get("course"))

    async def everybody(query: str) -> bool:
        return all(await asyncio.gather(*(sees(one, query) for one in crowd)))

    for query in (SEES, SHARED, SHARED):
        await until(partial(everybody, query), most_s=30)
    await take_away()
    gone_s = time.monotonic()

    async def reads(one: Someone, query: str) -> None:
        nonlocal last_s, asked, stale
        async with gate:
            began_s = time.monotonic() - gone_s
            data = (await one.answer(query, course=course)).get("data") or {}
        asked += 1
        if data.get("course"):
            last_s = max(last_s, began_s)
            stale += began_s > WITHIN_S

    while time.monotonic() - gone_s < WATCHED_S:
        await asyncio.gather(*(reads(one, query) for one in crowd for query in (SHARED, SEES)))
    return Verdict(asked, stale, last_s)


async def take(school: School, statement: str, *, unsaid: bool = False) -> None:
    async with school.db.transaction():
        if unsaid:
            await school.db.execute(UNSAID)
        await school.db.execute(statement, school.tenant, FIRST)


@pytest.mark.parametrize("side", ["legacy", "service"])
@pytest.mark.parametrize(
    ("role", "statement"), [(Role.LEARNER, NO_ENROLMENT), (Role.OPERATOR, NO_ROLE)]
)
async def test_c12_what_was_taken_away_is_out_of_reach(
    stack: Stack, school: School, side: str, role: Role, statement: str, figure: Recorder
) -> None:
    await turn(stack, school.tenant, side, *READS)
    async with admitted(stack, school, n("C12"), role) as crowd:
        verdict = await watched(school, crowd, lambda: take(school, statement))

    figure("C12", reads=verdict.asked, stale_after_1_s=verdict.stale, last_s=verdict.last_s)
    assert verdict.stale == 0


async def test_c12_fails_without_the_log(stack: Stack, school: School, figure: Recorder) -> None:
    """What nobody says is believed until its entry is old."""
    async with admitted(stack, school, 10, Role.LEARNER) as crowd:
        verdict = await watched(school, crowd, lambda: take(school, NO_ENROLMENT, unsaid=True))

    figure("C12", stale_where_nobody_says_it=verdict.stale)
    assert verdict.stale > 0
