"""Fills a projection from a snapshot, beside a projector that may be at work, any number of times.

What the projector has applied already is newer or the same, and stays. In the end the projector's
positions are moved to where the feed was before the snapshot was begun: it goes on from there.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import asyncpg

from services.contracts.events import Event, LessonsCompleted
from services.contracts.snapshot import Kind, Summary
from services.events import applied
from services.events.news import news
from services.events.projector import Projection
from services.storage import db
from services.storage.db import Pool

SOURCE = "legacy"
TRIES = 5
WAIT_S = 0.2

ADVANCE = """
INSERT INTO positions AS known (source, partition, position)
SELECT $1, nth - 1, position FROM unnest($2::bigint[]) WITH ORDINALITY AS given (position, nth)
ON CONFLICT (source, partition) DO UPDATE SET position = greatest(known.position, excluded.position)
"""
BUSY = (asyncpg.DeadlockDetectedError, asyncpg.LockNotAvailableError)

Advance = Callable[[int], None]
"""Told how many streams more are done."""


class Source(Protocol):
    """A snapshot, wherever it is."""

    async def summary(self) -> Summary: ...

    def pages(self, kind: Kind) -> AsyncIterator[list[Event]]: ...


@dataclass(frozen=True, slots=True)
class Filled:
    """Streams of one kind: `expected` when it began, `read` of the snapshot, and what became."""

    kind: Kind
    expected: int
    read: int
    applied: int
    newer: int


class Filling:
    def __init__(self, pool: Pool, source: Source, projection: Projection) -> None:
        self._pool = pool
        self._source = source
        self._projection = projection

    async def summary(self) -> Summary:
        """Asked for before anything is read: the positions in it are where the feed goes on."""
        return await self._source.summary()

    async def fill(self, kind: Kind, expected: int, advance: Advance) -> Filled:
        read = taken = 0
        async for page in self._source.pages(kind):
            fresh = await self._take_patiently(page)
            await self._projection.announce(fresh)
            read += len(page)
            taken += len(fresh)
            advance(len(page))
        return Filled(kind, expected, read, taken, read - taken)

    async def go_on_from(self, positions: Sequence[int]) -> None:
        """Never backwards: a projector that is ahead stays there."""
        await self._pool.execute(ADVANCE, SOURCE, list(positions))

    async def _take_patiently(self, events: Sequence[Event]) -> Sequence[Event]:
        """The projector writes the same rows, and may hold them a while."""
        for _ in range(TRIES - 1):
            try:
                return await self._take(events)
            except BUSY:
                await asyncio.sleep(WAIT_S)
        return await self._take(events)

    async def _take(self, events: Sequence[Event]) -> Sequence[Event]:
        """Those that were new."""
        async with db.transaction(self._pool) as connection:
            fresh = news(events, await applied.lock(connection, events)).fresh
            await self._projection.apply(connection, [*fresh, *_adding_up(events)])
            await applied.mark(connection, fresh)
        return fresh


def _adding_up(events: Sequence[Event]) -> list[Event]:
    """Completions, which the feed tells beside what was before: whoever began with the feed has
    applied the version, and has never seen the rest. To take one twice is to take it once."""
    return [event for event in events if isinstance(event.data, LessonsCompleted)]
