"""Measures how fresh what is seen is: commits of one learner, and when each is seen where."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from functools import partial

import asyncpg

from bench import campus, report
from bench.candidate import Bearers
from bench.feeding import Feeding
from bench.host import load
from bench.lesson_hall import LESSONS, READ, WATCHED, LessonHall, hall
from bench.lever import place
from bench.listener import listening
from bench.service_side import LOOK_EVERY_S, WITHIN_S
from bench.system import System
from bench.watched import PLACES, Database, Watched
from bench.way_in import Door
from flags.names import Side
from gateway.identity.issuer import DemoIssuer
from services.storage.address import database_of
from services.storage.server import with_database

OTHERS, CONNECTIONS = 200, 4

KNOWN = """
SELECT (SELECT count(*) FROM lessons WHERE tenant_id = $1),
    (SELECT count(*) FROM enrolments WHERE tenant_id = $1)
"""


@dataclass(frozen=True, slots=True)
class Rate:
    """`took` in seconds by where it was seen; `made` events a second beside."""

    wanted: float
    made: float
    took: dict[str, list[float]]


@dataclass(frozen=True, slots=True)
class Measured:
    """`loads` are the machine's averages at the beginning and at the end."""

    rates: Sequence[Rate]
    loads: tuple[float, float]


async def measure(running: System, rates: Sequence[float], seconds: float, name: str) -> Measured:
    async with AsyncExitStack() as open_:
        monolith = await campus.at_the_monolith(running)
        open_.push_async_callback(monolith.close)
        # Whoever forgets a tenant forgets its events: nobody may need them any more.
        open_.push_async_callback(_until, partial(campus.passed, monolith))
        beside = await campus.at_the_monolith(running)
        open_.push_async_callback(beside.close)
        progress = await asyncpg.connect(
            with_database(running.at.database, database_of("progress"))
        )
        open_.push_async_callback(progress.close)
        door = Door(running.at.gateway, CONNECTIONS)
        open_.push_async_callback(door.close)
        made = await hall(monolith, f"{name}fresh", OTHERS)
        await place(running, {made.tenant: Side.SERVICE}, READ)
        bearer = _bearers(running).of(made.tenant, WATCHED)
        await _until(partial(_knows, progress, made))
        listener = await open_.enter_async_context(
            listening(running.at.gateway, bearer, made.course)
        )
        watched = Watched(made, monolith, progress, door, bearer, listener)
        return await _at_rates(watched, Feeding.of(beside, made), rates, seconds)


async def _at_rates(
    watched: Watched, feeding: Feeding, rates: Sequence[float], seconds: float
) -> Measured:
    before, measured = load(), []
    with report.progress() as bar:
        task = bar.add_task("Completing lessons", total=len(rates))
        for rate in rates:
            measured.append(await _at_rate(watched, feeding, rate, seconds))
            bar.advance(task)
    return Measured(measured, (before, load()))


async def _at_rate(watched: Watched, feeding: Feeding, rate: float, seconds: float) -> Rate:
    took: dict[str, list[float]] = {where: [] for where in PLACES}
    async with asyncio.TaskGroup() as work:
        work.create_task(feeding.keep(rate, seconds))
        work.create_task(watched.until(time.monotonic() + seconds, took))
    return Rate(rate, feeding.made / feeding.seconds, took)


def _bearers(running: System) -> Bearers:
    own = running.settings
    return Bearers(DemoIssuer(running.home, own.token_issuer, own.token_audience))


async def _knows(progress: Database, hall: LessonHall) -> bool:
    row = await progress.fetchrow(KNOWN, hall.tenant)
    return row is not None and tuple(row) == (LESSONS, len(hall.others) + 2)


async def _until(claim: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(WITHIN_S):
        while True:
            if await claim():
                return
            await asyncio.sleep(LOOK_EVERY_S)
