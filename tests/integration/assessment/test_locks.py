"""Learners of one course do not wait for each other, whoever of them is slow."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from legacy.monolith import attempts, database
from legacy.monolith.migrate import migrate
from services.contracts.assessment import AttemptAccepted
from services.contracts.errors import ErrorCode, Refused
from services.storage import db
from services.storage.db import Pool
from tests.fakes.tenant import LEARNER, OTHER, assessment_id
from tests.integration.assessment.campus import Campus, chose
from tests.integration.assessment.definitions import EXAM, QUIZ
from tests.integration.monolith import school as old_school
from tests.integration.monolith.school import School, school
from tests.integration.monolith.serving import monolith
from tests.integration.monolith.test_quirks import are_waiting

DATABASE = "banyan_test_locks"
AT_ONCE_S = 1.5
"""Less than anybody waits for a lock."""

HOLD = """
SELECT FROM attempts WHERE tenant_id = $1 AND assessment_id = $2 AND user_id = $3 FOR UPDATE
"""


async def test_while_one_attempt_is_held_all_others_of_the_course_go_on(
    campus: Campus, worker: Pool
) -> None:
    await campus.enrol(100)
    held, other = await campus.started(), await campus.started(OTHER)

    async with db.transaction(worker, campus.tenant) as connection:
        await connection.execute(HOLD, campus.tenant, QUIZ, int(LEARNER))
        async with asyncio.timeout(AT_ONCE_S):
            saved = await campus.saved(other.id, chose("q1", "b"), user=OTHER)
            done = await campus.submitted(other.id, user=OTHER)
            begun = await campus.started("100")
            own = await campus.client.start(
                campus.asking(), assessment_id(campus.tenant, EXAM), "another"
            )

    assert [saved.version, done.version, begun.version] == [2, 4, 1]
    assert isinstance(own, AttemptAccepted)
    assert (await campus.saved(held.id, chose("q1", "b"))).version == 2


async def test_whoever_waits_too_long_for_an_attempt_may_come_again(
    campus: Campus, worker: Pool
) -> None:
    attempt = (await campus.started()).id
    who, given = campus.asking(), [chose("q1", "b")]

    async with db.transaction(worker, campus.tenant) as connection:
        await connection.execute(HOLD, campus.tenant, QUIZ, int(LEARNER))
        found = await campus.client.save(who, attempt, given, "key", None)

    assert isinstance(found, Refused)
    assert (found.code, found.retryable) == (ErrorCode.UPSTREAM_UNAVAILABLE, True)
    assert isinstance(await campus.client.save(who, attempt, given, "key", None), AttemptAccepted)


@pytest.fixture
async def monolith_url(database_url: str) -> AsyncIterator[str]:
    url = await database.create(database_url, DATABASE)
    await asyncio.to_thread(migrate, url)
    yield url
    await database.drop(database_url, DATABASE)


@pytest.fixture
async def biology(monolith_url: str) -> AsyncIterator[School]:
    connection = await database.connect(monolith_url)
    yield await school(connection, "old")
    await connection.close()


async def test_at_the_old_side_a_learner_waits_for_whoever_is_slow_in_the_course(
    monolith_url: str, biology: School
) -> None:
    async with monolith(monolith_url) as old:
        slow = await old.signed_in(biology.tenant, old_school.LEARNER)
        other = await old.signed_in(biology.tenant, old_school.OTHER_LEARNER)
        async with biology.db.transaction():
            await biology.db.fetch(attempts.LOCK_COURSE, biology.tenant, biology.course)
            stopped = asyncio.ensure_future(other.post(f"/assessments/{biology.quiz}/start"))
            await are_waiting(biology.db, 1)
        assert (await stopped).status_code == 200
        await slow.aclose()
        await other.aclose()
