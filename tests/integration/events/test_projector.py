"""A projection has each event of the feed once, in order, and says so only after the commit."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial

import pytest

from services.contracts.events import PARTITIONS, Event, LessonsCompleted
from services.contracts.ids import TenantId
from services.events.bell import Bell
from services.events.errors import Discontinued
from services.events.projector import Projector, project
from services.events.relay import Relay
from services.storage import db
from services.storage.db import Pool
from tests.integration.events.careless_projectors import (
    Crash,
    FailsAfterwards,
    Held,
    MovesApart,
    Together,
    Voiceless,
    WithoutApplied,
    WithoutGuard,
    WithoutPosition,
    of,
    projector,
)
from tests.integration.events.reading import at_work, drain
from tests.integration.events.tally import TABLES, Tally, misordered, tallied, twice
from tests.integration.events.writers import SOURCE, STREAMS, append_some, write
from tests.integration.monolith.waiting import until

STREAM = STREAMS[0]


@pytest.fixture
async def projection(other: Pool) -> Pool:
    await other.execute(TABLES)
    return other


@pytest.fixture
async def source(pool: Pool, bell: Bell) -> Pool:
    """An app whose feed has three events of one stream."""
    await append_some(pool, STREAM, count=3)
    await drain(pool, Relay(pool, bell, SOURCE))
    return pool


def snapshot(version: int) -> Event:
    data = LessonsCompleted(7, 0, [1])
    return Event(SOURCE, STREAM, version, TenantId("demo"), datetime(2026, 1, 1, tzinfo=UTC), data)


async def test_what_is_written_arrives_in_order(pool: Pool, projection: Pool, bell: Bell) -> None:
    duties = projector(pool, projection, bell).duties()
    async with at_work(Relay(pool, bell, SOURCE).duties(), duties):
        committed = await write(pool, each=5, seed=5)

        await until(lambda: _has(projection, committed.total()))

    assert await tallied(projection) == dict(committed)
    assert await misordered(projection) == 0


@pytest.mark.parametrize("kind", [Projector, WithoutPosition, WithoutApplied])
async def test_two_projectors_by_mistake_count_once_with_either_guard(
    kind: type[Projector], source: Pool, projection: Pool, bell: Bell
) -> None:
    await two_at_once(kind, source, projection, bell)

    assert await tallied(projection) == {STREAM: 3}


async def test_two_projectors_without_a_guard_count_twice(
    source: Pool, projection: Pool, bell: Bell
) -> None:
    await two_at_once(WithoutGuard, source, projection, bell)

    assert await tallied(projection) == {STREAM: 6}
    assert await twice(projection) == 3


async def two_at_once(kind: type[Projector], source: Pool, into: Pool, bell: Bell) -> None:
    await projector(source, into, bell)._begin(await _partition(source))
    feed = Together(of(source))
    two = [kind(into, feed, SOURCE, Tally(), bell) for _ in range(2)]
    partition = await _partition(source)
    await asyncio.gather(*(one.step(partition) for one in two))


async def test_a_projector_that_was_overtaken_does_not_move_the_position_back(
    source: Pool, projection: Pool, bell: Bell
) -> None:
    assert await position_after_overtaking(Projector, source, projection, bell) == 5


async def test_without_the_position_in_its_lock_it_would(
    source: Pool, projection: Pool, bell: Bell
) -> None:
    assert await position_after_overtaking(WithoutPosition, source, projection, bell) == 3


async def position_after_overtaking(
    kind: type[Projector], source: Pool, into: Pool, bell: Bell
) -> int:
    """One reads three events; before it takes them, another has taken five."""
    partition = await _partition(source)
    await projector(source, into, bell)._begin(partition)
    held = Held(of(source))
    async with asyncio.TaskGroup() as work:
        work.create_task(kind(into, held, SOURCE, Tally(), bell).step(partition))
        await held.has_read.wait()
        await append_some(source, STREAM, count=2)
        await drain(source, Relay(source, bell, SOURCE))
        await projector(source, into, bell).catch_up()
        held.may_give.set()
    position: int = await into.fetchval("SELECT max(position) FROM positions")
    return position


async def test_a_projection_that_dies_before_the_commit_begins_anew(
    source: Pool, projection: Pool, bell: Bell
) -> None:
    with pytest.raises(Crash):
        await projector(source, projection, bell, FailsAfterwards()).catch_up()

    await projector(source, projection, bell).catch_up()

    assert await tallied(projection) == {STREAM: 3}


async def test_a_position_that_is_moved_apart_counts_twice(
    source: Pool, projection: Pool, bell: Bell
) -> None:
    with pytest.raises(Crash):
        await MovesApart(projection, of(source), SOURCE, Tally(), bell).catch_up()

    await WithoutApplied(projection, of(source), SOURCE, Tally(), bell).catch_up()

    assert await tallied(projection) == {STREAM: 6}


async def test_what_a_snapshot_has_seen_is_not_applied_again(
    source: Pool, projection: Pool, bell: Bell
) -> None:
    tally = Tally()
    async with db.transaction(projection) as connection:
        await project(connection, tally, [snapshot(version=2)])

    await projector(source, projection, bell, tally).catch_up()

    assert await tallied(projection) == {STREAM: 2}
    assert [event.version for event in tally.announced] == [3]


@pytest.mark.parametrize("version", [0, 2])
async def test_a_snapshot_taken_again_changes_nothing(version: int, projection: Pool) -> None:
    for _ in range(2):
        async with db.transaction(projection) as connection:
            await project(connection, Tally(), [snapshot(version)])

    assert await tallied(projection) == {STREAM: 1}


async def test_a_snapshot_beside_a_running_projector_counts_once(
    source: Pool, projection: Pool, bell: Bell
) -> None:
    async def take_snapshot() -> None:
        async with db.transaction(projection) as connection:
            await project(connection, Tally(), [snapshot(version=3)])

    for _ in range(20):
        await asyncio.gather(take_snapshot(), projector(source, projection, bell).catch_up())

    assert await twice(projection) == 0
    assert (await tallied(projection))[STREAM] in (1, 3)


async def test_skipped_versions_are_counted_and_what_follows_is_applied(
    source: Pool, projection: Pool, bell: Bell
) -> None:
    await source.execute("UPDATE outbox SET version = version + 4 WHERE version = 3")
    taking = projector(source, projection, bell)

    await taking.catch_up()

    assert taking.gaps == 1
    assert await tallied(projection) == {STREAM: 3}


async def test_an_announcement_that_fails_stops_nothing(
    source: Pool, projection: Pool, bell: Bell
) -> None:
    await projector(source, projection, bell, Voiceless()).catch_up()

    assert await tallied(projection) == {STREAM: 3}


async def test_what_is_announced_is_committed(source: Pool, projection: Pool, bell: Bell) -> None:
    seen: list[dict[str, int]] = []

    class Looks(Tally):
        async def announce(self, events: Sequence[Event]) -> None:
            seen.append(await tallied(projection))

    await projector(source, projection, bell, Looks()).catch_up()

    assert seen == [{STREAM: 3}]


async def test_whoever_follows_says_first_that_more_may_have_been_applied(
    source: Pool, projection: Pool, bell: Bell
) -> None:
    """The one before may have died between its commit and its word."""
    told = Tally()
    for times in (1, 2):
        following = asyncio.ensure_future(projector(source, projection, bell, told).follow(0))
        await until(partial(is_told, told, times))
        following.cancel()
        await asyncio.wait([following])

    assert told.times_all == 2


async def is_told(told: Tally, times: int) -> bool:
    return told.times_all == times


async def test_a_feed_made_anew_is_not_taken_for_the_old_one(
    source: Pool, projection: Pool, bell: Bell
) -> None:
    await projector(source, projection, bell).catch_up()
    await source.execute("UPDATE relay_positions SET position = 0")
    await source.execute("TRUNCATE outbox")

    with pytest.raises(Discontinued):
        await projector(source, projection, bell).catch_up()


async def _partition(source: Pool) -> int:
    partition: int = await source.fetchval(f"SELECT hashtext($1) & {PARTITIONS - 1}", STREAM)
    return partition


async def _has(projection: Pool, count: int) -> bool:
    return sum((await tallied(projection)).values()) == count
