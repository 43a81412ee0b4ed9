"""Starts peers, and hears what they tell."""

import asyncio
import json
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import msgspec

from tests.integration.classroom.peer import Peer

PATIENCE_S = 90.0
MODULE = "tests.integration.classroom.peer"


class Running:
    def __init__(self, process: Process) -> None:
        self._process = process
        self.told: list[dict[str, Any]] = []

    async def until(self, name: str) -> Any:
        """What it tells by this name; fails when it ends before."""
        assert self._process.stdout is not None
        async with asyncio.timeout(PATIENCE_S):
            while line := await self._process.stdout.readline():
                self.told.append(json.loads(line))
                if name in self.told[-1]:
                    return self.told[-1][name]
        raise AssertionError(f"it ended before it told {name}: {self.told}")

    def times(self, name: str) -> int:
        return sum(name in said for said in self.told)

    async def go_on(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(b"\n")
        await self._process.stdin.drain()


@asynccontextmanager
async def running(peer: Peer) -> AsyncIterator[Running]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", MODULE, stdin=PIPE, stdout=PIPE
    )
    assert process.stdin is not None
    process.stdin.write(msgspec.json.encode(peer) + b"\n")
    await process.stdin.drain()
    try:
        yield Running(process)
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
