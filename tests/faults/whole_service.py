"""The assessment service in a process of its own: its API, and all its duties beside it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import httpx
import uvloop

from services.assessment.service import Addresses, service
from services.events.process import run
from services.events.role import Role
from services.kit.clock import SystemClock
from services.kit.log import start_logging
from tests.faults.mortal import PROCESSES
from tests.integration.monolith.serving import free_port
from tests.integration.monolith.waiting import until

STARTS_WITHIN_S = 30.0

Arm = Callable[[], None]


def as_it_is() -> None:
    """Nothing is taken away."""


@asynccontextmanager
async def whole(
    at: Addresses,
    roles: frozenset[Role] = frozenset(Role),
    arm: Arm = as_it_is,
    port: int | None = None,
) -> AsyncIterator[str]:
    """Where it answers, once it does; SIGKILL at the block's end."""
    port = free_port() if port is None else port
    process = PROCESSES.Process(target=start, args=(at, port, roles, arm), daemon=True)
    await asyncio.to_thread(process.start)
    url = f"http://127.0.0.1:{port}"
    try:
        if Role.API in roles:
            await until(lambda: _answers(url), STARTS_WITHIN_S)
        yield url
        assert process.exitcode is None, "it ended by itself"
    finally:
        process.kill()
        await asyncio.to_thread(process.join)


def start(at: Addresses, port: int, roles: frozenset[Role], arm: Arm) -> None:
    start_logging("error")
    arm()
    uvloop.run(_serve(at, port, roles))


async def _serve(at: Addresses, port: int, roles: frozenset[Role]) -> None:
    async with service(at, SystemClock()) as made:
        await run(made.app, port, made.duties, SystemClock(), roles)


async def _answers(url: str) -> bool:
    async with httpx.AsyncClient() as client:
        try:
            return (await client.get(f"{url}/health/ready")).is_success
        except httpx.HTTPError:
            return False
