"""The door and two bare servers that answer the same bytes: measured in turns, by one client."""

import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from bench.catalogue import LEARNER, PAGE, VARIABLES
from bench.door_server import ANSWER, GATEWAY, STARLETTE, UVICORN, served
from bench.door_stages import Stage, timed
from bench.host import load
from bench.keep_alive import Clients, post
from bench.measure import Work, measure
from bench.own_door import OwnDoor
from bench.sides import Round, Side, take_turns
from gateway.heap import settle
from services.kit.clock import SystemClock

BARE = (UVICORN, STARLETTE)


@dataclass(frozen=True, slots=True)
class Measured:
    """`sides` are bare uvicorn, bare Starlette and the door, by how many ask at once."""

    sides: dict[int, Sequence[Side]]
    stages: Sequence[Stage]
    answer_bytes: int
    loads: tuple[float, float]


async def measured(
    at_once: Sequence[int], seconds: float, rounds: int, repetitions: int
) -> Measured:
    before = load()
    with tempfile.TemporaryDirectory(prefix="banyan-bench-") as folder, ExitStack() as servers:
        home = Path(folder)
        door = OwnDoor.of(home)
        bearer = door.issuer.token_for(LEARNER, SystemClock())
        request = post(bearer, query=PAGE, variables=VARIABLES)
        gateway = servers.enter_context(served(GATEWAY, home))
        answer = await _answer(gateway[0], request)
        (home / ANSWER).write_bytes(answer)
        bare = {name: servers.enter_context(served(name, home)) for name in BARE}
        running = {**bare, GATEWAY: gateway}
        sides = {many: await _compared(running, request, many, seconds, rounds) for many in at_once}
        settle()
        stages = await timed(door, request, repetitions)
    return Measured(sides, stages, len(answer), (before, load()))


async def _answer(address: str, request: bytes) -> bytes:
    async with _clients(address, request, 1) as clients:
        return await clients.ask()


async def _compared(
    running: dict[str, tuple[str, psutil.Process]],
    request: bytes,
    many: int,
    seconds: float,
    rounds: int,
) -> Sequence[Side]:
    async with AsyncExitStack() as open_:
        sides, processes = [], {}
        for name, (address, process) in running.items():
            clients = await open_.enter_async_context(_clients(address, request, many))
            sides.append(Side(name, clients.ask))
            processes[sides[-1].work] = process
            # Documents and tokens are known, and all connections used, before it is measured.
            await measure(clients.ask, many, seconds / 4)

        async def measure_one(work: Work) -> Round:
            began_ms = _cpu_ms(processes[work])
            found = await measure(work, many, seconds)
            return Round(found, (_cpu_ms(processes[work]) - began_ms) / found.count)

        await take_turns(sides, rounds, measure_one)
        return sides


@asynccontextmanager
async def _clients(address: str, request: bytes, many: int) -> AsyncIterator[Clients]:
    clients = Clients(request)
    await clients.connect(address, many)
    try:
        yield clients
    finally:
        await clients.close()


def _cpu_ms(process: psutil.Process) -> float:
    times = process.cpu_times()
    return (times.user + times.system) * 1e3
