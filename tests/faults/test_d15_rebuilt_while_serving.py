"""D15: a projection is made anew while it serves: a reader sees the old or the new, never half."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import pytest
from rich.progress import Progress

from services.backfill.cli import fill_all
from services.backfill.fill import Filling
from services.backfill.snapshot import Snapshot
from services.contracts.ids import CourseId, Kind, TenantId, UserId, encode
from services.contracts.learning import Module
from services.contracts.viewer import Viewer
from services.events.feed_client import FeedClient
from services.events.topics import Topics
from services.kit.asking import ServiceClient
from services.kit.caller import Caller
from services.kit.clock import SystemClock
from services.kit.deadline import Deadline
from services.kit.transport import HttpTransport
from services.progress.backfill import TARGET
from services.progress.client.courses import ServiceCourses
from services.progress.projection.projection import ProgressProjection
from services.progress.service import SOURCE
from services.progress.tables import TABLES
from services.projections.rebuild import begin
from services.storage import db
from services.storage.db import Pool
from tests.fakes.changes import FakeChanges
from tests.faults.registry import n
from tests.faults.test_d11_killed_again_and_again import rows, settle
from tests.faults.two_sides import DILIGENT, TwoSides, two_sides
from tests.figures import Recorder
from tests.integration.feeder.writers import write_until
from tests.stack import Stack

READERS, ROUNDS, MOST_ROUNDS = 8, 5, 30
WITHIN_S = 10.0
OLD = "old "
AGE = """
UPDATE modules SET title = 'old ' || title WHERE course_id = $1 AND title NOT LIKE 'old %';
UPDATE lessons SET title = 'old ' || title WHERE course_id = $1 AND title NOT LIKE 'old %'
"""


@pytest.fixture
async def sides(stack: Stack) -> AsyncIterator[TwoSides]:
    async with two_sides(stack.database, stack.redis) as made:
        yield made


async def test_d15_a_reader_sees_the_old_or_the_new_projection_never_half(
    sides: TwoSides, figure: Recorder
) -> None:
    await settle(sides, sides.mortals())
    seen: Counter[str] = Counter()
    rounds, enough = 0, asyncio.Event()
    async with alive(sides), asyncio.TaskGroup() as work:
        work.create_task(write_until(enough, sides.old_url, sides.school, 1))
        work.create_task(sides.complete_until(enough))
        while rounds < ROUNDS or seen.total() < n("D15"):
            await rebuilt_while_read(sides, seen)
            rounds += 1
        enough.set()
    await settle(sides, sides.mortals())

    unlike, lost = await rows_unlike_a_full_build(sides), len(await sides.lost())
    figure("D15", rebuilds=rounds, reads=seen.total(), old=seen["old"], new=seen["new"])
    figure("D15", mixed=seen["mixed"], rows_unlike_a_full_build=unlike)
    figure("D15", acknowledged=len(sides.acknowledged), acknowledged_lost=lost)
    assert min(seen["old"], seen["new"], len(sides.acknowledged)) > 0
    assert (seen["mixed"], unlike, lost) == (0, 0, 0)


async def test_d15_fails_without_one_snapshot_for_a_view(
    sides: TwoSides, figure: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(db, "reading", statement_by_statement)
    await settle(sides, sides.mortals())
    seen: Counter[str] = Counter()
    for _ in range(MOST_ROUNDS):
        await rebuilt_while_read(sides, seen)
        if seen["mixed"]:
            break

    figure("D15", mixed_without_one_snapshot=seen["mixed"])
    assert seen["mixed"] > 0


@asynccontextmanager
async def statement_by_statement(pool: Pool) -> AsyncIterator[db.Connection]:
    async with pool.acquire() as connection:
        yield connection


@asynccontextmanager
async def alive(sides: TwoSides) -> AsyncIterator[None]:
    async with AsyncExitStack() as open_:
        for mortal in sides.mortals():
            await open_.enter_async_context(mortal.alive())
        yield


async def rebuilt_while_read(sides: TwoSides, seen: Counter[str]) -> None:
    """One rebuild of a projection that says something else, with readers before and after."""
    await age(sides)
    enough = asyncio.Event()
    transport = HttpTransport(READERS)
    async with AsyncExitStack() as open_, asyncio.TaskGroup() as work:
        open_.push_async_callback(transport.close)
        courses = ServiceCourses(ServiceClient(transport, SOURCE, sides.progress_url, WITHIN_S))
        for _ in range(READERS):
            work.create_task(read_until(enough, courses, sides, seen))
        await asyncio.sleep(0.1)
        await rebuild(sides)
        await asyncio.sleep(0.1)
        enough.set()


async def age(sides: TwoSides) -> None:
    """What every title of the long course was, some time ago."""
    async with db.transaction(sides.new) as connection:
        for statement in AGE.split(";"):
            await connection.execute(statement, sides.course)


async def read_until(
    enough: asyncio.Event, courses: ServiceCourses, sides: TwoSides, seen: Counter[str]
) -> None:
    tenant = TenantId(sides.school.tenant)
    viewer = Viewer(tenant, UserId(str(DILIGENT.start)), frozenset())
    course = CourseId(encode(Kind.COURSE, tenant, sides.course))
    while not enough.is_set():
        caller = Caller(viewer, Deadline.within(SystemClock(), WITHIN_S))
        [outline] = await courses.outlines(caller, [course])
        assert isinstance(outline, list)
        seen[kind_of(outline)] += 1


def kind_of(outline: list[Module]) -> str:
    titles = [title for module in outline for title in (module.title, *_titles(module))]
    old = sum(title.startswith(OLD) for title in titles)
    if not titles or 0 < old < len(titles):
        return "mixed"
    return "old" if old else "new"


def _titles(module: Module) -> list[str]:
    return [lesson.title for lesson in module.lessons]


async def rebuild(sides: TwoSides) -> None:
    async with AsyncExitStack() as open_:
        connection = await db.connect(sides.progress.database)
        open_.push_async_callback(connection.close)
        snapshot = await open_.enter_async_context(Snapshot(sides.feeder_url))
        feed = await open_.enter_async_context(FeedClient(sides.feeder_url, None))
        projection = await open_.enter_async_context(projecting(sides))
        made, _ = await begin(connection, TARGET, snapshot, feed, projection)
        for kind in TARGET.kinds:
            await made.fill(kind, lambda _: None)
        await made.catch_up(lambda _: None)
        await made.exchange()


async def rows_unlike_a_full_build(sides: TwoSides) -> int:
    """Rows in which the projection and one filled from nothing, now, differ."""
    async with AsyncExitStack() as open_:
        snapshot = await open_.enter_async_context(Snapshot(sides.feeder_url))
        projection = await open_.enter_async_context(projecting(sides))
        bar = open_.enter_context(Progress(disable=True))
        await fill_all(Filling(sides.anew, snapshot, projection), TARGET, bar)
    unlike = [await rows(sides.new, table) ^ await rows(sides.anew, table) for table in TABLES]
    return sum(map(len, unlike))


@asynccontextmanager
async def projecting(sides: TwoSides) -> AsyncIterator[ProgressProjection]:
    topics = Topics(sides.progress.redis, SystemClock())
    try:
        yield ProgressProjection(topics, FakeChanges())
    finally:
        await topics.close()
