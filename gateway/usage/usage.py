"""What clients use, told to a store that adds up what all gateway processes counted."""

import asyncio
import secrets
from collections.abc import Mapping
from typing import Any, NoReturn

from gateway.usage.client import Client
from gateway.usage.counting import Counting, Counts
from gateway.usage.fields import Uses
from gateway.usage.store import Away, Batch, Store
from services.kit.clock import Clock
from services.kit.log import Log

log = Log("usage")
TELL_EVERY_S = 10.0
"""A process that is killed takes with it what it counted since."""
LAST_S = 2.0
"""So long may a process that ends try to tell the rest."""


class Usage:
    """What the store did not take is kept and told again; it counts once all the same."""

    def __init__(self, store: Store, clock: Clock, counting: Counting | None = None) -> None:
        self._store = store
        self._counting = counting or Counting(clock)
        self._batch = Batch(secrets.token_hex(8), 0)
        self._untold: Counts = {}

    def count(self, client: Client, uses: Uses, variables: Mapping[str, Any] | None) -> None:
        """One operation that is run."""
        self._counting.add(client, uses.coordinates, uses.given(variables))

    async def run(self) -> NoReturn:
        while True:
            await asyncio.sleep(TELL_EVERY_S)
            await self.tell()

    async def tell(self) -> None:
        self._counting.sort()
        try:
            # What the store may have taken without saying so keeps the number that it had.
            await self._tell()
            self._batch = Batch(self._batch.sender, self._batch.number + 1)
            self._untold = self._counting.take()
            await self._tell()
        except Away as away:
            log.warning("usage.kept", why=str(away))

    async def close(self) -> None:
        """Once nothing is counted any more, and `run()` is over."""
        try:
            async with asyncio.timeout(LAST_S):
                await self.tell()
        except TimeoutError:
            log.warning("usage.lost", why="the store did not answer in time")

    async def _tell(self) -> None:
        while self._untold:
            place, counts = next(iter(self._untold.items()))
            await self._store.add(place, counts, self._batch)
            del self._untold[place]
