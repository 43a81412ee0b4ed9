"""The feeder and the progress service with nothing but their doors open, under writes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from itertools import product
from random import Random

from legacy.feeder.service import Addresses as FeederAddresses
from legacy.feeder.service import feeder
from legacy.monolith import database, seed
from legacy.monolith.migrate import migrate
from services.commands.bus import Bus, Order
from services.contracts.ids import TenantId, UserId
from services.contracts.learning import LessonCompleted, Role
from services.contracts.progress_api import CompleteLesson
from services.contracts.viewer import Viewer
from services.events.bell import Bell
from services.events.outbox import Outbox
from services.events.role import Role as Part
from services.kit.clock import SystemClock
from services.progress.complete_lesson import COMPLETE_LESSON
from services.progress.service import SOURCE, Addresses, service
from services.storage import db
from services.storage.db import Pool
from tests.faults.mortal import Mortal, feeds, progresses
from tests.integration.monolith.school import School, school
from tests.integration.monolith.serving import SECRET, free_port, monolith, serving
from tests.integration.own_database import own_database
from tests.integration.progress.completing import tell_nobody

OLD, NEW, ANEW = "banyan_test_d11_old", "banyan_test_d11_new", "banyan_test_d11_anew"
DILIGENT = range(50, 60)
"""Beyond those whom the monolith's writers write for."""
LESSONS = [(f"Lesson {n}", "TEXT") for n in range(300)]
STAMPED = "SELECT coalesce(sum(position), 0)::bigint FROM relay_positions"
TAKEN = "SELECT coalesce(sum(position), 0)::bigint FROM positions WHERE source = $1"
MOVED = "SELECT coalesce(sum(position), 0)::bigint FROM positions"
COMPLETED = f"""
SELECT user_id, lesson_id FROM completions
WHERE tenant_id = $1 AND course_id = $2 AND user_id >= {DILIGENT.start}
"""
LESSON_IDS = "SELECT id FROM content WHERE tenant_id = $1 AND course_id = $2 AND kind = 'lesson'"


@dataclass(frozen=True, slots=True)
class TwoSides:
    """`old` and `new` are the databases of the two sides, `anew` is an empty one like `new`."""

    old: Pool
    new: Pool
    anew: Pool
    feeder: FeederAddresses
    progress: Addresses
    old_url: str
    school: School
    course: int
    bell: Bell
    acknowledged: set[tuple[int, int]] = field(default_factory=set)

    def mortals(self) -> list[Mortal]:
        """All that works behind the doors."""
        return [
            Mortal("feeder's relay", feeds, self.feeder, Part.RELAY, Counts(self.old, STAMPED)),
            Mortal("projector", progresses, self.progress, Part.PROJECTOR, Counts(self.new, MOVED)),
            Mortal("relay", progresses, self.progress, Part.RELAY, Counts(self.new, STAMPED)),
            Mortal("mirror", feeds, self.feeder, Part.PROJECTOR, Counts(self.old, MOVED)),
        ]

    async def complete_until(self, enough: asyncio.Event) -> None:
        """Learners of the new side, who remember what was acknowledged."""
        bus = Bus(self.new, Outbox(SOURCE), self.bell, tell_nobody)
        lessons = [row["id"] for row in await self.old.fetch(LESSON_IDS, *self._course)]
        work = list(product(DILIGENT, lessons))
        for user, lesson in Random(1).sample(work, len(work)):
            if enough.is_set():
                return
            who = Viewer(TenantId(self.school.tenant), UserId(str(user)), frozenset({Role.LEARNER}))
            order = Order(who, f"key {lesson}", CompleteLesson(lesson))
            done = await bus.execute(COMPLETE_LESSON, order)
            if isinstance(done, LessonCompleted):
                self.acknowledged.add((user, lesson))
            await asyncio.sleep(0.03)

    async def is_settled(self) -> bool:
        """Each side knows all that the other one has done."""
        told = await self.new.fetchval("SELECT count(*) FROM outbox")
        changed = await self.old.fetchval("SELECT count(*) FROM changes")
        mirrored = await self.old.fetchval(TAKEN, SOURCE)
        projected = await self.new.fetchval(TAKEN, "legacy")
        return bool(told == mirrored and changed == projected)

    async def lost(self) -> set[tuple[int, int]]:
        """What was acknowledged and is missing on either side."""
        kept = [
            {tuple(row) for row in await pool.fetch(COMPLETED, *self._course)}
            for pool in (self.old, self.new)
        ]
        return self.acknowledged - (kept[0] & kept[1])

    @property
    def feeder_url(self) -> str:
        return self.progress.feeder

    @property
    def progress_url(self) -> str:
        return self.feeder.progress

    @property
    def _course(self) -> tuple[str, int]:
        return self.school.tenant, self.course


@dataclass(frozen=True, slots=True)
class Counts:
    pool: Pool
    statement: str

    async def __call__(self) -> int:
        counted: int = await self.pool.fetchval(self.statement)
        return counted


@asynccontextmanager
async def two_sides(server_url: str, redis_url: str) -> AsyncIterator[TwoSides]:
    clock = SystemClock()
    async with AsyncExitStack() as open_:
        old_url, new_url, anew_url = await _databases(open_, server_url)
        mono = await open_.enter_async_context(monolith(old_url))
        ports = free_port(), free_port()
        fed_at, done_at = (f"http://127.0.0.1:{port}" for port in ports)
        old = FeederAddresses(old_url, redis_url, mono.url, SECRET, done_at)
        new = Addresses(new_url, redis_url, fed_at)
        fed = await open_.enter_async_context(feeder(old, clock))
        made = await open_.enter_async_context(service(new, clock))
        await open_.enter_async_context(serving(fed.app, ports[0]))
        await open_.enter_async_context(serving(made.app, ports[1]))
        connection = await database.connect(old_url)
        open_.push_async_callback(connection.close)
        campus = await school(connection, "acme")
        course = await seed.course(connection, "acme", 3, "Long", "L-1", [("All", LESSONS)])
        for user in DILIGENT:
            await seed.person(connection, "acme", user)
            await seed.enrol(connection, "acme", course, user)
        yield TwoSides(
            await open_.enter_async_context(db.pool(old_url)),
            await open_.enter_async_context(db.pool(new_url)),
            await open_.enter_async_context(db.pool(anew_url)),
            old,
            new,
            old_url,
            campus,
            course,
            await open_.enter_async_context(Bell(redis_url, clock)),
        )


async def _databases(open_: AsyncExitStack, server_url: str) -> list[str]:
    apps = {OLD: None, NEW: SOURCE, ANEW: SOURCE}
    urls = [
        await open_.enter_async_context(own_database(server_url, name, app))
        for name, app in apps.items()
    ]
    await asyncio.to_thread(migrate, urls[0])
    return urls
