"""Passes an app's feed on to Kafka, from where Kafka has said that it has it."""

import asyncio
from functools import partial

from services.contracts.events import PARTITIONS, Event
from services.events.bell import Bell, feed_channel
from services.events.duty import Duty
from services.events.errors import Discontinued
from services.events.feed import Feed
from services.events.kafka.address import Kafka
from services.events.kafka.message import message_of, topic_of
from services.events.kafka.producer import Producer
from services.kit.log import Log
from services.storage import db
from services.storage.db import Connection, Pool

CONSUMER = "kafka"
BATCH = 500
POLL_S = 1.0
TURN_S = 1.0

TAKE_TURN = "SELECT pg_try_advisory_lock(hashtext('kafka'), $1)"
LOOK = "SELECT position FROM consumers WHERE name = $1 AND partition = $2"

log = Log("events.kafka")


class Passing:
    """In any number of processes; what one of them sends follows what was sent before it."""

    def __init__(self, kafka: Kafka, pool: Pool, feed: Feed, source: str, bell: Bell) -> None:
        self._kafka = kafka
        self._pool = pool
        self._feed = feed
        self._source = source
        self._bell = bell

    def duties(self) -> list[Duty]:
        """One a partition; each keeps a connection, and a producer of its own."""
        return [
            Duty(f"kafka.{self._source}.{partition}", partial(self.follow, partition))
            for partition in range(PARTITIONS)
        ]

    async def follow(self, partition: int) -> None:
        channel = feed_channel(self._source, partition)
        await self._feed.expect(CONSUMER)
        async with db.session(self._pool) as connection:
            await self._await_turn(connection, partition)
            async with Producer(self._kafka) as producer:
                while True:
                    rings = self._bell.rings(channel)
                    if not await self.step(connection, producer, partition):
                        await self._bell.wait(channel, POLL_S, since=rings)

    async def step(self, connection: Connection, producer: Producer, partition: int) -> int:
        """Passes one batch on; how many events there were. Raises KafkaAway."""
        after: int = await connection.fetchval(LOOK, CONSUMER, partition)
        events = await self._fetch(partition, after)
        if events:
            await producer.deliver(topic_of(self._source), [message_of(it) for it in events])
            await self._feed.remember(CONSUMER, partition, events[-1].position)
        return len(events)

    async def _fetch(self, partition: int, after: int) -> list[Event]:
        try:
            return await self._feed.fetch(partition, after, BATCH)
        except Discontinued as gone:
            # Kafka came to a feed whose beginning was forgotten already.
            log.warning("kafka.begins_late", source=self._source, after=after, first=gone.oldest)
            return await self._feed.fetch(partition, gone.oldest - 1, BATCH)

    async def _await_turn(self, connection: Connection, partition: int) -> None:
        # For economy only: two at once would be right, and send everything twice.
        while True:
            if await connection.fetchval(TAKE_TURN, partition):
                return
            await asyncio.sleep(TURN_S)
