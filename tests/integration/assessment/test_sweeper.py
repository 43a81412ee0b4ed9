"""What time does to attempts that nobody hands in: once, each for itself, and losing nothing."""

import asyncio
from datetime import timedelta

import pytest

from services.assessment.duties.sweeper import Sweeper
from services.assessment.duties.telling import Telling
from services.contracts.assessment import AtEnd, AttemptState, Rules
from services.contracts.ids import TenantId
from services.events.duty import keep_all
from services.events.rounds import each, tenants
from services.kit.clock import SystemClock
from services.storage import db
from services.storage.db import Pool
from tests.fakes.tenant import LEARNER, OTHER, assessment_id
from tests.integration.assessment.campus import Campus, chose
from tests.integration.assessment.definitions import EXAM, HOUR
from tests.integration.monolith.waiting import until

END = HOUR + timedelta(seconds=11)


@pytest.fixture
def sweeper(worker: Pool, telling: Telling) -> Sweeper:
    return Sweeper(worker, telling)


async def state(campus: Campus, user: str = LEARNER) -> str:
    found: str = await campus.value(
        "SELECT state FROM attempts WHERE tenant_id = $1 AND user_id = $2", int(user)
    )
    return found


async def test_an_attempt_whose_time_is_over_is_handed_in_with_its_answers(
    campus: Campus, sweeper: Sweeper
) -> None:
    begun = await campus.started(assessment=EXAM)
    await campus.saved(begun.id, chose("q1", "b"))
    await campus.passes(END)

    await sweeper.visit(TenantId(campus.tenant))

    [found] = await campus.client.mine(campus.asking(), [assessment_id(campus.tenant, EXAM)])
    assert isinstance(found, list)
    assert begun.started_at is not None
    assert (found[0].state, found[0].submitted_at) == (AttemptState.GRADED, begun.started_at + HOUR)
    assert found[0].score is not None
    assert (found[0].score.raw, found[0].score.late) == (2.0, False)
    assert len(await campus.rows("outbox")) == 4


async def test_an_attempt_within_grace_is_left_alone(campus: Campus, sweeper: Sweeper) -> None:
    await campus.started(assessment=EXAM)
    await campus.passes(HOUR + timedelta(seconds=5))

    await sweeper.visit(TenantId(campus.tenant))

    assert await state(campus) == "IN_PROGRESS"


async def test_what_is_handed_in_is_swept_no_more(campus: Campus, sweeper: Sweeper) -> None:
    begun = await campus.started(assessment=EXAM)
    await campus.submitted(begun.id)
    await campus.passes(END)

    await sweeper.visit(TenantId(campus.tenant))

    assert len(await campus.rows("attempt_events")) == 3


async def test_two_sweepers_by_mistake_sweep_once(
    campus: Campus, worker: Pool, telling: Telling
) -> None:
    await campus.enrol(*range(100, 130))
    for user in range(100, 130):
        await campus.started(str(user), EXAM)
    await campus.passes(END)

    two = [Sweeper(worker, telling).visit(TenantId(campus.tenant)) for _ in range(2)]
    await asyncio.gather(*two)

    assert await campus.value("SELECT count(*) FROM attempt_events WHERE tenant_id = $1") == 90


async def test_whoever_holds_an_attempt_is_not_waited_for(
    campus: Campus, sweeper: Sweeper, worker: Pool
) -> None:
    await campus.started(assessment=EXAM)
    await campus.started(OTHER, EXAM)
    await campus.passes(END)

    async with db.transaction(worker, campus.tenant) as connection:
        await connection.execute(
            "SELECT FROM attempts WHERE tenant_id = $1 AND user_id = 4 FOR UPDATE", campus.tenant
        )
        await sweeper.visit(TenantId(campus.tenant))
        assert (await state(campus), await state(campus, OTHER)) == ("IN_PROGRESS", "GRADED")

    await sweeper.visit(TenantId(campus.tenant))
    assert await state(campus) == "GRADED"


async def test_one_attempt_that_fails_spoils_no_other(
    campus: Campus, sweeper: Sweeper, caplog: pytest.LogCaptureFixture
) -> None:
    await campus.started(assessment=EXAM)
    await campus.started(OTHER, EXAM)
    await campus.value(
        "UPDATE attempts SET data = data - 'place' WHERE tenant_id = $1 AND user_id = 4"
    )
    await campus.passes(END)

    await sweeper.visit(TenantId(campus.tenant))

    assert (await state(campus), await state(campus, OTHER)) == ("IN_PROGRESS", "GRADED")
    assert "duty.failed" in [record.message for record in caplog.records]


async def test_rules_that_are_set_during_an_attempt_count(campus: Campus, sweeper: Sweeper) -> None:
    await campus.started(assessment=EXAM)
    await campus.rule(Rules(AtEnd.OVERDUE, overdue_s=600))
    await sweeper.visit(TenantId(campus.tenant))
    assert await state(campus) == "IN_PROGRESS"

    await campus.passes(END)
    await sweeper.visit(TenantId(campus.tenant))
    assert await state(campus) == "OVERDUE"

    await campus.passes(timedelta(seconds=600))
    await sweeper.visit(TenantId(campus.tenant))
    assert await state(campus) == "ABANDONED"


async def test_an_answer_received_in_time_is_taken_though_the_sweeper_was_there(
    campus: Campus, sweeper: Sweeper
) -> None:
    begun = await campus.started(assessment=EXAM)
    await campus.passes(END)
    await sweeper.visit(TenantId(campus.tenant))

    who = campus.asking(waited_s=20)
    found = await campus.client.save(who, begun.id, [chose("q1", "b")], "key", None)

    assert found.attempt.score.raw == 2.0  # type: ignore[union-attr]


async def test_the_duty_finds_what_is_due_by_itself(campus: Campus, sweeper: Sweeper) -> None:
    await campus.started(assessment=EXAM)
    await campus.passes(END)

    async def is_swept() -> bool:
        return await state(campus) == "GRADED"

    async with asyncio.TaskGroup() as work:
        duty = work.create_task(keep_all([sweeper.duty()], SystemClock()))
        await until(is_swept, most_s=5)
        duty.cancel()


async def test_every_tenant_that_something_was_told_of_is_visited(
    campus: Campus, worker: Pool
) -> None:
    assert campus.tenant in await tenants(worker)


async def test_things_are_done_a_few_at_once_and_all_of_them() -> None:
    done: list[int] = []

    async def do(thing: int) -> None:
        if thing == 3:
            raise ValueError(thing)
        done.append(thing)

    await each("test", do, range(20))

    assert sorted(done) == [thing for thing in range(20) if thing != 3]
