"""The supervisor's end of the guardian: whatever is started through it ends with the supervisor."""

import asyncio
import os
import subprocess
import sys
from asyncio.subprocess import Process
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, TypeAlias

from deploy import guardian
from deploy.log import Log
from services.storage.embedded import Command

# A process tells the guardian of itself before it becomes what it shall be: were it the
# supervisor who told, a supervisor killed in between would leave it behind.
ANNOUNCE = 'echo "+$$ $0" >&0 && exec "$@" </dev/null'

REAP_S = 1.0

Output: TypeAlias = IO[bytes] | int | None


class Leash:
    """Starts processes, and has the guardian stop them all; a dead guardian is replaced."""

    def __init__(self, patience_s: float, run_file: Path, lock: int, log: Log) -> None:
        self._arguments = (str(patience_s), str(run_file))
        self._lock = lock
        self._log = log
        self._running: dict[Process, str] = {}

    async def fasten(self) -> None:
        """Starts the guardian and tells it of all that runs."""
        reading, self._pipe = os.pipe()
        try:
            with self._log.path.open("ab") as log:
                self._guardian = await asyncio.create_subprocess_exec(
                    *(sys.executable, "-I", "-S", guardian.__file__, *self._arguments),
                    stdin=reading,
                    stdout=subprocess.DEVNULL,
                    stderr=log,
                    start_new_session=True,
                    # The guardian holds the state folder until all of it has stopped.
                    pass_fds=(self._lock,),
                )
        finally:
            os.close(reading)
        for process, name in self._running.items():
            self._tell(f"+{process.pid} {name}")

    async def watch(self) -> None:
        """Replaces the guardian whenever it dies; never ends."""
        while True:
            await self._guardian.wait()
            os.close(self._pipe)
            await self.fasten()

    async def start(
        self, command: Command, output: Output = None, errors: Output = None
    ) -> Process:
        """Starts a process in a session of its own; it writes where told, or where we do."""
        process = await asyncio.create_subprocess_exec(
            *("/bin/sh", "-c", ANNOUNCE, command.name, *command.argv),
            stdin=self._pipe,
            stdout=output,
            stderr=errors,
            cwd=command.folder,
            env=dict(command.environ),
            start_new_session=True,
            **_identity(command),
        )
        self._running[process] = command.name
        self._tell(f"+{process.pid} {command.name}")
        return process

    def forget(self, process: Process) -> None:
        """The process ended: its number may soon be somebody else's."""
        self._running.pop(process, None)
        self._tell(f"-{process.pid}")

    async def let_go(self) -> None:
        """Returns when everything that was started has ended."""
        os.close(self._pipe)
        if await self._guardian.wait() != 0:
            await self.fasten()
            os.close(self._pipe)
            await self._guardian.wait()
        with suppress(TimeoutError):
            async with asyncio.timeout(REAP_S):
                await asyncio.gather(*(process.wait() for process in self._running))

    def _tell(self, line: str) -> None:
        # When there is no guardian, watch() starts another and tells it everything.
        with suppress(BrokenPipeError):
            os.write(self._pipe, f"{line}\n".encode())


def _identity(command: Command) -> dict[str, Any]:
    if command.account is None:
        return {}
    return {"user": command.account.uid, "group": command.account.gid, "extra_groups": []}
