"""Herds in each state of the page that they ask for, one after another."""

import asyncio
import secrets
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from itertools import cycle, islice
from pathlib import Path

import httpx
from rich.progress import Progress

from bench import report
from bench.herd_gateway import NAIVE, PATH
from bench.herd_platform import DELAY_MS, FEW, OWN, SHARED, WITH_OWN, WORKERS, School, gateways
from bench.host import load
from bench.keep_alive import Connection
from bench.old_platform import Platform, platform
from bench.system import System
from bench.writers import percentile_ms

SOCKETS = 500
COLD, TWO, NAKED, PLAIN, OWN_FIRST, LATE = range(6)
"""Each has a course that nobody has asked for."""
EXPIRED_S, FRESHENED_S, SPARE_S = 68.0, 95.0, 100.0
"""Ages of a page: of 60 s, give or take a tenth, and 30 s more while it is renewed."""


@dataclass
class Herd:
    """`took` in seconds; `shared` and `own` are calls at the monolith, `executed` operations;
    `errors` are answers by the first code in them.
    """

    name: str
    took: list[float] = field(default_factory=list)
    errors: Counter[str] = field(default_factory=Counter)
    executed: int = 0
    shared: Counter[str] = field(default_factory=Counter)
    own: int = 0

    def ms(self, percent: int) -> float:
        return percentile_ms(self.took, percent)


@dataclass(frozen=True, slots=True)
class Measured:
    herds: Sequence[Herd]
    loads: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Field:
    """Where herds ask: `bar` moves with each."""

    platform: Platform
    school: School
    bar: Progress
    herds: list[Herd] = field(default_factory=list)

    async def ask(
        self, name: str, at: Sequence[str], requests: Sequence[bytes], callers: int
    ) -> None:
        task = self.bar.add_task(name, total=callers)
        herd, before = Herd(name), len(self.platform.calls())
        executed = await _executed(at)
        asks = iter(list(islice(cycle(requests), callers)))
        sockets = [await Connection.to(one) for one in islice(cycle(at), min(SOCKETS, callers))]

        async def call(connection: Connection) -> None:
            for request in asks:
                began = time.monotonic()
                body = await connection.ask(request)
                herd.took.append(time.monotonic() - began)
                if b'"errors"' in body:
                    herd.errors[_code(body)] += 1
                self.bar.advance(task)

        await asyncio.gather(*map(call, sockets))
        for connection in sockets:
            await connection.close()
        herd.executed = await _executed(at) - executed
        for path in self.platform.calls()[before:]:
            if path.startswith("/courses/") and not path.partition("?")[0].endswith("/progress"):
                herd.shared[path] += 1
            else:
                herd.own += 1
        self.herds.append(herd)

    async def know(self, at: Sequence[str]) -> None:
        """What is each one's own is known to every process."""
        for address in at:
            connection = await Connection.to(address)
            for request in self.school.requests(OWN, FEW):
                await connection.ask(request)
            await connection.close()

    def page(self, course: int) -> list[bytes]:
        return self.school.requests(SHARED, FEW, self.school.first + course)


async def _executed(at: Sequence[str]) -> int:
    async with httpx.AsyncClient(trust_env=False) as http:
        told = [await http.get(f"http://{one}{PATH}") for one in at]
    return sum(int(one.text) for one in told)


def _code(body: bytes) -> str:
    return body.partition(b'"code":"')[2].partition(b'"')[0].decode() or "?"


async def measured(running: System, callers: int, waits: bool) -> Measured:
    before = load()
    async with _field(running, callers) as (field_, home):
        redis = running.at.redis
        with gateways(home, field_.platform, redis, 1, cache_mb=0) as at:
            await field_.know(at)
            await field_.ask("no cache", at, field_.page(NAKED), max(20, callers // 20))
        with gateways(home, field_.platform, redis, 1, NAIVE) as at:
            await field_.know(at)
            await field_.ask("naive cache", at, field_.page(PLAIN), callers)
        with gateways(home, field_.platform, redis, 2) as at:
            await field_.know(at)
            await field_.ask("cold", at[:1], field_.page(COLD), callers)
            await field_.ask("warm", at[:1], field_.page(COLD), callers)
            await field_.ask("cold, 2 of us", at, field_.page(TWO), callers)
            each = field_.school.requests(WITH_OWN, callers, field_.school.first + OWN_FIRST)
            await field_.ask("own page, first", at, each, callers)
            await field_.ask("own page, again", at, each, callers)
            if waits:
                await _late(field_, at[:1], callers)
        return Measured(field_.herds, (before, load()))


async def _late(field_: Field, at: Sequence[str], callers: int) -> None:
    page = field_.page(LATE)
    await field_.know(at)
    await field_.ask("(one before its time is over)", at, page[:1], 1)
    await _wait(field_.bar, EXPIRED_S)
    await field_.know(at)
    await field_.ask("expired", at, page, callers)
    await _wait(field_.bar, FRESHENED_S)
    await field_.know(at)
    await _wait(field_.bar, SPARE_S - FRESHENED_S)
    field_.platform.process.kill()
    await field_.ask("monolith down", at, page, callers)


async def _wait(bar: Progress, seconds: float) -> None:
    task = bar.add_task("Waiting for the page to age", total=round(seconds))
    for _ in range(round(seconds)):
        await asyncio.sleep(1)
        bar.advance(task)


@asynccontextmanager
async def _field(running: System, callers: int) -> AsyncIterator[tuple[Field, Path]]:
    async with AsyncExitStack() as open_:
        home = Path(open_.enter_context(tempfile.TemporaryDirectory(prefix="banyan-bench-")))
        made = await open_.enter_async_context(platform(running.at.database, DELAY_MS, WORKERS))
        # What an earlier run has left in Redis is of other courses.
        school = School(home, max(callers, FEW), 1_000 + secrets.randbelow(1_000_000))
        await school.write(made.db, courses=6)
        bar = open_.enter_context(report.progress())
        yield Field(made, school, bar), home
