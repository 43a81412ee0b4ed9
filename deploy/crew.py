"""Starts commands: kept running for ever, or run to their end."""

import asyncio
import subprocess
from asyncio.subprocess import Process
from pathlib import Path

from deploy.errors import StepFailed
from deploy.keeper import Keeper, ending
from deploy.leash import Leash
from deploy.log import Log
from deploy.terminal import Terminal
from services.kit.clock import Clock
from services.storage.embedded import Command


class Crew:
    """`tasks` owns the keepers: when it ends, nobody starts anything again."""

    def __init__(
        self, home: Path, leash: Leash, terminal: Terminal, clock: Clock, tasks: asyncio.TaskGroup
    ) -> None:
        self._home = home
        self._leash = leash
        self._terminal = terminal
        self._clock = clock
        self._tasks = tasks

    def keep(self, command: Command) -> Keeper:
        log = Log(self._home, command.name)
        keeper = Keeper(command, log, self._leash, self._terminal, self._clock)
        self._tasks.create_task(keeper.keep(), name=command.name)
        return keeper

    async def run(self, command: Command) -> None:
        """Runs it to its end, its output in its log; raises StepFailed when it ends badly."""
        log = Log(self._home, command.name)
        log.begin()
        with log.path.open("ab") as output:
            code = await self._end(await self._leash.start(command, output, output))
        if code != 0:
            raise StepFailed(
                f"{command.name} {ending(code)}; the end of {log.path}:\n{log.end(lines=15)}"
            )

    async def show(self, command: Command) -> None:
        """Runs it to its end, its output where ours goes; raises StepFailed when it ends badly."""
        code = await self._end(await self._leash.start(command))
        if code != 0:
            raise StepFailed(f"{command.name} {ending(code)}; see above.")

    async def read(self, command: Command) -> str | None:
        """Runs it to its end; gives what it printed, or None when it ended badly."""
        process = await self._leash.start(command, subprocess.PIPE, subprocess.DEVNULL)
        printed, _ = await process.communicate()
        return printed.decode() if await self._end(process) == 0 else None

    async def _end(self, process: Process) -> int:
        code = await process.wait()
        self._leash.forget(process)
        return code
