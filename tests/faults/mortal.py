"""One role of the feeder or of the progress service in a process of its own, to be killed."""

import asyncio
import multiprocessing
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from multiprocessing.context import ForkServerProcess
from typing import Any

import uvloop

from legacy.feeder.service import Addresses as FeederAddresses
from legacy.feeder.service import feeder
from services.contracts.events import Event
from services.events.duty import keep_all
from services.events.news import News
from services.events.projector import MOVE, Projector
from services.events.role import Role
from services.kit.clock import SystemClock
from services.kit.log import start_logging
from services.progress.service import Addresses, service
from services.storage import db

PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["__main__", __name__])

BETWEEN_S = 0.1

Program = Callable[[Any, Role], Awaitable[None]]


async def feeds(at: FeederAddresses, role: Role) -> None:
    async with feeder(at, SystemClock()) as made:
        await keep_all(made.duties[role], SystemClock())


async def progresses(at: Addresses, role: Role) -> None:
    async with service(at, SystemClock()) as made:
        await keep_all(made.duties[role], SystemClock())


async def moves_first(at: Addresses, role: Role) -> None:
    """A projector that has taken note of events before they are applied."""

    async def _take(self: Projector, partition: int, after: int, events: Sequence[Event]) -> News:
        await self._pool.execute(MOVE, self._source, partition, events[-1].position)
        await asyncio.sleep(BETWEEN_S)
        async with db.transaction(self._pool) as connection:
            return await self._project(connection, events)

    setattr(Projector, "_take", _take)  # noqa: B010
    await progresses(at, role)


def start(program: Program, at: object, role: Role) -> None:
    start_logging("error")
    uvloop.run(program(at, role))  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Mortal:
    """`progress` counts what it has done, wherever that can be seen."""

    name: str
    program: Program
    at: object
    role: Role
    progress: Callable[[], Awaitable[int]]

    @asynccontextmanager
    async def alive(self) -> AsyncIterator[ForkServerProcess]:
        """SIGKILL at the block's end."""
        process = PROCESSES.Process(
            target=start, args=(self.program, self.at, self.role), daemon=True
        )
        await asyncio.to_thread(process.start)
        try:
            yield process
            assert process.exitcode is None, f"{self.name} ended by itself"
        finally:
            process.kill()
            await asyncio.to_thread(process.join)

    async def has_moved(self, since: int) -> bool:
        return await self.progress() > since
