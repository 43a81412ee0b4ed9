"""Keeps one process of the stack running: when it dies it is started again, ever more slowly."""

import asyncio

from deploy.leash import Leash
from deploy.log import Log
from deploy.terminal import Terminal
from services.kit.clock import Clock
from services.storage.embedded import Command

FIRST_WAIT_S = 0.2
LONGEST_WAIT_S = 5.0
SETTLED_S = 30.0
"""After so long a life, a death counts as the first one."""


class Keeper:
    def __init__(
        self, command: Command, log: Log, leash: Leash, terminal: Terminal, clock: Clock
    ) -> None:
        self.name = command.name
        self.log = log
        self.deaths = 0
        self._command = command
        self._leash = leash
        self._terminal = terminal
        self._clock = clock

    async def keep(self) -> None:
        """Runs the process for ever."""
        self.log.begin()
        wait_s = FIRST_WAIT_S
        while True:
            began = self._clock.monotonic_s()
            code = await self._run()
            if self._clock.monotonic_s() - began > SETTLED_S:
                wait_s = FIRST_WAIT_S
            self.deaths += 1
            self._report(code, wait_s)
            await asyncio.sleep(wait_s)
            wait_s = longer(wait_s)

    async def _run(self) -> int:
        with self.log.path.open("ab") as output:
            process = await self._leash.start(self._command, output, output)
        code = await process.wait()
        self._leash.forget(process)
        return code

    def _report(self, code: int, wait_s: float) -> None:
        self._terminal.say(
            f"{self.name} {ending(code)}, starting it again in {wait_s:.1f} s; "
            f"the end of {self.log.path}:\n{self.log.end()}",
            style="yellow",
        )


def longer(wait_s: float) -> float:
    return min(wait_s * 2, LONGEST_WAIT_S)


def ending(code: int) -> str:
    """How a process ended, from its exit code."""
    return f"was killed by signal {-code}" if code < 0 else f"ended with code {code}"
