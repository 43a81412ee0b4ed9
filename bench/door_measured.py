"""The door and two bare servers that answer the same bytes: measured in turns, by one client."""

import tempfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from bench.catalogue import LEARNER, PAGE, VARIABLES
from bench.door_server import ANSWER, GATEWAY, STARLETTE, UVICORN, served
from bench.door_stages import Stage, timed
from bench.host import load
from bench.keep_alive import post
from bench.own_door import OwnDoor
from bench.servers import answer, compared
from bench.sides import Side
from gateway.heap import settle
from services.kit.clock import SystemClock

BARE = (UVICORN, STARLETTE)


@dataclass(frozen=True, slots=True)
class Measured:
    """`sides` are bare uvicorn, bare Starlette and the door, by how many ask at once."""

    sides: Mapping[int, Sequence[Side]]
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
        page = await answer(gateway[0], request)
        (home / ANSWER).write_bytes(page)
        bare = {name: servers.enter_context(served(name, home)) for name in BARE}
        running = {**bare, GATEWAY: gateway}
        asked = {name: [request] for name in running}
        sides = {many: await compared(running, asked, many, seconds, rounds) for many in at_once}
        settle()
        stages = await timed(door, request, repetitions)
    return Measured(sides, stages, len(page), (before, load()))
