"""Every statement about attempts touches one part of the tables that are split by tenant."""

import re
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from asyncpg.connection import LoggedQuery

from services.assessment.duties.preparer import Preparer
from services.assessment.duties.regrader import Regrader
from services.assessment.duties.sweeper import Sweeper
from services.assessment.duties.telling import Telling
from services.assessment.rights import WORKER
from services.assessment.service import Addresses, service
from services.assessment.tables import PARTS, SPLIT_TABLES
from services.contracts.ids import TenantId
from services.contracts.supervising import Deed
from services.events.topics import Topics
from services.kit.clock import SystemClock
from services.kit.transport import HttpTransport
from services.storage import db
from services.storage.db import Connection, Pool
from tests.fakes.tenant import OTHER, TEACHER, assessment_id, course_id
from tests.integration.assessment.campus import Campus, chose, counted
from tests.integration.assessment.conftest import NOBODY, NUMBERS
from tests.integration.assessment.definitions import COURSE, EXAM, QUIZ, exam
from tests.integration.assessment.test_preparer import PREPARES
from tests.integration.assessment.test_regrading import correct
from tests.integration.assessment.test_supervising import grade, grant, pause, reopen, void
from tests.integration.assessment.test_sweeper import END
from tests.integration.monolith.serving import serving
from tests.stack import Stack

NAMES = re.compile(rf"\b({'|'.join(SPLIT_TABLES)})\b")
PART = re.compile(rf"({'|'.join(SPLIT_TABLES)})_(rest_[0-7]|of_.*)")
MOST_ROUND_TRIPS = 8


@pytest.fixture
def noted(monkeypatch: pytest.MonkeyPatch) -> list[LoggedQuery]:
    """What every connection that is made from now on is asked."""
    made: list[LoggedQuery] = []
    speak = db._speak_json

    async def init(connection: Connection) -> None:
        await speak(connection)
        connection.add_query_logger(made.append)

    monkeypatch.setattr(db, "_speak_json", init)
    return made


@pytest.fixture
async def watched(
    noted: list[LoggedQuery],
    assessment_url: str,
    stack: Stack,
    pool: Pool,
    worker: Pool,
    transport: HttpTransport,
    topics: Topics,
) -> AsyncIterator[Campus]:
    """A tenant of a service of its own."""
    at = Addresses(assessment_url, stack.redis, NOBODY)
    async with service(at, SystemClock()) as made, serving(made.app) as url:
        campus = Campus(f"watched-{next(NUMBERS)}", pool, worker, topics, url, transport)
        await campus.open()
        yield campus


async def everything(campus: Campus, pool: Pool, telling: Telling) -> None:
    """Each command, each question, each duty once."""
    own, exam_id = campus.asking(), assessment_id(campus.tenant, EXAM)
    begun = await campus.started(assessment=EXAM)
    await campus.saved(begun.id, chose("q1", "b"), counted("q2", 1))
    await campus.client.start(own, exam_id, "again")
    for does in (grant, pause):
        await does(campus, TEACHER, begun.id)
    await campus.client.act(campus.asking(TEACHER), Deed.RESUME, begun.id, "Over", "resume")
    await campus.submitted(begun.id, chose("q1", "c", sequence=2))
    await correct(campus, "c")
    for does in (grade, reopen, void):
        await does(campus, TEACHER, begun.id)
    await campus.client.side(own, exam_id, True, None)
    await campus.client.mine(own, [exam_id])
    await campus.client.many(own, [begun.id])
    await campus.client.windows(own, [exam_id])
    await campus.client.submissions(campus.asking(TEACHER), [exam_id], 10, None, [])
    await campus.client.submission_counts(campus.asking(TEACHER), [exam_id])
    await campus.client.scores(own, [(course_id(campus.tenant, COURSE), begun.learner_id)])
    await campus.client.verify(own, begun.id, "0" * 64)
    await campus.submitted((await campus.started(OTHER, QUIZ)).id, user=OTHER)
    await duties(campus, pool, telling)


async def duties(campus: Campus, pool: Pool, telling: Telling) -> None:
    tenant = TenantId(campus.tenant)
    await Regrader(pool, telling).visit(tenant)
    await campus.started(OTHER, EXAM)
    await campus.rule(PREPARES)
    await Sweeper(pool, telling).visit(tenant)
    await campus.passes(END)
    await Sweeper(pool, telling).visit(tenant)
    now = await campus.now()
    await campus.define(exam(now, opens_at=now + timedelta(minutes=5)))
    await Preparer(pool, telling).visit(tenant)


async def parts_of(worker: Pool, tenant: str, statement: str, arguments: Any) -> set[str]:
    """Names of the parts that the plan touches."""
    async with db.transaction(worker, tenant) as connection:
        plan = await connection.fetchval(f"EXPLAIN (FORMAT JSON) {statement}", *arguments)
    return set(_relations(msgspec.json.decode(plan) if isinstance(plan, str) else plan))


def _relations(plan: Any) -> Iterator[str]:
    if isinstance(plan, list):
        for one in plan:
            yield from _relations(one)
    if isinstance(plan, dict):
        if PART.fullmatch(str(plan.get("Relation Name", ""))):
            yield plan["Relation Name"]
        for inside in plan.values():
            yield from _relations(inside)


async def test_every_statement_touches_one_part_of_a_table(
    watched: Campus, noted: list[LoggedQuery], assessment_url: str, worker: Pool, telling: Telling
) -> None:
    async with db.pool(assessment_url, role=WORKER) as pool:
        await everything(watched, pool, telling)
    asked = {query.query: query.args for query in noted if NAMES.search(query.query)}

    touched = {
        statement: await parts_of(worker, watched.tenant, statement, arguments or ())
        for statement, arguments in asked.items()
    }

    assert len(touched) >= 12
    crowded = {
        statement: parts
        for statement, parts in touched.items()
        if len({PART.fullmatch(part)[1] for part in parts}) < len(parts)  # type: ignore[index]
    }
    assert crowded == {}
    assert any(parts for parts in touched.values())


async def test_a_statement_that_names_no_tenant_is_found_out(campus: Campus, pool: Pool) -> None:
    parts = await parts_of(pool, campus.tenant, "SELECT * FROM attempts WHERE user_id = $1", (4,))

    assert len(parts) >= PARTS


@pytest.mark.parametrize("command", ["start", "save", "submit"])
async def test_a_learners_command_makes_few_round_trips(
    watched: Campus, noted: list[LoggedQuery], command: str
) -> None:
    await watched.started(OTHER)
    attempt = None if command == "start" else (await watched.started()).id
    noted.clear()

    if attempt is None:
        await watched.started()
    elif command == "save":
        await watched.saved(attempt, chose("q1", "b"))
    else:
        await watched.submitted(attempt, chose("q1", "b"))

    made = [query.query for query in noted]
    assert 0 < len(made) <= MOST_ROUND_TRIPS, made
