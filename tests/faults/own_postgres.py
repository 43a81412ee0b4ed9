"""A PostgreSQL server of a test's own, to be killed, filled and followed."""

import asyncio
import signal
from asyncio.subprocess import DEVNULL, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import psutil

from services.storage.embedded import Command
from services.storage.postgres import Postgres
from services.storage.server import database_refuses
from tests.integration.monolith.serving import free_port
from tests.integration.monolith.waiting import until
from tests.stack import forget

STARTS_WITHIN_S = 60.0


class Server:
    """`url` stays the same however often it is killed."""

    def __init__(self, home: Path, made: Postgres) -> None:
        self._home = home
        self._made = made
        self._running: Process | None = None

    @property
    def url(self) -> str:
        return self._made.url

    async def start(self) -> None:
        """Until it answers: what a killed one has left behind may take a moment to end."""
        await until(self._is_up, STARTS_WITHIN_S)

    async def kill(self) -> None:
        """SIGKILL of the postmaster; its children notice and end."""
        await self._end(signal.SIGKILL)

    def freeze(self) -> None:
        """It and all who work for it: nobody answers, and nobody is refused."""
        for one in self._tree():
            one.suspend()

    def thaw(self) -> None:
        for one in self._tree():
            one.resume()

    async def stop(self) -> None:
        await self._end(signal.SIGQUIT)

    async def forget(self) -> None:
        """As after a loss of its disk."""
        await self.stop()
        forget(self._home)

    def _tree(self) -> list[psutil.Process]:
        assert self._running is not None
        postmaster = psutil.Process(self._running.pid)
        return [postmaster, *postmaster.children(recursive=True)]

    async def _is_up(self) -> bool:
        if self._running is None or self._running.returncode is not None:
            self._running = await _begin(await self._made.prepare(_run))
            await asyncio.sleep(0.1)
        return await database_refuses(self.url) is None

    async def _end(self, how: signal.Signals) -> None:
        if self._running is not None and self._running.returncode is None:
            self._running.send_signal(how)
            await self._running.wait()


@asynccontextmanager
async def own_postgres(home: Path) -> AsyncIterator[Server]:
    await asyncio.to_thread(home.mkdir)
    server = Server(home, Postgres(home, free_port()))
    try:
        await server.start()
        yield server
    finally:
        await server.forget()


async def _run(command: Command) -> None:
    process = await _begin(command)
    assert await process.wait() == 0


async def _begin(command: Command) -> Process:
    who = command.account
    as_whom = {"user": who.uid, "group": who.gid, "extra_groups": []} if who else {}
    return await asyncio.create_subprocess_exec(
        *command.argv,
        cwd=command.folder,
        env=dict(command.environ),
        stdout=DEVNULL,
        stderr=DEVNULL,
        **as_whom,  # type: ignore[arg-type]
    )
