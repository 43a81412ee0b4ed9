"""Whoever follows the feed knows what the monolith's tables hold, however often the feeder dies."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import httpx
import pytest

from legacy.feeder.service import Addresses
from legacy.monolith import database
from services.backfill.snapshot import Snapshot
from services.contracts.events import Happened
from services.contracts.snapshot import Kind
from services.events.feed_client import FeedClient
from tests.integration.feeder.following import Follower, folded, present, states_of
from tests.integration.feeder.killing import Feeder
from tests.integration.feeder.writers import timetable, write, write_until
from tests.integration.monolith.fresh import fresh
from tests.integration.monolith.school import School, school
from tests.integration.monolith.waiting import until
from tests.pair import free_port

DATABASE = "banyan_test_feed"
KILLS, WRITERS = 20, 4
NOBODY = "http://127.0.0.1:9"
UNSENT = "SELECT count(*) FROM changes WHERE position IS NULL"
TABLES = {
    Kind.PERSON: "people",
    Kind.COURSE: "courses",
    Kind.ENROLMENT: "enrolments",
    Kind.CONTENT: "content",
    Kind.ATTEMPTS: "content, jsonb_object_keys(attempts)",
    Kind.COMPLETIONS: "(SELECT DISTINCT tenant_id, course_id, user_id FROM completions) AS each",
    Kind.CLASS: "timetable",
    Kind.ROOM: "rooms",
}


@pytest.fixture
async def campus(database_url: str) -> AsyncIterator[tuple[str, School]]:
    """A database in which nothing else is written, and its tenant."""
    await database.drop(database_url, DATABASE)
    async with fresh(database_url, DATABASE) as url:
        db = await database.connect(url)
        made = await school(db, "acme")
        await timetable(made)
        yield url, made
        await db.close()


def feeder(url: str, redis: str) -> Feeder:
    return Feeder(Addresses(url, redis, NOBODY, "", NOBODY), free_port())


async def snapshot(url: str, page: int = 7) -> dict[str, Happened]:
    states: dict[str, Happened] = {}
    async with Snapshot(url, page) as reading:
        for kind in Kind:
            states |= await states_of(reading.pages(kind))
    return states


async def answers(feeder: Feeder) -> None:
    async def is_ready() -> bool:
        async with httpx.AsyncClient() as http:
            try:
                return (await http.get(f"{feeder.url}/health/ready")).status_code == 200
            except httpx.HTTPError:
                return False

    await until(is_ready)


async def test_a_feeder_killed_twenty_times_loses_nothing_and_repeats_nothing(
    campus: tuple[str, School], stack_redis: str
) -> None:
    url, made = campus
    old, enough = feeder(url, stack_redis), asyncio.Event()
    async with FeedClient(old.url, "test") as client, asyncio.TaskGroup() as work:
        follower = Follower(client)
        following = work.create_task(follower.follow())
        writing = [
            work.create_task(write_until(enough, url, made, writer)) for writer in range(WRITERS)
        ]
        for _ in range(KILLS):
            async with old.alive():
                await until(has_moved(follower))
        enough.set()
        await asyncio.gather(*writing)
        async with old.alive():
            await until(lambda: has_read_all(made, follower))
            held = await snapshot(old.url)
        following.cancel()

    assert follower.misordered == 0
    assert follower.interrupted > 0
    assert present(follower.states) == held


def has_moved(follower: Follower) -> Callable[[], Awaitable[bool]]:
    before = sum(follower.after)

    async def moved() -> bool:
        return sum(follower.after) > before

    return moved


async def has_read_all(school: School, follower: Follower) -> bool:
    total = await school.db.fetchval("SELECT count(*) FROM changes")
    return bool(sum(follower.after) == total)


async def test_pages_of_a_snapshot_and_the_feed_after_it_make_up_all_rows(
    campus: tuple[str, School], stack_redis: str
) -> None:
    url, made = campus
    # As if the platform had been there before its triggers.
    await made.db.execute("TRUNCATE changes, streams")
    old = feeder(url, stack_redis)
    async with old.alive(), FeedClient(old.url, "test") as client:
        await answers(old)
        async with Snapshot(old.url, 3) as reading:
            positions = (await reading.summary()).positions
            async with asyncio.TaskGroup() as work:
                for writer in range(4):
                    work.create_task(write(url, made, writer, 60))
                begun = [
                    event for kind in Kind async for page in reading.pages(kind) for event in page
                ]
        follower = Follower(
            client,
            states={event.stream: event.data for event in begun},
            versions={event.stream: event.version for event in begun},
            after=positions,
        )
        known = dict(follower.versions)
        await until(lambda: are_sent(made))
        for partition in range(len(positions)):
            while events := await client.fetch(partition, follower.after[partition], 50):
                for event in events:
                    if event.version > known.get(event.stream, 0):
                        stream = event.stream
                        follower.states[stream] = folded(follower.states.get(stream), event.data)
                    follower.after[partition] = event.position
        held = await snapshot(old.url)

    assert present(follower.states) == held


async def are_sent(school: School) -> bool:
    return bool(await school.db.fetchval(UNSENT) == 0)


async def test_a_snapshot_names_every_row_once_with_its_version(
    campus: tuple[str, School], stack_redis: str
) -> None:
    url, made = campus
    await write(url, made, 1, 100)
    old = feeder(url, stack_redis)
    async with old.alive():
        await answers(old)
        async with Snapshot(old.url, 5) as reading:
            summary = await reading.summary()
            pages = {
                kind: [event async for page in reading.pages(kind) for event in page]
                for kind in Kind
            }

    counts = {
        kind: await made.db.fetchval(f"SELECT count(*) FROM {table}")
        for kind, table in TABLES.items()
    }
    rows = await made.db.fetch("SELECT stream, version FROM streams")
    versions = {row["stream"]: row["version"] for row in rows}
    told = [event for events in pages.values() for event in events]
    assert min(counts.values()) > 0
    assert {kind: len(events) for kind, events in pages.items()} == counts == summary.streams
    assert len({event.stream for event in told}) == len(told)
    assert {event.stream: event.version for event in told}.items() <= versions.items()


@pytest.mark.parametrize(
    "query", ["kind=song", "kind=course&after=person/acme/1", "kind=course&limit=0", "kind="]
)
async def test_a_question_that_makes_no_sense_is_refused(
    campus: tuple[str, School], stack_redis: str, query: str
) -> None:
    old = feeder(campus[0], stack_redis)
    async with old.alive(), httpx.AsyncClient() as http:
        await answers(old)

        answer = await http.get(f"{old.url}/snapshot?{query}")

    assert answer.status_code == 400
