"""Makes a projection anew while it serves: readers see the old one, then the new one, whole.

The new one is made beside it of a snapshot and of what the feed said since. In one transaction, in
which the projector stands still, it is brought up to the present and the difference is written.
"""

from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from typing import Protocol

from services.backfill.target import Target
from services.contracts.events import PARTITIONS, Event
from services.contracts.snapshot import Kind, Summary
from services.events.projector import Projection, project
from services.projections.difference import Difference
from services.projections.shadow import Shadow
from services.storage.db import Connection

SOURCE = "legacy"
BATCH = 500
REMEMBERED = 10_000
"""So many of the newest events can be told of in the end."""

LIMITS = """
SET statement_timeout = '240s'; SET idle_in_transaction_session_timeout = '30s';
SET temp_buffers = '64MB'
"""
BEGIN = f"""
INSERT INTO {{live}}.positions (source, partition)
SELECT $1, generate_series(0, {PARTITIONS - 1}) ON CONFLICT DO NOTHING
"""
LOCK = """
SELECT partition, position FROM {live}.positions WHERE source = $1 ORDER BY partition FOR UPDATE
"""
MOVE = """
UPDATE {live}.positions SET position = $3 WHERE source = $1 AND partition = $2 AND position < $3
"""

Advance = Callable[[int], None]
"""Told how many more are done."""


class CannotRebuild(Exception):
    """The text is one sentence: why, and what stays as it was."""


class Snapshot(Protocol):
    async def summary(self) -> Summary: ...

    def pages(self, kind: Kind) -> AsyncIterator[list[Event]]: ...


class Feed(Protocol):
    async def fetch(self, partition: int, after: int, limit: int) -> list[Event]: ...


class Rebuild:
    """`reached` is how far the new tables are in the feed, by partition."""

    def __init__(
        self,
        connection: Connection,
        shadow: Shadow,
        snapshot: Snapshot,
        feed: Feed,
        projection: Projection,
        reached: Sequence[int],
    ) -> None:
        self._connection = connection
        self._shadow = shadow
        self._snapshot = snapshot
        self._feed = feed
        self._projection = projection
        self._reached = dict(enumerate(reached))
        self._newest: deque[tuple[int, Event]] = deque(maxlen=REMEMBERED)

    async def fill(self, kind: Kind, advance: Advance) -> None:
        """Reads all of one kind; raises CannotRebuild where something cannot be applied."""
        async for page in self._snapshot.pages(kind):
            async with self._connection.transaction():
                found = await project(self._connection, self._projection, page)
            if found.held:
                first = found.held[0]
                raise CannotRebuild(
                    f"{first.event.stream} cannot be applied ({first.why}): all stays as it was."
                )
            advance(len(page))

    async def catch_up(self, advance: Advance) -> None:
        """Takes what the feed has said since, while everything goes on."""
        for partition in range(PARTITIONS):
            while count := await self._step(partition):
                advance(count)
        await self._shadow.carry()
        await self._shadow.analyze()

    async def exchange(self) -> Sequence[Difference]:
        """The one transaction in which the old becomes the new; then it is told."""
        async with self._connection.transaction():
            positions = await self._stop_projector()
            for partition, position in positions.items():
                while self._reached[partition] < position and await self._step(partition):
                    pass
            await self._shadow.lock_live()
            await self._shadow.carry()
            found = await self._shadow.write_difference()
            await self._go_on()
        await self._announce(positions)
        return found

    async def _step(self, partition: int) -> int:
        events = await self._feed.fetch(partition, self._reached[partition], BATCH)
        if events:
            async with self._connection.transaction():
                found = await project(self._connection, self._projection, events)
            self._newest.extend((partition, event) for event in found.fresh)
            self._reached[partition] = events[-1].position
        return len(events)

    async def _stop_projector(self) -> dict[int, int]:
        await self._connection.execute(BEGIN.format(live=self._shadow.live), SOURCE)
        rows = await self._connection.fetch(LOCK.format(live=self._shadow.live), SOURCE)
        return {row["partition"]: row["position"] for row in rows}

    async def _go_on(self) -> None:
        for partition, position in self._reached.items():
            await self._connection.execute(
                MOVE.format(live=self._shadow.live), SOURCE, partition, position
            )

    async def _announce(self, positions: Mapping[int, int]) -> None:
        """What the projector will not come to see, since we were ahead of it."""
        ahead = [
            event for partition, event in self._newest if event.position > positions[partition]
        ]
        await self._projection.announce_all()
        await self._projection.announce(ahead)


async def begin(
    connection: Connection,
    wanted: Target,
    snapshot: Snapshot,
    feed: Feed,
    projection: Projection,
) -> tuple[Rebuild, Summary]:
    """`connection` is the rebuild's alone: what is made beside the tables in use goes with it.

    Raises CannotRebuild where a snapshot does not tell all that the tables hold.
    """
    if wanted.anew is None:
        raise CannotRebuild(f"{wanted.app} keeps what no snapshot has: it cannot be made anew.")
    await connection.execute(LIMITS)
    shadow = Shadow(connection, await connection.fetchval("SELECT current_schema()"), wanted.anew)
    await shadow.make()
    summary = await snapshot.summary()
    made = Rebuild(connection, shadow, snapshot, feed, projection, summary.positions)
    return made, summary
