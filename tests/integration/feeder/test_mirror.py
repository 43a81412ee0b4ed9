"""What is completed on the other side is completed in the monolith, once, whoever dies when."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from starlette.applications import Starlette

from legacy.client import LegacyClient
from legacy.feeder.mirroring import MOVE, Mirroring, MonolithAway
from legacy.feeder.service import Addresses
from legacy.mirror import SOURCE, Mirror
from services.contracts.events import PARTITIONS, CourseChanged, Event, LessonsCompleted
from services.contracts.ids import TenantId
from services.events.bell import Bell
from services.events.feed import Feed
from services.events.feed_routes import feed_routes
from services.events.outbox import Outbox
from services.events.relay import Relay
from services.events.role import Role
from services.events.tables import TABLES
from services.kit.clock import SystemClock
from services.kit.transport import HttpTransport
from services.storage import db as storage
from services.storage.db import Pool
from tests.integration.feeder.killing import Feeder
from tests.integration.monolith.school import LEARNER, STRANGER, School
from tests.integration.monolith.serving import serving
from tests.integration.monolith.waiting import until
from tests.integration.own_database import own_database
from tests.pair import SECRET, Server, count, free_port, monolith

DATABASE = "banyan_test_mirror"
TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00"
NOBODY = "http://127.0.0.1:9"
BEGIN_ALL = """
INSERT INTO positions SELECT $1, generate_series(0, 3), 0 ON CONFLICT DO NOTHING
"""
POSITION = "SELECT sum(position) FROM positions WHERE source = 'progress'"
APPLIED = "SELECT version FROM applied WHERE stream = $1"
DONE = "SELECT lesson_id FROM completions WHERE tenant_id = $1 ORDER BY lesson_id"
SENT = "SELECT position FROM relay_positions WHERE partition = $1"
TOLD = "SELECT data, traceparent FROM changes WHERE tenant_id = $1 AND stream LIKE 'completions/%'"


@pytest.fixture(scope="module")
def old(monolith_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    home: Path = tmp_path_factory.mktemp("old")
    with monolith(home, monolith_url) as running:
        yield running


@pytest.fixture
async def progress(database_url: str) -> AsyncIterator[Pool]:
    """The database of a side on which lessons are completed."""
    async with own_database(database_url, DATABASE) as url, storage.pool(url) as opened:
        await opened.execute(TABLES)
        yield opened


@pytest.fixture
async def bell(stack_redis: str) -> AsyncIterator[Bell]:
    async with Bell(stack_redis, SystemClock()) as ringing:
        yield ringing


@dataclass(frozen=True, slots=True)
class NewSide:
    """Says what was completed there."""

    pool: Pool
    bell: Bell
    school: School

    def app(self) -> Starlette:
        return Starlette(routes=feed_routes(Feed(self.pool, Outbox(SOURCE).events)))

    async def completed(self, user: int, lessons: list[int]) -> Event:
        stream = f"completions/{self.school.tenant}/{self.school.course}/{user}"
        said = LessonsCompleted(self.school.course, user, lessons)
        return await self.say(stream, said)

    async def say(self, stream: str, said: LessonsCompleted | CourseChanged) -> Event:
        tenant = TenantId(self.school.tenant)
        async with storage.transaction(self.pool) as connection:
            event = await Outbox(SOURCE).append(connection, tenant, stream, said, TRACE)
        relay = Relay(self.pool, self.bell, SOURCE)
        async with self.pool.acquire() as connection:
            for partition in range(PARTITIONS):
                await relay.step(connection, partition)
        return event


@pytest.fixture
async def side(progress: Pool, bell: Bell, biology: School) -> NewSide:
    await biology.db.execute("TRUNCATE positions")
    return NewSide(progress, bell, biology)


@dataclass
class Mirrored:
    mirroring: Mirroring

    async def all(self) -> None:
        """Everything that is in the feed now."""
        for partition in range(PARTITIONS):
            while await self.mirroring.step(partition):
                pass


@pytest.fixture
async def mirrored(pool: Pool, side: NewSide, old: Server) -> AsyncIterator[Mirrored]:
    async with mirroring(pool, side, old.url) as made:
        yield Mirrored(made)


@asynccontextmanager
async def mirroring(pool: Pool, side: NewSide, monolith_url: str) -> AsyncIterator[Mirroring]:
    """The feeder's own, in this process."""
    clock, transport = SystemClock(), HttpTransport(PARTITIONS)
    client = LegacyClient(transport, clock, monolith_url, SECRET, 5.0)
    feed = Feed(side.pool, Outbox(SOURCE).events)
    await pool.execute(BEGIN_ALL, SOURCE)
    yield Mirroring(pool, feed, Mirror(client, clock), side.bell)
    await client.close()
    await transport.close()


async def done(school: School) -> list[int]:
    return [row["lesson_id"] for row in await school.db.fetch(DONE, school.tenant)]


async def test_what_is_completed_there_is_completed_here(
    side: NewSide, mirrored: Mirrored, biology: School
) -> None:
    event = await side.completed(LEARNER, biology.lessons[:2])

    await mirrored.all()

    [told] = await biology.db.fetch(f"{TOLD} LIMIT 1", biology.tenant)
    assert await done(biology) == biology.lessons[:2]
    assert await biology.db.fetchval(POSITION) == 1
    assert await biology.db.fetchval(APPLIED, f"{SOURCE}:{event.stream}") == event.version
    assert told["traceparent"].split("-")[1] == TRACE.split("-")[1]


async def test_what_was_completed_here_already_is_no_news(
    side: NewSide, mirrored: Mirrored, biology: School
) -> None:
    await side.completed(LEARNER, biology.lessons[:1])
    await side.completed(LEARNER, biology.lessons[:1])

    await mirrored.all()

    assert len(await biology.db.fetch(TOLD, biology.tenant)) == 1
    assert await biology.db.fetchval(POSITION) == 2


async def test_what_the_monolith_refuses_does_not_stop_the_rest(
    side: NewSide, mirrored: Mirrored, biology: School
) -> None:
    await side.completed(STRANGER, biology.lessons[:1])
    await side.completed(LEARNER, [9_999])
    await side.say(f"course/{biology.tenant}/1", CourseChanged(1, "Not ours to tell", "X"))
    await side.completed(LEARNER, biology.lessons[:1])

    await mirrored.all()

    assert await done(biology) == biology.lessons[:1]
    assert await biology.db.fetchval(POSITION) == 4


async def test_what_the_monolith_could_not_take_is_tried_again(
    pool: Pool, side: NewSide, mirrored: Mirrored, biology: School
) -> None:
    await side.completed(LEARNER, biology.lessons[:1])
    async with mirroring(pool, side, NOBODY) as away:
        with pytest.raises(MonolithAway):
            await Mirrored(away).all()

    await mirrored.all()

    assert await done(biology) == biology.lessons[:1]


async def test_it_would_be_lost_if_the_position_were_written_first(
    pool: Pool, side: NewSide, mirrored: Mirrored, biology: School
) -> None:
    await side.completed(LEARNER, biology.lessons[:1])
    async with mirroring(pool, side, NOBODY) as hasty:
        for partition in range(PARTITIONS):
            sent = await side.pool.fetchval(SENT, partition)
            await pool.execute(MOVE, SOURCE, partition, sent, "", 0)
            await hasty.step(partition)

    await mirrored.all()

    assert await done(biology) == []


async def test_a_mirror_killed_between_post_and_position_completes_once(
    monolith_url: str, stack_redis: str, side: NewSide, old: Server, biology: School
) -> None:
    await side.completed(LEARNER, biology.lessons[:1])
    path = f"POST /lessons/{biology.lessons[0]}/complete"
    before = count(old.requests(), path)
    async with serving(side.app()) as progress_url:
        at = Addresses(monolith_url, stack_redis, old.url, SECRET, progress_url)
        feeder = Feeder(at, free_port())
        await biology.db.execute(BEGIN_ALL, SOURCE)
        async with biology.db.transaction():
            # The position cannot be written while this transaction lasts.
            await biology.db.execute("SELECT FROM positions FOR UPDATE")
            async with feeder.alive(Role.PROJECTOR):
                await until(lambda: is_posted(biology))
            # PostgreSQL does not know yet that the one who waits for the lock is dead.
            await until(lambda: nobody_waits(biology))
        assert await biology.db.fetchval(POSITION) == 0

        async with feeder.alive(Role.PROJECTOR):
            await until(lambda: is_passed(biology))

    assert count(old.requests(), path) - before >= 2
    assert await done(biology) == biology.lessons[:1]
    assert len(await biology.db.fetch(TOLD, biology.tenant)) == 1


async def is_posted(school: School) -> bool:
    return bool(await done(school))


async def nobody_waits(school: School) -> bool:
    waits = "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)"
    return not await school.db.fetchval(waits)


async def is_passed(school: School) -> bool:
    return bool(await school.db.fetchval(POSITION) == 1)
