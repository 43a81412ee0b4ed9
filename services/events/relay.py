"""Gives an app's events their positions in the feed: in order per stream, without a gap."""

import asyncio
from functools import partial

from services.contracts.events import PARTITIONS
from services.events.bell import Bell, feed_channel, outbox_channel
from services.events.duty import Duty
from services.kit.telemetry import moment
from services.storage import db
from services.storage.db import Connection, Pool

BATCH = 500
POLL_S = 0.25
TURN_S = 0.2

TAKE_TURN = "SELECT pg_try_advisory_lock(hashtext('relay'), $1)"
# What was counted when a table was loaded, and nothing of it sent yet, makes a plan that reads all.
BY_INDEX = "SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off"
# Two statements: one would see the rows as they were before it waited for the lock, and a second
# relay would stamp what the first one just has.
LOCKING = "BEGIN; SELECT FROM relay_positions WHERE partition = {} FOR UPDATE"
IS_UNSENT = "SELECT EXISTS (SELECT FROM {table} WHERE partition = $1 AND position IS NULL)"
# A range, so that the order is that of the index of what is unsent and of no other.
STAMP = """
WITH sent AS (
    UPDATE {table} SET position = last.position + batch.nth
    FROM relay_positions AS last, (
        SELECT day, id, row_number() OVER (ORDER BY partition, id) AS nth
        FROM {table} WHERE partition BETWEEN $1 AND $1 AND position IS NULL
        ORDER BY partition, id LIMIT $2
    ) AS batch
    WHERE last.partition = $1 AND {table}.day = batch.day AND {table}.id = batch.id
    RETURNING traceparent
), moved AS (
    UPDATE relay_positions SET position = position + (SELECT count(*) FROM sent)
    WHERE partition = $1
)
SELECT traceparent FROM sent
"""


class Relay:
    """`table` has an outbox's columns; a source's relay works in any number of processes."""

    begin = LOCKING

    def __init__(self, pool: Pool, bell: Bell, source: str, table: str = "outbox") -> None:
        self._pool = pool
        self._bell = bell
        self._source = source
        self._is_unsent = IS_UNSENT.format(table=table)
        self._stamp = STAMP.format(table=table)

    def duties(self) -> list[Duty]:
        """One a partition; each keeps a connection."""
        return [
            Duty(f"relay.{self._source}.{partition}", partial(self.follow, partition))
            for partition in range(PARTITIONS)
        ]

    async def follow(self, partition: int) -> None:
        channel = outbox_channel(self._source)
        async with db.session(self._pool) as connection:
            await connection.execute(BY_INDEX)
            await self._await_turn(connection, partition)
            while True:
                rings = self._bell.rings(channel)
                if await self.step(connection, partition) < BATCH:
                    await self._bell.wait(channel, POLL_S, since=rings)

    async def step(self, connection: Connection, partition: int) -> int:
        """Sends one batch; how many events there were."""
        if not await connection.fetchval(self._is_unsent, partition):
            return 0
        async with db.begun(connection, self.begin.format(partition)):
            sent = await self._send(connection, partition)
        await self._bell.ring(feed_channel(self._source, partition))
        return sent

    async def _send(self, connection: Connection, partition: int) -> int:
        sent = await connection.fetch(self._stamp, partition, BATCH)
        for row in sent:
            moment(f"relay {self._source}", row["traceparent"])
        return len(sent)

    async def _await_turn(self, connection: Connection, partition: int) -> None:
        # For economy only: two relays at once would be right, and wait for each other.
        while True:
            if await connection.fetchval(TAKE_TURN, partition):
                return
            await asyncio.sleep(TURN_S)
