"""A projector in a process of its own that dies at the worst moment, and one that notes apart."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from random import Random

from services.contracts.events import Event
from services.events import applied, projector
from services.events.bell import Bell
from services.events.duty import keep_all
from services.events.feed_client import FeedClient
from services.events.news import News, news
from services.events.projector import MOVE, Projector
from services.events.role import Role
from services.events.topics import Topics
from services.kit.clock import SystemClock
from services.progress.projection.projection import ProgressProjection
from services.storage import db
from services.storage.db import Connection
from tests.fakes.changes import FakeChanges
from tests.faults.mortal import PROCESSES, Program, start

SOURCE = "legacy"
ENTRIES = "CREATE TABLE entries (stream text, version bigint)"
ENTER = "INSERT INTO entries SELECT * FROM unnest($1::text[], $2::bigint[])"
CHANCE = 0.3

Claim = Callable[[], Awaitable[bool]]


@dataclass(frozen=True, slots=True)
class Work:
    """`seed` None: it does not die."""

    app: str
    redis: str
    feed: str
    batch: int
    seed: int | None = None


class Entered(ProgressProjection):
    """The progress service's, which writes down each event that it applies."""

    async def apply(self, connection: Connection, events: Sequence[Event]) -> None:
        await super().apply(connection, events)
        streams, versions = [it.stream for it in events], [it.version for it in events]
        await connection.execute(ENTER, streams, versions)


class Dies(Projector):
    """After it has applied, before it notes how far it is."""

    dice: Random | None = None

    async def _project(self, connection: Connection, events: Sequence[Event]) -> News:
        found = await super()._project(connection, events)
        self._die()
        return found

    def _die(self) -> None:
        if self.dice is not None and self.dice.random() < CHANCE:
            os.kill(os.getpid(), signal.SIGKILL)


class NotesApart(Dies):
    """Applies in one commit, and notes in another what it has applied, and its position."""

    async def _take(self, partition: int, after: int, events: Sequence[Event]) -> News:
        async with db.transaction(self._pool) as connection:
            found = news(events, await applied.lock(connection, events))
            await self._projection.apply(connection, found.fresh)
        self._die()
        async with db.transaction(self._pool) as connection:
            await applied.mark(connection, found.fresh)
            await connection.execute(MOVE, self._source, partition, events[-1].position)
        return found


async def dies(at: Work, role: Role) -> None:
    await _work(Dies, at)


async def notes_apart(at: Work, role: Role) -> None:
    await _work(NotesApart, at)


async def _work(kind: type[Dies], at: Work) -> None:
    projector.BATCH = at.batch
    clock = SystemClock()
    async with AsyncExitStack() as open_:
        pool = await open_.enter_async_context(db.pool(at.app))
        bell = await open_.enter_async_context(Bell(at.redis, clock))
        feed = await open_.enter_async_context(FeedClient(at.feed, "progress"))
        projection = Entered(Topics(at.redis, clock), FakeChanges())
        working = kind(pool, feed, SOURCE, projection, bell)
        working.dice = None if at.seed is None else Random(at.seed)
        await keep_all(working.duties(), clock)


@asynccontextmanager
async def alive(program: Program, at: Work) -> AsyncIterator[Claim]:
    """Tells whether it has died by itself; at the block's end it is killed."""
    process = PROCESSES.Process(target=start, args=(program, at, Role.PROJECTOR), daemon=True)
    await asyncio.to_thread(process.start)

    async def is_dead() -> bool:
        return process.exitcode is not None

    try:
        yield is_dead
    finally:
        process.kill()
        await asyncio.to_thread(process.join)
