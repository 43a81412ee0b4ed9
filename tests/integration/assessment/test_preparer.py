"""Attempts are made ahead of an exam's opening, and are nobody's news before they are begun."""

from datetime import timedelta

import pytest

from services.assessment.duties.preparer import Preparer
from services.assessment.duties.telling import Telling
from services.contracts.assessment import AtEnd, AttemptState, Rules
from services.contracts.ids import TenantId
from services.storage.db import Pool
from tests.fakes.tenant import assessment_id
from tests.integration.assessment.campus import Campus
from tests.integration.assessment.definitions import EXAM, exam

PREPARES = Rules(AtEnd.SUBMIT, prepare_s=600)


@pytest.fixture
def preparer(worker: Pool, telling: Telling) -> Preparer:
    return Preparer(worker, telling)


async def test_attempts_are_made_ahead_and_begun_when_it_opens(
    campus: Campus, preparer: Preparer
) -> None:
    await campus.enrol(*range(100, 170))
    opens_at = await campus.now() + timedelta(minutes=5)
    await campus.define(exam(await campus.now(), opens_at=opens_at))
    await campus.rule(PREPARES)

    for _ in range(2):
        await preparer.visit(TenantId(campus.tenant))
    made = await campus.value(
        "SELECT count(*) FROM attempts WHERE tenant_id = $1 AND state = 'NOT_STARTED'"
    )
    await campus.passes(timedelta(minutes=6))
    begun = await campus.started("120", EXAM)

    assert made == 72
    assert (begun.number, begun.version, begun.state) == (1, 2, AttemptState.IN_PROGRESS)
    assert await campus.value("SELECT count(*) FROM attempts WHERE tenant_id = $1") == 72


@pytest.mark.parametrize("minutes", [-1, 11])
async def test_nothing_is_made_ahead_too_soon_or_too_late(
    campus: Campus, preparer: Preparer, minutes: int
) -> None:
    opens_at = await campus.now() + timedelta(minutes=minutes)
    await campus.define(exam(await campus.now(), opens_at=opens_at))
    await campus.rule(PREPARES)

    await preparer.visit(TenantId(campus.tenant))

    assert await campus.rows("attempts") == []


async def test_what_was_made_ahead_is_nobodys_news(campus: Campus, preparer: Preparer) -> None:
    await campus.define(
        exam(await campus.now(), opens_at=await campus.now() + timedelta(minutes=5))
    )
    await campus.rule(PREPARES)
    await preparer.visit(TenantId(campus.tenant))

    where = [assessment_id(campus.tenant, EXAM)]
    assert await campus.client.mine(campus.asking(), where) == [[]]
    assert await campus.rows("outbox") == []
