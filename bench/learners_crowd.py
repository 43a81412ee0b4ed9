"""The processes that learners are in, as whoever has begun them speaks to them."""

import asyncio
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TypeVar

import click
import msgspec

from bench.learners_plan import Found, Opened, Plan

T = TypeVar("T")
OPENS_S, ENDS_S = 600.0, 10.0
MARGIN_S = 60.0
LONGEST_LINE = 1 << 28


@dataclass(frozen=True, slots=True)
class Crowd:
    """One process a plan."""

    plans: Sequence[Plan]
    processes: Sequence[Process]

    async def open(self) -> list[Opened]:
        for plan, process in zip(self.plans, self.processes, strict=True):
            await _say(process, msgspec.json.encode(plan))
        return await self._said(Opened, OPENS_S)

    async def act(self) -> list[Found]:
        """Once they have acted for so long, and all that was under way has ended."""
        for process in self.processes:
            await _say(process, b"act")
        return await self._said(Found, self.plans[0].seconds + MARGIN_S)

    async def _said(self, form: type[T], within_s: float) -> list[T]:
        try:
            async with asyncio.timeout(within_s):
                lines = await asyncio.gather(*map(_line, self.processes))
        except TimeoutError as silent:
            raise click.ClickException(f"The learners are silent for {within_s:g} s.") from silent
        return [msgspec.json.decode(line, type=form) for line in lines]


@asynccontextmanager
async def crowd(plans: Sequence[Plan]) -> AsyncIterator[Crowd]:
    """Its processes end with the block."""
    processes: list[Process] = []
    try:
        for _ in plans:
            command = (sys.executable, "-m", "bench.learners_process")
            begun = asyncio.create_subprocess_exec(
                *command, stdin=PIPE, stdout=PIPE, limit=LONGEST_LINE
            )
            processes.append(await begun)
        yield Crowd(plans, processes)
    finally:
        await _ended(processes)


async def _ended(processes: Iterable[Process]) -> None:
    for process in processes:
        if process.stdin is not None:
            process.stdin.close()
    for process in processes:
        try:
            async with asyncio.timeout(ENDS_S):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()


async def _say(process: Process, line: bytes) -> None:
    assert process.stdin is not None  # noqa: S101 -- it is a pipe
    process.stdin.write(line + b"\n")
    await process.stdin.drain()


async def _line(process: Process) -> bytes:
    assert process.stdout is not None  # noqa: S101 -- it is a pipe
    line = await process.stdout.readline()
    if not line:
        raise click.ClickException("A process of learners has ended.")
    return line
