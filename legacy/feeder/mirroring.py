"""Follows the progress service's feed and has each event written into the monolith, in order."""

from functools import partial

from legacy.mirror import SOURCE, Mirror
from services.contracts.errors import UpstreamError
from services.contracts.events import PARTITIONS
from services.events import applied
from services.events.bell import Bell, feed_channel
from services.events.duty import Duty
from services.events.projector import Reads
from services.storage.db import Pool

CONSUMER = "mirror"
BATCH = 100
POLL_S = 1.0

LOOK = "SELECT position FROM positions WHERE source = $1 AND partition = $2"
BEGIN = "INSERT INTO positions VALUES ($1, $2, 0) ON CONFLICT DO NOTHING"
# Of two by mistake the slower one does not take the faster one back.
MOVE = """
WITH moved AS (
    UPDATE positions SET position = $3 WHERE source = $1 AND partition = $2 AND position < $3
)
INSERT INTO applied AS known VALUES ($4, $5)
ON CONFLICT (stream) DO UPDATE SET version = greatest(known.version, excluded.version)
"""


class MonolithAway(ConnectionError):
    """The monolith did not take what it must: the duty begins again where it was."""


class Mirroring:
    """One call a partition at most, so that learners are not crowded out of a small pool."""

    def __init__(self, pool: Pool, feed: Reads, mirror: Mirror, bell: Bell) -> None:
        self._pool = pool
        self._feed = feed
        self._mirror = mirror
        self._bell = bell

    def duties(self) -> list[Duty]:
        return [
            Duty(f"mirror.{partition}", partial(self.follow, partition))
            for partition in range(PARTITIONS)
        ]

    async def follow(self, partition: int) -> None:
        channel = feed_channel(SOURCE, partition)
        await self._pool.execute(BEGIN, SOURCE, partition)
        while True:
            rings = self._bell.rings(channel)
            if not await self.step(partition):
                await self._bell.wait(channel, POLL_S, since=rings)

    async def step(self, partition: int) -> int:
        """Takes one batch; how many events there were."""
        after = await self._pool.fetchval(LOOK, SOURCE, partition)
        events = await self._feed.fetch(partition, after, BATCH)
        for event in events:
            try:
                await self._mirror.bring_back(event)
            except UpstreamError as away:
                raise MonolithAway(f"{event.stream} {event.version}: {away}") from away
            place = SOURCE, partition, event.position
            await self._pool.execute(MOVE, *place, applied.key(event), event.version)
        return len(events)
