"""Nobody can tell the two sides apart: every question, by everybody, after whatever happened."""

import asyncio
from collections.abc import AsyncIterator
from itertools import count
from random import Random

import pytest
from rich.progress import Progress

from legacy.monolith import seed
from resolvers.ports import Completions
from services.backfill.cli import fill_all
from services.backfill.fill import Filling
from services.backfill.snapshot import Snapshot
from services.contracts.ids import TenantId, UserId
from services.contracts.learning import LessonCompleted, Role
from services.contracts.learning import Progress as Done
from services.contracts.viewer import Viewer
from services.events.topics import Topics
from services.kit.caller import Caller
from services.kit.clock import SystemClock
from services.kit.deadline import Deadline
from services.progress.backfill import TARGET
from services.progress.projection.projection import ProgressProjection
from services.storage import db
from tests.contract.copying import copy
from tests.contract.school import BIOLOGY, HISTORY, school
from tests.fakes.changes import FakeChanges
from tests.fakes.tenant import LEARNER, OPERATOR, OTHER, TEACHER, course_id, lesson_id
from tests.integration.progress.battery import answers
from tests.integration.progress.campus import WAITS_S
from tests.integration.progress.chain import Chain, chain
from tests.stack import Stack

NUMBERS = count(1)
VIEWERS = {
    OPERATOR: Role.OPERATOR,
    TEACHER: Role.TEACHER,
    LEARNER: Role.LEARNER,
    OTHER: Role.LEARNER,
}
LEARNERS = (LEARNER, OTHER, "10")
LESSONS = (2, 3, 5, 6, 10)
WRITES = 40


@pytest.fixture(scope="module")
async def both(database_url: str, stack: Stack) -> AsyncIterator[Chain]:
    async with chain(database_url, stack.redis) as running:
        yield running


@pytest.fixture
async def tenant(both: Chain) -> str:
    """One that the monolith holds and that nobody else has seen."""
    name = f"parity-{next(NUMBERS)}"
    async with both.old.acquire() as connection:
        await copy(school(name), name, connection)
    return name


def asking(tenant: str, user: str, role: Role = Role.LEARNER) -> Caller:
    who = Viewer(TenantId(tenant), UserId(user), frozenset({role}))
    return Caller(who, Deadline.within(SystemClock(), WAITS_S))


async def assert_alike(both: Chain, tenant: str) -> None:
    for user, role in VIEWERS.items():
        old = await answers(both.legacy, asking(tenant, user, role))
        new = await answers(both.services, asking(tenant, user, role))
        for question in old:
            assert new[question] == old[question], f"{question} of {user}"


async def test_a_tenant_is_the_same_on_both_sides(both: Chain, tenant: str) -> None:
    async with both.projector():
        await both.settled()

    await assert_alike(both, tenant)


async def test_writes_on_either_side_are_the_same_on_both(both: Chain, tenant: str) -> None:
    dice = Random(7)

    async with both.projector():
        await both.settled()
        for _ in range(WRITES):
            await write(both, tenant, dice)
        await both.settled()

    await assert_alike(both, tenant)


async def test_commands_from_both_sides_at_once_count_each_lesson_once(
    both: Chain, tenant: str
) -> None:
    async with both.projector():
        await both.settled()
        async with asyncio.TaskGroup() as work:
            for side in (both.legacy, both.services):
                for user in LEARNERS:
                    for lesson in LESSONS[:4]:
                        work.create_task(complete(side.completions, tenant, user, lesson))
        await both.settled()

    await assert_alike(both, tenant)
    biology = course_id(tenant, BIOLOGY)
    for user in LEARNERS:
        found = await both.services.progress.mine(asking(tenant, user), [biology])
        assert [(one.completed, one.total) for one in found if isinstance(one, Done)] == [(4, 4)]


async def test_what_was_there_before_the_feed_is_filled_in(
    both: Chain, tenant: str, stack: Stack
) -> None:
    await forget_how_it_came(both, tenant)
    await complete(both.legacy.completions, tenant, LEARNER, 3)
    async with both.projector():
        await both.settled()

    topics = Topics(stack.redis, SystemClock())
    async with Snapshot(both.feeder_url, page=7) as snapshot:
        filling = Filling(both.new, snapshot, ProgressProjection(topics, FakeChanges()))
        with Progress(disable=True) as bar:
            filled = await fill_all(filling, TARGET, bar)
            again = await fill_all(filling, TARGET, bar)
    await topics.close()

    await assert_alike(both, tenant)
    assert all(one.expected == one.read == one.applied + one.newer for one in filled)
    assert [one.applied for one in again] == [0] * len(again)


async def complete(completions: Completions, tenant: str, user: str, lesson: int) -> None:
    key = f"{user} does {lesson}"
    done = await completions.complete(asking(tenant, user), lesson_id(tenant, lesson), key)
    assert isinstance(done, LessonCompleted)


async def write(both: Chain, tenant: str, dice: Random) -> None:
    """One of all that can be done, on the side that can do it."""
    user, lesson = dice.choice(LEARNERS), dice.choice(LESSONS[:4])
    match dice.randrange(6):
        case 0:
            await complete(both.legacy.completions, tenant, user, lesson)
        case 1:
            await complete(both.services.completions, tenant, user, lesson)
        case 2:
            course = course_id(tenant, dice.choice((BIOLOGY, HISTORY)))
            teacher = asking(tenant, TEACHER, Role.TEACHER)
            title = f"Title {dice.random()}"
            await both.legacy.editing.rename(teacher, course, title, "key")
        case 3:
            await enrol(both, tenant, int(user))
        case 4:
            await both.old.execute(
                "UPDATE people SET name = $3 WHERE tenant_id = $1 AND id = $2",
                tenant,
                int(user),
                f"Name {dice.random()}",
            )
        case 5:
            async with db.transaction(both.old) as connection:
                body = {"type": "TEXT"}
                await seed.content(connection, tenant, HISTORY, "lesson", "New", body, parent=9)


async def enrol(both: Chain, tenant: str, user: int) -> None:
    """In the one course, out of it the next time."""
    gone = await both.old.execute(
        "DELETE FROM enrolments WHERE tenant_id = $1 AND course_id = $2 AND user_id = $3",
        tenant,
        HISTORY,
        user,
    )
    if gone == "DELETE 0":
        async with both.old.acquire() as connection:
            await seed.enrol(connection, tenant, HISTORY, user)


async def forget_how_it_came(both: Chain, tenant: str) -> None:
    """As if the tenant had been there before anybody wrote down what changes."""
    await both.old.execute("DELETE FROM changes WHERE tenant_id = $1", tenant)
    await both.old.execute("DELETE FROM streams WHERE split_part(stream, '/', 2) = $1", tenant)
