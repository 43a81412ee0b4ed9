"""The assessment service in a process of its own, killed at one step of the next command."""

import asyncio
import signal
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import uvicorn
import uvloop

from services.assessment.service import Addresses, service
from services.commands.idempotency import Claim
from services.kit.clock import SystemClock
from services.kit.log import start_logging
from services.storage import db
from services.storage.db import Connection
from tests.faults.mortal import PROCESSES
from tests.faults.steps import STEPS, die

PROCESSES.set_forkserver_preload(["__main__", "tests.faults.mortal", __name__])
ENDS_WITHIN_S = 30.0

LOOK = "SELECT reply FROM command_keys WHERE tenant_id = $1 AND actor = $2 AND key = $3"
NOTE = """
INSERT INTO command_keys (tenant_id, actor, key, digest, reply) VALUES ($1, $2, $3, $4, $5)
"""

Arm = Callable[[str], None]


def as_it_is(database: str) -> None:
    """Nothing is taken away."""


def keys_apart(database: str) -> None:
    """Keys are kept in a place of their own, which is not part of the transaction."""

    async def stored(self: Claim, _: Connection) -> object:
        async with db.pool(database, 1) as apart:
            return await apart.fetchval(LOOK, *self._place)

    async def remember(self: Claim, _: Connection, reply: object) -> None:
        async with db.pool(database, 1) as apart:
            await apart.execute(NOTE, *self._place, self.digest, reply)

    setattr(Claim, "stored", stored)  # noqa: B010
    setattr(Claim, "remember", remember)  # noqa: B010


@asynccontextmanager
async def dying(at: Addresses, step: str, arm: Arm = as_it_is) -> AsyncIterator[str]:
    """Where it answers; at the block's end it has been killed by its own command."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        process = PROCESSES.Process(target=start, args=(listener, at, step, arm), daemon=True)
        await asyncio.to_thread(process.start)
    yield f"http://127.0.0.1:{port}"
    await asyncio.to_thread(process.join, ENDS_WITHIN_S)
    assert process.exitcode == -signal.SIGKILL


def start(listener: socket.socket, at: Addresses, step: str, arm: Arm) -> None:
    start_logging("error")
    arm(at.database)
    struck = STEPS[step]
    setattr(struck.owner, struck.method, struck.struck(die))
    uvloop.run(_serve(listener, at))


async def _serve(listener: socket.socket, at: Addresses) -> None:
    async with service(at, SystemClock()) as made:
        config = uvicorn.Config(made.app, lifespan="off", log_level="error", ws="none")
        await uvicorn.Server(config).serve(sockets=[listener])
