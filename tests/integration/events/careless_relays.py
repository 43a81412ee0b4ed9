"""Relays, and what some use instead, with one guard taken away or stopped at the worst moment."""

import asyncio

from services.contracts.events import Event
from services.events.bell import Bell
from services.events.relay import Relay
from services.storage.db import Connection, Pool
from tests.integration.events.writers import OUTBOX

FIRST_UNLOCKED = """
SELECT version FROM outbox WHERE position IS NULL ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED
"""


class Crash(Exception):
    """The process dies here."""


class Cursor:
    """Remembers the largest id it saw, and goes on from there."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._last = 0
        self.read: list[Event] = []

    async def step(self) -> None:
        rows = await self._pool.fetch("SELECT * FROM outbox WHERE id > $1 ORDER BY id", self._last)
        if rows:
            self._last = rows[-1]["id"]
            self.read += OUTBOX.events(rows)


async def skip_locked(connection: Connection) -> list[int]:
    """Takes the first event that nobody else is about to send; gives its version."""
    return [row["version"] for row in await connection.fetch(FIRST_UNLOCKED)]


class WithoutTurns(Relay):
    """Believes to be alone."""

    async def _await_turn(self, connection: Connection, partition: int) -> None:
        return


class WithoutLock(Relay):
    """Reads the position as if nobody else moved it."""

    begin = "BEGIN"


class MovesApart(Relay):
    """Stamps its rows in one transaction; dies before the one that moves the position."""

    async def _send(self, connection: Connection, partition: int) -> int:
        stays = self._stamp.replace("WHERE partition = $1\n)", "WHERE false\n)")
        async with self._pool.acquire() as another:
            await another.execute(stays, partition, 500)
        raise Crash


class FailsAtTheEnd(Relay):
    """Dies between its work and its commit."""

    async def _send(self, connection: Connection, partition: int) -> int:
        await super()._send(connection, partition)
        raise Crash


class Paused(Relay):
    """Waits between its work and its commit."""

    def __init__(self, pool: Pool, bell: Bell, source: str) -> None:
        super().__init__(pool, bell, source)
        self.has_stamped = asyncio.Event()
        self.may_commit = asyncio.Event()

    async def _send(self, connection: Connection, partition: int) -> int:
        sent = await super()._send(connection, partition)
        self.has_stamped.set()
        await self.may_commit.wait()
        return sent


class PausedWithoutLock(Paused, WithoutLock):
    """Both."""
