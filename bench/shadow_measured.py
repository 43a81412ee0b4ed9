"""Pages at a steady rate, while the service is compared with the monolith and while it is not."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from shutil import copytree
from statistics import median

from pyreqwest.client import Client, ClientBuilder

from bench.host import load
from bench.learner import DASHBOARD, WAITS, BadAnswer, token
from bench.lone_gateway import LEARNER, LoneGateway, lone_gateway
from bench.sending import sent
from bench.system import System
from bench.writers import percentile_ms
from flags.file import FlagFile
from flags.names import (
    ASSESSMENT_READ,
    COURSE_READ,
    LIVE_CLASS_SCHEDULE,
    PROGRESS_READ,
    Capability,
    shadow_of,
)
from flags.rollout import Rollout, feature_of
from gateway.shadow.store import ShadowStore
from services.kit.clock import SystemClock
from services.kit.redis import redis_of

COMPARED = (COURSE_READ, PROGRESS_READ, LIVE_CLASS_SCHEDULE, ASSESSMENT_READ)
COURSES = 3
IDLES = timedelta(seconds=2)
"""Servers let go of a connection that idles longer, maybe just when it is used."""
SETTLES_S = 1.0
"""Longer than a gateway lets pass between two looks at its flags, and than what is under way."""
OFF, ON = 0, 100


@dataclass(slots=True)
class Turns:
    """Of one way: what each turn's pages took, in seconds, and the gateway's CPU in ms a page."""

    took: list[list[float]] = field(default_factory=list)
    cpu_ms: list[float] = field(default_factory=list)

    def ms(self, percent: int) -> list[float]:
        """One figure a turn."""
        return [percentile_ms(took, percent) for took in self.took]

    def times(self, other: "Turns", percent: int) -> float:
        """How many times the other's this is: the median of pairs."""
        return median(
            mine / its for mine, its in zip(self.ms(percent), other.ms(percent), strict=True)
        )


@dataclass(frozen=True, slots=True)
class Measured:
    """`compared` answers while it was on, of which so many differed."""

    off: Turns
    on: Turns
    compared: int
    differing: int
    rate: float
    seconds: float
    loads: tuple[float, float]


async def measure(running: System, seconds: float, rounds: int, rate: float) -> Measured:
    before, off, on = load(), Turns(), Turns()
    with tempfile.TemporaryDirectory(prefix="banyan-bench-") as folder:
        home = Path(folder) / "home"
        copytree(running.home / "keys", home / "keys")
        async with _gateway(running, Path(folder), home) as pages, _counted(running) as counts:
            for _ in range(rounds):
                for percent, turns in ((OFF, off), (ON, on)):
                    await _switch(home, percent)
                    await pages.ask(turns, rate, seconds)
            await asyncio.sleep(2 * SETTLES_S)
            compared, differing = await counts.since()
    return Measured(off, on, compared, differing, rate, seconds, (before, load()))


async def _switch(home: Path, percent: int) -> None:
    """Returns once the gateway has it, and what was under way is over."""
    for one in COMPARED:
        _set(home, one, percent)
    await asyncio.sleep(SETTLES_S)


def _set(home: Path, capability: Capability, percent: int) -> None:
    FlagFile(home).change(lambda _: [feature_of(shadow_of(capability), Rollout(percent))])


@dataclass(frozen=True, slots=True)
class Pages:
    """`said` is the body of each request."""

    gateway: LoneGateway
    client: Client
    said: Mapping[str, object]

    async def ask(self, turns: Turns, rate: float, seconds: float) -> None:
        """By the clock, whatever became of those before."""
        now_s = asyncio.get_running_loop().time
        took: list[float] = []
        cpu_ms, began_s = self.gateway.cpu_ms(), now_s()
        async with asyncio.TaskGroup() as tasks:
            for nth in range(max(2, round(rate * seconds))):
                await asyncio.sleep(began_s + nth / rate - now_s())
                tasks.create_task(self._one(took))
        turns.took.append(took)
        turns.cpu_ms.append((self.gateway.cpu_ms() - cpu_ms) / len(took))

    async def _one(self, took: list[float]) -> None:
        now_s = asyncio.get_running_loop().time
        began_s = now_s()
        await self.page()
        took.append(now_s() - began_s)

    async def page(self) -> None:
        """Raises BadAnswer unless it comes whole."""
        url = f"http://{self.gateway.address}/graphql"
        response = await sent(self.client.post(url).body_json(self.said).build())
        answer = await response.json()
        if "errors" in answer:
            raise BadAnswer(f"{len(answer['errors'])} errors, the first: {answer['errors'][0]}")


@asynccontextmanager
async def _gateway(running: System, folder: Path, home: Path) -> AsyncIterator[Pages]:
    own = {"BANYAN_HOME": str(home), "BANYAN_CACHE_MB": "0", "BANYAN_CONCURRENCY": "0"}
    bearer = token(running.home, running.settings, LEARNER.tenant, LEARNER.user)
    headers = {"authorization": f"Bearer {bearer}", "content-type": "application/json"}
    builder = ClientBuilder().no_proxy().default_headers(headers).timeout(WAITS)
    client = builder.pool_idle_timeout(IDLES).build()
    since = SystemClock().now().isoformat()
    said = {"query": DASHBOARD, "variables": {"courses": COURSES, "from": since}}
    async with lone_gateway(running, folder, own) as gateway, client:
        pages = Pages(gateway, client, said)
        await pages.page()
        yield pages


@dataclass(frozen=True, slots=True)
class Counted:
    """What was counted in the system's Redis since this was made."""

    store: ShadowStore
    before: tuple[int, int]

    async def since(self) -> tuple[int, int]:
        now = await _sums(self.store)
        return now[0] - self.before[0], now[1] - self.before[1]


@asynccontextmanager
async def _counted(running: System) -> AsyncIterator[Counted]:
    """Where nothing had been counted before, nothing is left."""
    async with aclosing(redis_of(running.at.redis)) as redis:
        store = ShadowStore(redis)
        before = await _sums(store)
        yield Counted(store, before)
        if not before[0]:
            for one in COMPARED:
                await store.forget(one)


async def _sums(store: ShadowStore) -> tuple[int, int]:
    found = [await store.counts(one) for one in COMPARED]
    return sum(one.compared for one in found), sum(one.differing for one in found)
