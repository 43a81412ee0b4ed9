"""Feeder, relay, projector and mirror, each killed as it works: once in, in order, none missing."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from functools import partial

import pytest

from services.contracts.events import PARTITIONS
from services.events.feed_client import FeedClient
from services.events.projector import Projector
from services.events.topics import Topics
from services.kit.clock import SystemClock
from services.progress.projection.projection import ProgressProjection
from services.progress.tables import TABLES
from services.storage.db import Pool
from tests.fakes.changes import FakeChanges
from tests.faults.mortal import Mortal, moves_first
from tests.faults.registry import n
from tests.faults.two_sides import TwoSides, two_sides
from tests.figures import Recorder
from tests.integration.feeder.writers import write_until
from tests.integration.monolith.waiting import until
from tests.stack import Stack

WRITERS = 2
MOVES_WITHIN_S, SETTLES_WITHIN_S = 30.0, 60.0


@pytest.fixture
async def sides(stack: Stack) -> AsyncIterator[TwoSides]:
    async with two_sides(stack.database, stack.redis) as made:
        yield made


@pytest.mark.parametrize("copies", [1, 2])
async def test_d11_a_projection_equals_its_rebuild_whoever_was_killed(
    sides: TwoSides, figure: Recorder, copies: int
) -> None:
    """With two copies of each at work, as somebody may start them by mistake."""
    kills = await disturb(sides, sides.mortals(), n("D11"), copies)
    await settle(sides, sides.mortals())

    unlike = await rows_unlike_a_rebuild(sides)
    wrong = [*await disorder(sides.feeder_url), *await disorder(sides.progress_url)]
    lost = len(await sides.lost())
    told = {"kills": kills, "acknowledged": len(sides.acknowledged), "lost": lost}
    told |= {"rows_unlike_a_rebuild": unlike, "missing_or_out_of_order": len(wrong)}
    figure("D11", **{f"{name}_with_{copies}_of_each": value for name, value in told.items()})
    assert len(sides.acknowledged) > 10
    assert (unlike, wrong, lost) == (0, [], 0)


async def test_d11_fails_without_one_commit_of_events_and_position(
    sides: TwoSides, figure: Recorder
) -> None:
    relay, projector, *_ = sides.mortals()
    careless = replace(projector, program=moves_first)
    async with relay.alive():
        await disturb(sides, [careless], 5, copies=1)
    await settle(sides, sides.mortals())

    unlike = await rows_unlike_a_rebuild(sides)
    figure("D11", rows_unlike_a_rebuild_without_one_commit=unlike)
    assert unlike > 0


async def disturb(sides: TwoSides, mortals: Sequence[Mortal], times: int, copies: int) -> int:
    """Kills each of them so often while both sides are written to; each gets some way before."""
    enough, all_killed = asyncio.Event(), asyncio.Barrier(len(mortals))
    async with asyncio.TaskGroup() as work:
        for writer in range(WRITERS):
            work.create_task(write_until(enough, sides.old_url, sides.school, writer))
        work.create_task(sides.complete_until(enough))
        killed = [work.create_task(kill(mortal, times, copies, all_killed)) for mortal in mortals]
        counts = await asyncio.gather(*killed)
        enough.set()
    return sum(counts)


async def kill(mortal: Mortal, times: int, copies: int, all_killed: asyncio.Barrier) -> int:
    """At last it stays alive: the others have nothing to do without it."""
    for _ in range(times):
        before = await mortal.progress()
        async with AsyncExitStack() as open_:
            for _ in range(copies):
                await open_.enter_async_context(mortal.alive())
            await until(partial(mortal.has_moved, before), MOVES_WITHIN_S)
    async with mortal.alive():
        await all_killed.wait()
    return times


async def settle(sides: TwoSides, mortals: Sequence[Mortal]) -> None:
    async with AsyncExitStack() as open_:
        for mortal in mortals:
            await open_.enter_async_context(mortal.alive())
        await until(sides.is_settled, SETTLES_WITHIN_S)


async def rows_unlike_a_rebuild(sides: TwoSides) -> int:
    """Rows in which the projection and one made anew from the whole feed differ."""
    async with AsyncExitStack() as open_:
        topics = Topics(sides.progress.redis, SystemClock())
        open_.push_async_callback(topics.close)
        feed = await open_.enter_async_context(FeedClient(sides.feeder_url, "rebuild"))
        projection = ProgressProjection(topics, FakeChanges())
        await Projector(sides.anew, feed, "legacy", projection, sides.bell).catch_up()
    unlike = [await rows(sides.new, table) ^ await rows(sides.anew, table) for table in TABLES]
    return sum(map(len, unlike))


async def rows(pool: Pool, table: str) -> set[str]:
    return {row[0] for row in await pool.fetch(f"SELECT t::text FROM {table} AS t")}


async def disorder(url: str) -> list[str]:
    """Events of a feed whose position or version is not the next one."""
    wrong: list[str] = []
    versions: dict[str, int] = {}
    async with FeedClient(url, "judge") as feed:
        for partition in range(PARTITIONS):
            after = 0
            while events := await feed.fetch(partition, after, 500):
                for event in events:
                    expected = after + 1, versions.get(event.stream, 0) + 1
                    if (event.position, event.version) != expected:
                        wrong.append(f"{event.stream} {event.version} at {event.position}")
                    after, versions[event.stream] = event.position, event.version
    return wrong
