"""A projection filled from a snapshot while the feed goes on: nothing lost, nothing taken twice."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import pytest
from rich.progress import Progress

from services.backfill import fill
from services.backfill.cli import fill_all
from services.backfill.fill import Filled, Filling
from services.contracts import events as said
from services.contracts.events import PARTITIONS, Event
from services.contracts.snapshot import Kind
from services.progress.backfill import KINDS, TARGET
from services.storage import db
from tests.fakes.telling import happened, told
from tests.integration.monolith.waiting import until
from tests.integration.progress.campus import Campus
from tests.integration.progress.held import Held
from tests.integration.progress.tables import busy_day, everything, forget

POSITIONS = "SELECT partition, position FROM positions WHERE source = $1 ORDER BY partition"


@pytest.fixture
async def source(monkeypatch: pytest.MonkeyPatch, campus: Campus) -> AsyncIterator[str]:
    """A source of the test's own, whose positions no other test moves."""
    name = f"legacy-of-{campus.tenant}"
    monkeypatch.setattr(fill, "SOURCE", name)
    yield name
    await campus.pool.execute("DELETE FROM positions WHERE source = $1", name)


async def run(campus: Campus, held: Held) -> list[Filled]:
    with Progress(disable=True) as bar:
        return await fill_all(Filling(campus.pool, held, campus.projection), TARGET, bar)


async def test_the_counts_add_up_and_a_second_run_takes_nothing(
    campus: Campus, source: str
) -> None:
    held = Held([*told(campus.held, campus.tenant), *busy_day(campus)])
    await forget(campus)

    first = await run(campus, held)
    filled = await everything(campus)
    second = await run(campus, held)

    assert [one.kind for one in first] == list(KINDS) == held.asked[: len(KINDS)]
    assert all(one.expected == one.read == one.applied > 0 for one in first)
    assert all(one.expected == one.read == one.newer for one in second)
    assert await everything(campus) == filled


async def test_what_is_filled_is_what_was_projected(campus: Campus, source: str) -> None:
    day = busy_day(campus)
    await campus.take(day)
    projected = await everything(campus)
    await forget(campus)

    await run(campus, Held([*told(campus.held, campus.tenant), *day]))

    assert await everything(campus) == projected


async def test_what_the_projector_has_applied_since_stays(campus: Campus, source: str) -> None:
    held = Held(told(campus.held, campus.tenant))
    await campus.happens("course/{}/1", said.CourseChanged(1, "Newer", "C-9"))

    filled = await run(campus, held)

    title = "SELECT title FROM courses WHERE tenant_id = $1 AND id = 1"
    assert await campus.value(title) == "Newer"
    assert sum(one.applied for one in filled) == 0
    assert sum(one.newer for one in filled) == sum(one.read for one in filled) > 0


async def test_the_feed_goes_on_from_before_the_snapshot(campus: Campus, source: str) -> None:
    held = Held(told(campus.held, campus.tenant))

    await run(campus, held)

    before = len(held.events)
    assert await positions(campus, source) == dict.fromkeys(range(PARTITIONS), before)


async def test_lessons_completed_before_the_feed_began_are_not_lost(
    campus: Campus, source: str
) -> None:
    course, user = 1, 10
    stream = f"completions/{campus.tenant}/{course}/{user}"
    before = said.LessonsCompleted(course, user, [2, 3])
    held = Held([happened(campus.tenant, stream, before, version=0)])

    since = said.LessonsCompleted(course, user, [5])
    await campus.take([held.happens(happened(campus.tenant, stream, since, version=1))])
    await run(campus, held)

    done = "SELECT done FROM counts WHERE tenant_id = $1 AND user_id = $2"
    assert await campus.value(done, user) == 3


async def test_a_projector_that_is_ahead_stays_ahead(campus: Campus, source: str) -> None:
    ahead = "INSERT INTO positions VALUES ($1, 2, 1000000)"
    await campus.pool.execute(ahead, source)

    await run(campus, Held(told(campus.held, campus.tenant)))

    assert (await positions(campus, source))[2] == 1_000_000


async def test_writes_that_go_on_are_neither_lost_nor_counted_twice(
    campus: Campus, source: str
) -> None:
    held = Held(told(campus.held, campus.tenant), page=1)
    await forget(campus)

    async with asyncio.TaskGroup() as work:
        filling = work.create_task(run(campus, held))
        for event in busy_day(campus):
            # The feed's next event is taken by a projector that knows nothing of the snapshot.
            await campus.take([held.happens(event)])
    await asyncio.shield(filling)

    in_the_end = await everything(campus)
    await forget(campus)
    await campus.take(held.events)
    assert await everything(campus) == in_the_end


async def test_a_fill_without_versions_puts_the_old_over_the_new(
    campus: Campus, source: str
) -> None:
    held = Held(told(campus.held, campus.tenant))
    await campus.happens("course/{}/1", said.CourseChanged(1, "Newer", "C-9"))

    async for page in held.pages(Kind.COURSE):
        async with db.transaction(campus.pool) as connection:
            await campus.projection.apply(connection, page)

    title = "SELECT title FROM courses WHERE tenant_id = $1 AND id = 1"
    assert await campus.value(title) == "Biologi 🌱"


async def test_a_page_waits_for_a_projector_that_holds_its_rows(
    campus: Campus, source: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fill, "WAIT_S", 0.0)
    held = Held(told(campus.held, campus.tenant))
    async with AsyncExitStack() as holding:
        connection = await holding.enter_async_context(campus.pool.acquire())
        transaction = connection.transaction()
        await transaction.start()
        await connection.execute(
            "SELECT * FROM applied WHERE stream = $1 FOR UPDATE",
            f"legacy:course/{campus.tenant}/1",
        )
        filling = asyncio.ensure_future(run(campus, held))
        await waits_for_a_lock(campus)
        await transaction.rollback()

    assert sum(one.read for one in await filling) > 0


async def waits_for_a_lock(campus: Campus) -> None:
    waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted"

    async def is_waiting() -> bool:
        return bool(await campus.pool.fetchval(waiting))

    await until(is_waiting)


async def positions(campus: Campus, source: str) -> dict[int, Any]:
    return {row["partition"]: row["position"] for row in await campus.pool.fetch(POSITIONS, source)}


async def test_a_stream_that_never_changed_has_version_0_and_is_taken_once(
    campus: Campus, source: str
) -> None:
    unchanged: list[Event] = [
        happened(campus.tenant, f"course/{campus.tenant}/70", said.CourseChanged(70, "Old", "O"), 0)
    ]

    first = await run(campus, Held(unchanged))
    second = await run(campus, Held(unchanged))
    await campus.happens("course/{}/70", said.CourseChanged(70, "Changed since", "O"))

    assert sum(one.applied for one in first) == 1
    assert sum(one.newer for one in second) == 1
    title = "SELECT title FROM courses WHERE tenant_id = $1 AND id = 70"
    assert await campus.value(title) == "Changed since"
