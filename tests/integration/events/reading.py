"""Reads feeds and outboxes to their end, and waits for what a relay or a projector does."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

from services.contracts.events import PARTITIONS, Event
from services.events.duty import Duty, keep_all
from services.events.feed import Feed
from services.events.relay import Relay
from services.kit.clock import SystemClock
from services.storage.db import Pool
from tests.integration.events.writers import OUTBOX
from tests.integration.monolith.waiting import until

UNSENT = "SELECT count(*) FROM outbox WHERE position IS NULL"


async def all_of(pool: Pool) -> list[Event]:
    """Every event, partition after partition."""
    feed = Feed(pool, OUTBOX.events)
    read: list[Event] = []
    for partition in range(PARTITIONS):
        after = 0
        while events := await feed.fetch(partition, after, 100):
            read += events
            after = events[-1].position
    return read


async def until_sent(pool: Pool) -> None:
    async def is_sent() -> bool:
        return bool(await pool.fetchval(UNSENT) == 0)

    await until(is_sent)


async def drain(pool: Pool, relay: Relay) -> None:
    """Sends what is there, now, without waiting for anything to come."""
    async with pool.acquire() as connection:
        for partition in range(PARTITIONS):
            while await relay.step(connection, partition):
                pass


@asynccontextmanager
async def at_work(*duties: Iterable[Duty]) -> AsyncIterator[None]:
    """They are kept inside the block."""
    kept = [duty for some in duties for duty in some]
    async with asyncio.TaskGroup() as work:
        working = work.create_task(keep_all(kept, SystemClock()))
        try:
            yield
        finally:
            working.cancel()
