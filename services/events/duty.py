"""Work that a process does until it is told to stop, begun anew when what it needs was away."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass

import asyncpg
from redis.exceptions import RedisError

from services.events.errors import FeedError
from services.kit.clock import Clock
from services.kit.ending import heed_cancellation
from services.kit.log import Log

FIRST_WAIT_S = 0.1
LONGEST_WAIT_S = 5.0
HEALTHY_S = 10.0
"""Whoever worked that long has overcome its trouble: the next wait is the first again."""

AWAY = (
    OSError,
    TimeoutError,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    FeedError,
    RedisError,
)

log = Log("events.duty")


@dataclass(frozen=True, slots=True)
class Duty:
    """`run` never returns."""

    name: str
    run: Callable[[], Awaitable[None]]


async def keep_all(duties: Iterable[Duty], clock: Clock) -> None:
    """Until it is cancelled; an error that is nobody's absence ends it, and shows."""
    async with asyncio.TaskGroup() as work:
        for duty in duties:
            work.create_task(keep(duty, clock), name=duty.name)


async def keep(duty: Duty, clock: Clock) -> None:
    wait_s = FIRST_WAIT_S
    while True:
        began_s = clock.monotonic_s()
        try:
            await duty.run()
        except AWAY as away:
            heed_cancellation()
            if clock.monotonic_s() - began_s > HEALTHY_S:
                wait_s = FIRST_WAIT_S
            log.warning("duty.interrupted", duty=duty.name, again_in_s=wait_s, why=repr(away))
        await asyncio.sleep(wait_s)
        wait_s = min(wait_s * 2, LONGEST_WAIT_S)
