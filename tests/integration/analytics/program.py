"""Analytics in a process of its own, to be killed."""

import multiprocessing
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from uuid import UUID, uuid4

import uvloop

from services.analytics.platform import Platform
from services.analytics.run import serve
from services.analytics.service import Addresses
from services.kit.log import start_logging
from tests.integration.mortality import until_killed

PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["pytest", __name__])

Arm = Callable[[], None]


def as_it_is() -> None:
    """Nothing is taken away."""


def ids_by_chance() -> None:
    """A statement has another id each time it is made."""

    def id_of(self: Platform, *_: object) -> UUID:
        return uuid4()

    setattr(Platform, "id_of", id_of)  # noqa: B010


@asynccontextmanager
async def telling(at: Addresses, arm: Arm = as_it_is) -> AsyncIterator[None]:
    """SIGKILL at the block's end."""
    process = PROCESSES.Process(target=start, args=(at, arm), daemon=True)
    async with until_killed(process):
        yield


def start(at: Addresses, arm: Arm) -> None:
    start_logging("error")
    arm()
    uvloop.run(serve(at))
