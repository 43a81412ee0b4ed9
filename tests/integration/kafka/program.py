"""A relay that passes on to Kafka, in a process of its own, to be killed."""

import multiprocessing
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import uvloop

from services.events.bell import Bell
from services.events.duty import keep_all
from services.events.kafka.address import Kafka
from services.events.kafka.duties import kafka_duties
from services.events.relay import Relay
from services.kit.clock import SystemClock
from services.kit.log import start_logging
from services.storage import db
from tests.integration.events.writers import OUTBOX, SOURCE
from tests.integration.mortality import until_killed

PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["pytest", __name__])

Arm = Callable[[], None]


@dataclass(frozen=True, slots=True)
class At:
    database: str
    redis: str
    kafka: Kafka


def as_it_is() -> None:
    """Nothing is taken away."""


async def relay(at: At) -> None:
    async with (
        db.pool(at.database) as pool,
        Bell(at.redis, SystemClock()) as bell,
        kafka_duties(at.kafka, at.database, SOURCE, OUTBOX.events, bell) as kafka,
    ):
        await keep_all([*Relay(pool, bell, SOURCE).duties(), *kafka], SystemClock())


def start(at: At, arm: Arm) -> None:
    start_logging("error")
    arm()
    uvloop.run(relay(at))


@asynccontextmanager
async def relaying(at: At, arm: Arm = as_it_is) -> AsyncIterator[None]:
    """SIGKILL at the block's end."""
    process = PROCESSES.Process(target=start, args=(at, arm), daemon=True)
    async with until_killed(process):
        yield


async def killed_at(at: At, moment: Callable[[], Awaitable[object]], times: int) -> None:
    """Started and killed so often; `moment` returns when it is time to."""
    for _ in range(times):
        async with relaying(at):
            await moment()
