"""Servers in processes of their own, asked in turns, over kept connections."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import TypeAlias

import psutil

from bench.keep_alive import Clients
from bench.measure import Work, measure
from bench.sides import Round, Side, take_turns

Servers: TypeAlias = Mapping[str, tuple[str, psutil.Process]]
"""By name where each answers, and what to watch of it."""
Asked: TypeAlias = Mapping[str, Sequence[bytes]]
"""By name the requests that each gets, one after another."""


async def compared(
    servers: Servers, asked: Asked, many: int, seconds: float, rounds: int
) -> list[Side]:
    """In the order of the servers, `many` asking at once."""
    clients = {name: Clients(asked[name]) for name in servers}
    sides = [Side(name, clients[name].ask) for name in servers]
    names = {side.work: side.name for side in sides}
    for name, (address, _) in servers.items():
        # Documents and tokens are known before it is measured.
        async with clients[name].connected(address, many):
            await gather_all(clients[name].ask, len(asked[name]), many)

    async def measure_one(work: Work) -> Round:
        address, process = servers[names[work]]
        # Servers close what idles while others have their turn.
        async with clients[names[work]].connected(address, many):
            await measure(work, many, seconds / 4)
            began_ms = _cpu_ms(process)
            found = await measure(work, many, seconds)
            return Round(found, (_cpu_ms(process) - began_ms) / found.count)

    await take_turns(sides, rounds, measure_one)
    return sides


async def gather_all(work: Work, times: int, at_once: int) -> None:
    turns = iter(range(times))

    async def some() -> None:
        for _ in turns:
            await work()

    await asyncio.gather(*(some() for _ in range(at_once)))


async def answer(address: str, request: bytes) -> bytes:
    """Asked once."""
    clients = Clients([request])
    async with clients.connected(address, 1):
        return await clients.ask()


def keep_to(process: psutil.Process, core: int) -> None:
    """Where the system lets one choose: macOS does not."""
    if hasattr(process, "cpu_affinity"):
        process.cpu_affinity([core])


def _cpu_ms(process: psutil.Process) -> float:
    times = process.cpu_times()
    return (times.user + times.system) * 1e3
