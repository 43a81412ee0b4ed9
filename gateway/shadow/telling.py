"""Tells the store what this process compared, each second; and whoever decides by it."""

import asyncio
import secrets
from typing import NoReturn, Protocol

from flags.names import Capability
from gateway.shadow.compared import Counts, Mismatches
from gateway.shadow.counting import Counting
from gateway.usage.store import Away, Batch
from services.kit.log import Log

TELL_EVERY_S = 1.0
"""A process that is killed takes with it what it counted since."""
LAST_S = 2.0
"""So long may a process that ends try to tell the rest."""

log = Log("shadow")


class Store(Protocol):
    async def add(self, capability: Capability, counts: Counts, batch: Batch) -> None:
        """Once, however often it is asked for the same of one batch. Raises Away."""


class Telling:
    """What the store did not take is kept and told again; it counts once all the same."""

    def __init__(self, counting: Counting, store: Store, mismatches: Mismatches) -> None:
        self._counting = counting
        self._store = store
        self._mismatches = mismatches
        self._batch = Batch(secrets.token_hex(8), 0)
        self._untold: dict[Capability, Counts] = {}

    async def run(self) -> NoReturn:
        while True:
            await asyncio.sleep(TELL_EVERY_S)
            await self.tell()

    async def tell(self) -> None:
        try:
            # What the store may have taken without saying so keeps the number that it had.
            await self._tell()
            self._batch = Batch(self._batch.sender, self._batch.number + 1)
            self._untold = self._taken()
            await self._tell()
        except Away as away:
            log.warning("shadow.kept", why=str(away))

    async def close(self) -> None:
        """Once nothing is compared any more, and `run()` is over."""
        try:
            async with asyncio.timeout(LAST_S):
                await self.tell()
        except TimeoutError:
            log.warning("shadow.lost", why="the store did not answer in time")

    def _taken(self) -> dict[Capability, Counts]:
        taken = self._counting.take()
        for capability, counts in taken.items():
            made = counts.compared
            if made.compared:
                self._mismatches.mismatch(capability.name, made.compared, made.differing)
        return taken

    async def _tell(self) -> None:
        while self._untold:
            capability, counts = next(iter(self._untold.items()))
            await self._store.add(capability, counts, self._batch)
            del self._untold[capability]
