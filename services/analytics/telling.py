"""Follows a feed and has what it says about learning kept by the record store, once each."""

from collections.abc import Mapping, Sequence
from functools import partial
from uuid import UUID

from services.analytics import told
from services.analytics.facts import Fact, facts
from services.analytics.platform import Platform
from services.analytics.record_store import RecordStore
from services.analytics.saying import said, subject_of
from services.analytics.told import Told
from services.contracts.events import PARTITIONS, Event
from services.events.bell import Bell, feed_channel
from services.events.duty import Duty
from services.events.errors import Discontinued
from services.events.projector import Reads
from services.kit.log import Log
from services.storage import db
from services.storage.db import Pool

BATCH = 100
POLL_S = 1.0

BEGIN = "INSERT INTO positions (source, partition) VALUES ($1, $2) ON CONFLICT DO NOTHING"
LOOK = "SELECT position FROM positions WHERE source = $1 AND partition = $2"
LOCK = f"{LOOK} FOR UPDATE"
MOVE = "UPDATE positions SET position = $3 WHERE source = $1 AND partition = $2"

log = Log("analytics")


class Telling:
    """Two at once would say the same, and be heard once."""

    def __init__(
        self, pool: Pool, feed: Reads, source: str, store: RecordStore, platform: Platform
    ) -> None:
        self._pool = pool
        self._feed = feed
        self._source = source
        self._store = store
        self._platform = platform

    def duties(self, bell: Bell) -> list[Duty]:
        """One a partition."""
        return [
            Duty(f"analytics.{self._source}.{partition}", partial(self.follow, bell, partition))
            for partition in range(PARTITIONS)
        ]

    async def follow(self, bell: Bell, partition: int) -> None:
        channel = feed_channel(self._source, partition)
        await self._pool.execute(BEGIN, self._source, partition)
        while True:
            rings = bell.rings(channel)
            if not await self.step(partition):
                await bell.wait(channel, POLL_S, since=rings)

    async def step(self, partition: int) -> int:
        """Tells of one batch; how many events there were. Raises RecordStoreAway or FeedError."""
        after = await self._pool.fetchval(LOOK, self._source, partition)
        events = await self._fetch(partition, after)
        if events:
            learned = [fact for event in events for fact in facts(event)]
            now_told = await self._tell(learned)
            await self._note(partition, after, events[-1].position, now_told)
        return len(events)

    async def _fetch(self, partition: int, after: int) -> list[Event]:
        try:
            return await self._feed.fetch(partition, after, BATCH)
        except Discontinued as gone:
            # The feed's beginning was forgotten before we came.
            log.warning("analytics.begins_late", source=self._source, first=gone.oldest)
            return await self._feed.fetch(partition, gone.oldest - 1, BATCH)

    async def _tell(self, learned: Sequence[Fact]) -> Mapping[UUID, Told]:
        subjects = {subject_of(self._platform, fact) for fact in learned}
        before = await told.look(self._pool, subjects)
        statements, after = said(self._platform, learned, before)
        await self._store.keep(statements)
        return after

    async def _note(
        self, partition: int, after: int, position: int, now_told: Mapping[UUID, Told]
    ) -> None:
        """Only what the store has; what it has and we do not know is said again, and the same."""
        async with db.transaction(self._pool) as connection:
            if await connection.fetchval(LOCK, self._source, partition) == after:
                await told.keep(connection, now_told)
                await connection.execute(MOVE, self._source, partition, position)
