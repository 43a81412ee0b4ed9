"""What one running monolith is made of."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import asyncpg

from legacy.monolith.clock import Clock
from legacy.monolith.database import Connection, Pool
from legacy.monolith.session import Sessions
from legacy.monolith.settings import Settings


@dataclass(frozen=True, slots=True)
class Parts:
    settings: Settings
    clock: Clock
    pool: Pool
    sessions: Sessions

    @classmethod
    def of(cls, settings: Settings, clock: Clock, pool: Pool) -> "Parts":
        return cls(settings, clock, pool, Sessions(clock, settings.session_s))

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        """The one transaction of a request: a page is rendered inside it, hence the delay."""
        async with self.pool.acquire() as db, db.transaction():
            try:
                yield db
            except asyncpg.PostgresError as error:
                # It is the whole row, which belongs neither into a log nor into a span.
                error.detail = None
                raise
            finally:
                await asyncio.sleep(self.settings.delay_ms / 1000)
