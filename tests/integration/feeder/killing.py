"""The real feeder in a process of its own, to be killed (SIGKILL) while it works."""

import asyncio
import multiprocessing
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from multiprocessing.context import ForkServerProcess

import uvloop

from legacy.feeder.service import Addresses, feeder
from services.events.process import run
from services.events.role import Role
from services.kit.clock import SystemClock
from services.kit.log import start_logging

# Each is forked from one process that has imported everything: importing takes a second.
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["__main__", __name__])


def start(at: Addresses, port: int, roles: frozenset[Role]) -> None:
    start_logging("error")
    uvloop.run(_serve(at, port, roles))


async def _serve(at: Addresses, port: int, roles: frozenset[Role]) -> None:
    """As its program does, but that whoever asks need not sign."""
    clock = SystemClock()
    async with feeder(at, clock) as made:
        await run(made.app, port, made.duties, clock, roles)


@dataclass(frozen=True, slots=True)
class Feeder:
    """Where it answers while it lives."""

    at: Addresses
    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @asynccontextmanager
    async def alive(self, *roles: Role) -> AsyncIterator[ForkServerProcess]:
        """Killed at the block's end; without roles it does everything."""
        chosen = frozenset(roles or Role)
        process = PROCESSES.Process(target=start, args=(self.at, self.port, chosen), daemon=True)
        await asyncio.to_thread(process.start)
        try:
            yield process
            assert process.exitcode is None
        finally:
            process.kill()
            await asyncio.to_thread(process.join)
