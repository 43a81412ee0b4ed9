"""What a service does for Kafka beside its own work: nothing where none is named."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from services.contracts.events import PARTITIONS
from services.events.bell import Bell
from services.events.duty import Duty
from services.events.feed import Feed, ToEvents
from services.events.kafka.address import Kafka
from services.storage import db


@asynccontextmanager
async def kafka_duties(
    kafka: Kafka | None,
    database: str,
    source: str,
    to_events: ToEvents,
    bell: Bell,
    table: str = "outbox",
) -> AsyncIterator[list[Duty]]:
    """For whoever relays; inside the block they have connections that nobody else waits for."""
    if kafka is None:
        yield []
        return
    # librdkafka is loaded by those alone who talk to Kafka.
    from services.events.kafka.passing import Passing

    async with db.pool(database, 2 * PARTITIONS) as pool:
        yield Passing(kafka, pool, Feed(pool, to_events, table), source, bell).duties()
