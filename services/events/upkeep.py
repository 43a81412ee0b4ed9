"""Keeps an outbox in order: tomorrow's partition is made, what everybody has read is forgotten."""

import asyncio

from services.events.duty import Duty
from services.events.partitions import make_ahead
from services.events.prune import prune_days, prune_rows
from services.storage.db import ACQUIRE_S, Pool

EVERY_S = 60.0


class Upkeep:
    """`plain_table` names an outbox that has no partitions."""

    def __init__(self, pool: Pool, plain_table: str | None = None) -> None:
        self._pool = pool
        self._plain_table = plain_table

    def duty(self) -> Duty:
        return Duty("upkeep", self.run)

    async def run(self) -> None:
        while True:
            await self.once()
            await asyncio.sleep(EVERY_S)

    async def once(self) -> None:
        async with self._pool.acquire(timeout=ACQUIRE_S) as connection:
            if self._plain_table is not None:
                await prune_rows(connection, self._plain_table)
                return
            await make_ahead(connection)
            await prune_days(connection)
