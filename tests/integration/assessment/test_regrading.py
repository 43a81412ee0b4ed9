"""A right answer that was wrong: whoever has finished is graded anew, once, and nobody is lost."""

import pytest

from services.assessment.duties.regrader import Regrader
from services.assessment.duties.telling import Telling
from services.contracts.assessment import Attempt, Response
from services.contracts.errors import ErrorCode, Refused
from services.contracts.ids import TenantId
from services.contracts.supervising import RegradeAccepted
from services.storage.db import Pool
from tests.fakes.tenant import LEARNER, OTHER, TEACHER, assessment_id
from tests.integration.assessment.campus import Campus, chose
from tests.integration.assessment.definitions import EXAM


@pytest.fixture
def regrader(worker: Pool, telling: Telling) -> Regrader:
    return Regrader(worker, telling)


async def correct(
    campus: Campus, *choices: str, item: str = "q1", key: str = "regrade"
) -> RegradeAccepted | Refused:
    where = assessment_id(campus.tenant, EXAM)
    right = Response(choices=list(choices))
    return await campus.client.regrade(campus.asking(TEACHER), where, item, right, "Typo", key)


async def of(campus: Campus, user: str) -> Attempt:
    [found] = await campus.client.mine(campus.asking(user), [assessment_id(campus.tenant, EXAM)])
    assert isinstance(found, list)
    return found[0]


async def test_finished_attempts_are_graded_anew(campus: Campus, regrader: Regrader) -> None:
    for user, choice in ((LEARNER, "b"), (OTHER, "c")):
        await campus.submitted(
            (await campus.started(user, EXAM)).id, chose("q1", choice), user=user
        )

    found = await correct(campus, "c")
    await regrader.visit(TenantId(campus.tenant))

    assert found == RegradeAccepted(2)
    scores = [(await of(campus, user)).score for user in (LEARNER, OTHER)]
    assert [(one.raw, one.regraded_from) for one in scores if one] == [(0.0, 2.0), (2.0, 0.0)]


async def test_nothing_is_regraded_twice(campus: Campus, regrader: Regrader) -> None:
    await campus.submitted((await campus.started(assessment=EXAM)).id, chose("q1", "b"))
    await correct(campus, "c")

    for _ in range(3):
        await regrader.visit(TenantId(campus.tenant))

    kinds = [row["data"]["type"] for row in await campus.rows("attempt_events")]
    assert kinds.count("ItemRegraded") == 1


async def test_an_open_attempt_is_graded_by_it_when_it_is_handed_in(
    campus: Campus, regrader: Regrader
) -> None:
    begun = await campus.started(assessment=EXAM)
    await correct(campus, "c")
    await regrader.visit(TenantId(campus.tenant))

    done = await campus.submitted(begun.id, chose("q1", "c"))

    assert done.score is not None
    assert done.score.raw == 2.0


async def test_one_regrade_follows_another(campus: Campus, regrader: Regrader) -> None:
    await campus.submitted((await campus.started(assessment=EXAM)).id, chose("q1", "b"))
    await correct(campus, "c", key="one")
    await correct(campus, "b", key="two")

    await regrader.visit(TenantId(campus.tenant))

    score = (await of(campus, LEARNER)).score
    assert score is not None
    assert score.raw == 2.0
    assert [row["id"] for row in await campus.rows("regrades")] == [1, 2]


async def test_a_regrade_is_done_when_nobody_can_come_after_it(
    campus: Campus, regrader: Regrader
) -> None:
    await correct(campus, "c")
    done = "SELECT done_at IS NOT NULL FROM regrades WHERE tenant_id = $1"

    await regrader.visit(TenantId(campus.tenant))
    at_once = await campus.value(done)
    await campus.value("UPDATE regrades SET at = at - interval '31 seconds' WHERE tenant_id = $1")
    await regrader.visit(TenantId(campus.tenant))

    assert (at_once, await campus.value(done)) == (False, True)


@pytest.mark.parametrize(("item", "choices"), [("q1", ["z"]), ("q9", ["b"]), ("q2", ["b"])])
async def test_what_can_be_no_right_answer_is_refused(
    campus: Campus, item: str, choices: list[str]
) -> None:
    found = await correct(campus, *choices, item=item)

    assert isinstance(found, Refused)
    assert found.code is ErrorCode.INVALID
