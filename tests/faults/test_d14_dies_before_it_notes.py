"""D14: a consumer dies between applying an event and noting its position, and doubles nothing."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from services.events.feed import MOST
from tests.faults.dying_projector import ENTRIES, Work, alive, dies, notes_apart
from tests.faults.mortal import Program
from tests.faults.projected import Projected, done, projected
from tests.faults.registry import n
from tests.figures import Recorder
from tests.integration.monolith.waiting import until
from tests.stack import Stack

USERS, BATCHES = 100, 100
DEATHS, DEATHS_OF_TWIN = 8, 3
DIES_WITHIN_S, SETTLES_WITHIN_S = 30.0, 300.0
DOUBLED = """
SELECT count(*) FROM (SELECT FROM entries GROUP BY stream, version HAVING count(*) > 1) AS twice
"""
APPLIED = "SELECT count(DISTINCT (stream, version)) FROM entries"


@pytest.fixture
async def both(stack: Stack) -> AsyncIterator[Projected]:
    async with projected(stack.database, stack.redis, "banyan_test_d14") as made:
        await made.app.execute(ENTRIES)
        yield made


async def test_d14_what_was_applied_is_noted_in_the_same_commit(
    both: Projected, stack: Stack, figure: Recorder
) -> None:
    events = n("D14")
    await tell(both, events)
    await die_often(both, dies, work(both, stack, events), DEATHS)

    doubled, missing = await counted(both, events)
    figure("D14", events=events, deaths=DEATHS, doubled=doubled, missing=missing)
    assert (doubled, missing) == (0, 0)
    assert await miscounted(both) == 0


async def test_d14_fails_without_one_commit(
    both: Projected, stack: Stack, figure: Recorder
) -> None:
    events = n("D14") // 10
    await tell(both, events)
    await die_often(both, notes_apart, work(both, stack, events), DEATHS_OF_TWIN)

    doubled, _ = await counted(both, events)
    figure("D14", doubled_by_two_commits=doubled)
    assert doubled > 0


def work(both: Projected, stack: Stack, events: int) -> Work:
    return Work(both.app_url, stack.redis, both.feed_url, min(max(events // BATCHES, 1), MOST))


async def tell(both: Projected, events: int) -> None:
    """Of each user so many lessons, one an event."""
    for user in range(1, USERS + 1):
        said = [done(user, lesson)[1] for lesson in range(events // USERS)]
        await both.tell_all(user, said)
    await both.send()


async def die_often(both: Projected, program: Program, at: Work, deaths: int) -> None:
    """So many deaths; then one lives and takes what is left."""
    for nth in range(deaths):
        async with alive(program, replace(at, seed=nth)) as is_dead:
            await until(is_dead, DIES_WITHIN_S)
    async with alive(program, at):
        await until(lambda: is_settled(both), SETTLES_WITHIN_S)


async def is_settled(both: Projected) -> bool:
    told = await both.source.fetchval("SELECT sum(position) FROM relay_positions")
    return bool(told == await both.app.fetchval("SELECT sum(position) FROM positions"))


async def counted(both: Projected, events: int) -> tuple[int, int]:
    """Events that were applied twice, and those that never were."""
    applied: int = await both.app.fetchval(APPLIED)
    doubled: int = await both.app.fetchval(DOUBLED)
    return doubled, events - applied


async def miscounted(both: Projected) -> int:
    """Learners whose count is not that of what they have completed."""
    counts = await both.app.fetch("SELECT user_id, done FROM counts")
    completed = await both.completed()
    return sum(len(completed[row["user_id"]]) != row["done"] for row in counts)
