"""Ordinary classes and a herd at one gateway process: who was answered, refused, and how soon."""

import asyncio
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import cycle
from pathlib import Path

from pyreqwest.client import Client, ClientBuilder
from pyreqwest.exceptions import PyreqwestError

from bench.campus import MONOLITH, Campus, write
from bench.host import load
from bench.own_process import own_process
from bench.sending import sent
from bench.system import System
from gateway.identity.issuer import DemoIssuer
from legacy.monolith.settings import with_database
from services.contracts.ids import Kind, TenantId, UserId, encode
from services.contracts.learning import Role
from services.contracts.viewer import Viewer
from services.kit.clock import SystemClock

WORKERS, DELAY_MS, CALLS = 4, 50, 2
"""Of the monolith, and requests to it that one query costs."""
CAPACITY = WORKERS * 1_000 / DELAY_MS / CALLS
CLASSES, LEARNERS_A_CLASS = 51, 4
HERD = CLASSES
"""The course of those who ask for more than their share."""
QUERY = "query ($id: ID!) { course(id: $id) { title } }"
WITHOUT = {"BANYAN_CONCURRENCY": "0", "BANYAN_VIEWER_RATE": "0", "BANYAN_TENANT_RATE": "0"}
SECRET = "of the bench's own"
WAITS = timedelta(seconds=30)
AT_ONCE = 8


@dataclass(slots=True)
class Felt:
    """`took` has the seconds of those who were answered."""

    sent: int = 0
    took: list[float] = field(default_factory=list)
    refused: int = 0
    failed: int = 0


@dataclass(frozen=True, slots=True)
class Time:
    """One stretch of it; `herd` is None where there was none."""

    ordinary: Felt
    herd: Felt | None


@dataclass(frozen=True, slots=True)
class Measured:
    quiet: Time
    fair: Time
    unfair: Time
    times: float
    seconds: float
    loads: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Asker:
    """A learner who asks for the course of their class."""

    client: Client
    url: str
    bearer: str
    course: str

    async def ask(self, felt: Felt) -> None:
        now_s = asyncio.get_running_loop().time
        felt.sent += 1
        began_s = now_s()
        asked = self.client.post(self.url).header("authorization", f"Bearer {self.bearer}")
        body = {"query": QUERY, "variables": {"id": self.course}}
        try:
            response = await sent(asked.body_json(body).build())
            answer = await response.json()
        except PyreqwestError:
            felt.failed += 1
            return
        if response.status in (429, 503):
            felt.refused += 1
        elif "errors" in answer:
            felt.failed += 1
        else:
            felt.took.append(now_s() - began_s)


async def measure(running: System, seconds: float, times: float, name: str) -> Measured:
    before = load()
    campus = Campus(f"{name}fair", CLASSES * LEARNERS_A_CLASS, CLASSES)
    await write(running, [campus])
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="banyan-bench-")))
        monolith = stack.enter_context(_monolith(running, folder))
        with _gateway(running, folder, monolith, {}) as url:
            hall = await Hall.of(url, folder, campus)
            quiet = await hall.ask(seconds, 0.0)
            fair = await hall.ask(seconds, times)
        with _gateway(running, folder, monolith, WITHOUT) as url:
            hall = await Hall.of(url, folder, campus)
            unfair = await hall.ask(seconds, times)
    return Measured(quiet, fair, unfair, times, seconds, (before, load()))


@dataclass(frozen=True, slots=True)
class Hall:
    ordinary: Sequence[Asker]
    herd: Sequence[Asker]

    @classmethod
    async def of(cls, url: str, folder: Path, campus: Campus) -> "Hall":
        """Everybody has asked once: sessions are there, and it is known how long they take."""
        client = ClientBuilder().timeout(WAITS).build()
        issuer, clock = DemoIssuer(folder, "banyan-demo", "banyan"), SystemClock()
        tenant, lines = TenantId(campus.tenant), (asyncio.Semaphore(AT_ONCE))

        def asker(user: int) -> Asker:
            who = Viewer(tenant, UserId(str(user)), frozenset({Role.LEARNER}))
            course = encode(Kind.COURSE, tenant, campus.course_of(user))
            return Asker(client, f"{url}/graphql", issuer.token_for(who, clock), course)

        async def warm(one: Asker) -> None:
            async with lines:
                await one.ask(Felt())

        askers = {user: asker(user) for user in campus.users}
        await asyncio.gather(*map(warm, askers.values()))
        herd = [one for user, one in askers.items() if campus.course_of(user) == HERD]
        return cls([one for one in askers.values() if one not in herd], herd)

    async def ask(self, seconds: float, times: float) -> Time:
        """The herd asks so many times the half that the ordinary leave."""
        rate = CAPACITY / 2
        ordinary, herd = Felt(), Felt()
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(_at(rate, seconds, self.ordinary, ordinary))
            tasks.create_task(_at(rate * times, seconds, self.herd, herd))
        return Time(ordinary, herd if times else None)


async def _at(rate: float, seconds: float, askers: Sequence[Asker], felt: Felt) -> None:
    """By the clock, whatever became of those before."""
    now_s = asyncio.get_running_loop().time
    turns, began_s = cycle(askers), now_s()
    async with asyncio.TaskGroup() as tasks:
        for nth in range(round(rate * seconds)):
            await asyncio.sleep(began_s + nth / rate - now_s())
            tasks.create_task(next(turns).ask(felt))


@contextmanager
def _monolith(running: System, folder: Path) -> Iterator[str]:
    settings = {
        "DATABASE_URL": with_database(running.at.database, MONOLITH),
        "GATEWAY_SECRET": SECRET,
        "DELAY_MS": str(DELAY_MS),
        "WORKERS": str(WORKERS),
    }
    given = {f"MONOLITH_{name}": text for name, text in settings.items()}
    with own_process(running, folder, "legacy.monolith", "MONOLITH_PORT", given) as (url, _):
        yield url


@contextmanager
def _gateway(
    running: System, folder: Path, monolith: str, more: Mapping[str, str]
) -> Iterator[str]:
    settings = {"HOME": str(folder), "LEGACY_URL": monolith, "LEGACY_SECRET": SECRET}
    # What comes out of the cache costs the monolith nothing.
    settings["CACHE_MB"] = "0"
    given = {f"BANYAN_{name}": text for name, text in settings.items()} | dict(more)
    given["REDIS_URL"] = running.at.redis
    with own_process(running, folder, "gateway.main", "BANYAN_PORT", given) as (url, _):
        yield url
