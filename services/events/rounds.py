"""Goes round the tenants again and again, a few things at once; one that fails spoils no other."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

from services.contracts.ids import TenantId
from services.events.duty import Duty
from services.kit.log import Log
from services.storage.db import Pool

T = TypeVar("T")
AT_ONCE = 8

TENANTS = "SELECT tenant_id FROM tenants ORDER BY tenant_id"
log = Log("events.rounds")


def rounds(
    name: str, pool: Pool, visit: Callable[[TenantId], Awaitable[None]], pause_s: float
) -> Duty:
    async def run() -> None:
        while True:
            await each(name, visit, await tenants(pool))
            await asyncio.sleep(pause_s)

    return Duty(name, run)


async def each(name: str, do: Callable[[T], Awaitable[None]], things: Iterable[T]) -> None:
    """Returns when all are done, or have failed each for itself."""
    turns = asyncio.Semaphore(AT_ONCE)

    async def one(thing: T) -> None:
        async with turns:
            await _patiently(name, do, thing)

    async with asyncio.TaskGroup() as work:
        for thing in things:
            work.create_task(one(thing), name=name)


async def tenants(pool: Pool) -> list[TenantId]:
    return [TenantId(row["tenant_id"]) for row in await pool.fetch(TENANTS)]


async def _patiently(name: str, do: Callable[[T], Awaitable[None]], thing: T) -> None:
    """Where the database is away, the next round says so, and the duty begins anew."""
    try:
        await do(thing)
    except Exception as failed:
        log.error("duty.failed", failed, duty=name)
