"""The gateway's processes of a running system, and whether all have taken changed flags."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from bench.system import System

LOADED = b'"event": "flags.loaded"'
LOADED_WITHIN_S = 10.0
LOOK_EVERY_S = 0.02


@dataclass(frozen=True, slots=True)
class Gateways:
    """`logs` are those of the gateway's processes, of which there are `processes`."""

    logs: Sequence[Path]
    processes: int

    @classmethod
    def of(cls, running: System) -> "Gateways":
        logs = sorted(running.log("gateway").parent.glob("gateway*.log"))
        return cls(logs, len(running.processes("gateway.main")))

    async def take(self, change: Callable[[], object]) -> None:
        """Returns once every process has what the `change` did to the flags."""
        ends = [log.stat().st_size for log in self.logs]
        change()
        try:
            async with asyncio.timeout(LOADED_WITHIN_S):
                await self._until_loaded(ends)
        except TimeoutError as silent:
            raise click.ClickException("The gateway does not take its flags.") from silent

    async def _until_loaded(self, ends: Sequence[int]) -> None:
        while True:
            both = zip(self.logs, ends, strict=True)
            if sum(LOADED in log.read_bytes()[end:] for log, end in both) >= self.processes:
                return
            await asyncio.sleep(LOOK_EVERY_S)
