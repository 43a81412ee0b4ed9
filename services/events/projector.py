"""Keeps a projection up to date with a feed: each event once, in order, whoever dies when."""

import asyncio
from collections.abc import Sequence
from functools import partial
from typing import Protocol

from services.contracts.events import PARTITIONS, Event
from services.events import applied, parked
from services.events.bell import Bell, feed_channel
from services.events.duty import Duty
from services.events.gaps import Remembers, filled
from services.events.news import News, news
from services.events.retrying import retry, waiting
from services.events.sieve import Sieve
from services.kit.ending import heed_cancellation
from services.kit.log import Log
from services.kit.telemetry import moment
from services.storage import db
from services.storage.db import Connection, Pool

BATCH = 500
POLL_S = 1.0
"""A relay rings when there is something: this is for when nobody hears it."""
ANNOUNCE_S = 1.0

BEGIN = "INSERT INTO positions (source, partition) VALUES ($1, $2) ON CONFLICT DO NOTHING"
LOOK = "SELECT position FROM positions WHERE source = $1 AND partition = $2"
LOCK = f"{LOOK} FOR UPDATE"
MOVE = "UPDATE positions SET position = $3 WHERE source = $1 AND partition = $2"

log = Log("events.projector")


class Projection(Protocol):
    """What a service makes of events."""

    async def apply(self, connection: Connection, events: Sequence[Event]) -> None:
        """Writes them, in order, in the projector's transaction; each event comes once."""

    async def announce(self, events: Sequence[Event]) -> None:
        """Tells others what was applied, after the commit; it may be missed, never repeated."""

    async def announce_all(self) -> None:
        """Tells others that more may have been applied than was announced."""


class Reads(Remembers, Protocol):
    """A feed, wherever it is."""

    async def fetch(self, partition: int, after: int, limit: int) -> list[Event]:
        """What follows `after`, positions ascending without a gap; raises FeedError."""


async def project(connection: Connection, projection: Projection, events: Sequence[Event]) -> News:
    """Applies those of the events, of a feed or of a snapshot, that are new to the projection.

    What cannot be applied is parked, and so is what follows it in its stream.
    """
    versions = await applied.lock(connection, events)
    edges = await parked.edges(connection, versions)
    found = news(events, {**versions, **edges.newest})
    sieve = Sieve(connection, projection, edges.first)
    await sieve.sift(found.fresh)
    await applied.mark(connection, sieve.applied)
    await parked.park(connection, sieve.held)
    return News(sieve.applied, found.gaps, sieve.held)


class Projector:
    """One projection of one source; `gaps` counts versions that were skipped."""

    def __init__(
        self, pool: Pool, feed: Reads, source: str, projection: Projection, bell: Bell
    ) -> None:
        self._pool = pool
        self._feed = feed
        self._source = source
        self._projection = projection
        self._bell = bell
        self.gaps = 0

    def duties(self) -> list[Duty]:
        """One a partition."""
        return [
            Duty(f"projector.{self._source}.{partition}", partial(self.follow, partition))
            for partition in range(PARTITIONS)
        ]

    async def follow(self, partition: int) -> None:
        channel = feed_channel(self._source, partition)
        await self._begin(partition)
        await self._projection.announce_all()
        await self.retry(partition)
        while True:
            rings = self._bell.rings(channel)
            if not await self.step(partition):
                await self._bell.wait(channel, POLL_S, since=rings)

    async def catch_up(self) -> None:
        """Takes all that the feed has now."""
        for partition in range(PARTITIONS):
            await self._begin(partition)
            while await self.step(partition):
                pass

    async def retry(self, partition: int) -> None:
        """Tries what is parked: this may be another release than the one that parked it."""
        for stream in await waiting(self._pool, self._source, partition):
            found = await retry(self._pool, self._projection, stream)
            self._tell(found)
            await self._announce(found.fresh)

    async def step(self, partition: int) -> int:
        """Takes one batch; how many events there were."""
        after = await self._pool.fetchval(LOOK, self._source, partition)
        events = await self._feed.fetch(partition, after, BATCH)
        if events:
            events = await filled(self._pool, self._feed, events)
            found = await self._take(partition, after, events)
            self._tell(found)
            for event in found.fresh:
                moment(f"project {type(event.data).__name__}", event.traceparent)
            await self._announce(found.fresh)
        return len(events)

    async def _begin(self, partition: int) -> None:
        await self._pool.execute(BEGIN, self._source, partition)

    async def _take(self, partition: int, after: int, events: Sequence[Event]) -> News:
        async with db.transaction(self._pool) as connection:
            position = await connection.fetchval(LOCK, self._source, partition)
            if position != after:
                # Another projector was here between the fetch and the lock.
                return News()
            found = await self._project(connection, events)
            await connection.execute(MOVE, self._source, partition, events[-1].position)
            return found

    async def _project(self, connection: Connection, events: Sequence[Event]) -> News:
        return await project(connection, self._projection, events)

    def _tell(self, found: News) -> None:
        self.gaps += len(found.gaps)
        for gap in found.gaps:
            log.warning("projector.gap", stream=gap.stream, known=gap.known, came=gap.version)
        for held in found.held:
            if held.why is not None:
                event, why = held.event, held.why.partition(":")[0]
                log.error(
                    "projector.parked",
                    stream=applied.key(event),
                    version=event.version,
                    why=why,
                )

    async def _announce(self, events: Sequence[Event]) -> None:
        if not events:
            return
        try:
            async with asyncio.timeout(ANNOUNCE_S):
                await self._projection.announce(events)
        except Exception as failed:
            heed_cancellation()
            # It is committed: whoever missed the announcement reads it later all the same.
            log.error("projector.unannounced", failed, events=len(events))
