"""Projectors with a guard taken away, and feeds and projections that fail when it hurts."""

import asyncio
from collections.abc import Sequence

from services.contracts.events import Event
from services.events.bell import Bell
from services.events.feed import Feed
from services.events.news import News
from services.events.projector import MOVE, Projector, Reads
from services.storage import db
from services.storage.db import Connection, Pool
from tests.integration.events.tally import Tally
from tests.integration.events.writers import OUTBOX, SOURCE


def of(source: Pool) -> Feed:
    return Feed(source, OUTBOX.events)


def projector(source: Pool, into: Pool, bell: Bell, tally: Tally | None = None) -> Projector:
    return Projector(into, of(source), SOURCE, tally or Tally(), bell)


class Given:
    """A feed as it is."""

    def __init__(self, feed: Reads) -> None:
        self._feed = feed

    async def of_stream(self, stream: str, after: int, until: int) -> list[Event]:
        return await self._feed.of_stream(stream, after, until)


class Together(Given):
    """A feed that gives two projectors the same batch before either of them takes it."""

    def __init__(self, feed: Reads) -> None:
        super().__init__(feed)
        self._both = asyncio.Barrier(2)

    async def fetch(self, partition: int, after: int, limit: int) -> list[Event]:
        events = await self._feed.fetch(partition, after, limit)
        await self._both.wait()
        return events


class Held(Given):
    """A feed that gives its batch late."""

    def __init__(self, feed: Reads) -> None:
        super().__init__(feed)
        self.has_read = asyncio.Event()
        self.may_give = asyncio.Event()

    async def fetch(self, partition: int, after: int, limit: int) -> list[Event]:
        events = await self._feed.fetch(partition, after, limit)
        self.has_read.set()
        await self.may_give.wait()
        return events


class WithoutPosition(Projector):
    """Trusts `applied` alone."""

    async def _take(self, partition: int, after: int, events: Sequence[Event]) -> News:
        async with db.transaction(self._pool) as connection:
            found = await self._project(connection, events)
            await connection.execute(MOVE, self._source, partition, events[-1].position)
            return found


class WithoutApplied(Projector):
    """Trusts its position alone."""

    async def _project(self, connection: Connection, events: Sequence[Event]) -> News:
        await self._projection.apply(connection, events)
        return News(list(events))


class WithoutGuard(WithoutPosition, WithoutApplied):
    """Trusts to be alone."""


class MovesApart(WithoutApplied):
    """Applies in one transaction; dies before the one that moves its position."""

    async def _take(self, partition: int, after: int, events: Sequence[Event]) -> News:
        async with db.transaction(self._pool) as connection:
            await self._project(connection, events)
        raise Crash


class Crash(Exception):
    """The process dies here."""


class FailsAfterwards(Tally):
    """Applies, and dies before the commit."""

    async def apply(self, connection: Connection, events: Sequence[Event]) -> None:
        await super().apply(connection, events)
        raise Crash


class Voiceless(Tally):
    """Cannot announce."""

    async def announce(self, events: Sequence[Event]) -> None:
        raise ConnectionError("nobody listens")
