"""Readers of two tenants at one gateway process, before a monolith that answers or hangs."""

import asyncio
import shutil
import signal
import statistics
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path

from pyreqwest.client import Client, ClientBuilder

from bench.campus import MONOLITH
from bench.fair_measured import Felt
from bench.host import load
from bench.own_process import Process, own_process
from bench.sending import sent
from bench.system import System
from bench.writers import percentile_ms
from flags.document import Document, Feature
from flags.file import FlagFile
from flags.names import COURSE_READ, PROGRESS_READ, Capability
from flags.rollout import default_rollout, feature_of
from gateway.identity.issuer import DemoIssuer
from legacy.monolith.settings import with_database
from services.contracts.ids import TenantId, UserId
from services.contracts.learning import Role
from services.contracts.viewer import Viewer
from services.kit.clock import SystemClock
from services.kit.ports import PORTS

NEW, OLD, USER = "ministry", "northfield", "4"
QUERY = "{ viewer { name courses(first: 5) { edges { node { title progress { ratio } } } } } }"
NEW_RATE, OLD_RATE = 20.0, 8.0
"""Queries a second."""
PATIENT = {
    "BANYAN_REQUEST_BUDGET_MS": "5000",
    "BANYAN_UPSTREAM_BUDGET_MS": "4000",
    "BANYAN_VIEWER_RATE": "0",
}
"""What is slow on a busy machine is measured, and whoever needs what hangs waits the longer."""
SECRET = "of the bench's own"
WAITS = timedelta(seconds=30)
SETTLES_S = 1.0


@dataclass(frozen=True, slots=True)
class Stretch:
    """What those felt who do not need the monolith, and those who do."""

    others: Felt
    needing: Felt

    @property
    def p99_ms(self) -> float:
        return percentile_ms(self.others.took, 99)


@dataclass(frozen=True, slots=True)
class Measured:
    """A pair a round: quiet, and with a monolith that hangs."""

    pairs: list[tuple[Stretch, Stretch]]
    seconds: float
    loads: tuple[float, float]

    @property
    def times(self) -> float:
        return statistics.median(hung.p99_ms / quiet.p99_ms for quiet, hung in self.pairs)


async def measure(running: System, seconds: float, rounds: int) -> Measured:
    before = load()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="banyan-bench-")))
        monolith, process = stack.enter_context(_monolith(running, folder))
        url = stack.enter_context(_gateway(running, folder, monolith))
        new, old = (_Reader.of(url, folder, tenant) for tenant in (NEW, OLD))
        await _stretch(new, old, SETTLES_S)
        pairs = []
        for _ in range(rounds):
            quiet = await _stretch(new, old, seconds)
            process.send_signal(signal.SIGSTOP)
            try:
                hung = await _stretch(new, old, seconds)
            finally:
                process.send_signal(signal.SIGCONT)
            pairs.append((quiet, hung))
            await asyncio.sleep(SETTLES_S)
    return Measured(pairs, seconds, (before, load()))


@dataclass(frozen=True, slots=True)
class _Reader:
    client: Client
    url: str
    bearer: str

    @classmethod
    def of(cls, url: str, folder: Path, tenant: str) -> "_Reader":
        who = Viewer(TenantId(tenant), UserId(USER), frozenset({Role.LEARNER}))
        issuer = DemoIssuer(folder, "banyan-demo", "banyan")
        client = ClientBuilder().timeout(WAITS).build()
        return cls(client, f"{url}/graphql", issuer.token_for(who, SystemClock()))

    async def read(self, felt: Felt) -> None:
        now_s = asyncio.get_running_loop().time
        felt.sent += 1
        began_s = now_s()
        asked = self.client.post(self.url).header("authorization", f"Bearer {self.bearer}")
        answer = await (await sent(asked.body_json({"query": QUERY}).build())).json()
        if "errors" in answer:
            felt.failed += 1
        else:
            felt.took.append(now_s() - began_s)

    async def keep_reading(self, rate: float, seconds: float, felt: Felt) -> None:
        """By the clock, whatever became of those before."""
        now_s = asyncio.get_running_loop().time
        began_s = now_s()
        async with asyncio.TaskGroup() as reading:
            for nth in range(round(rate * seconds)):
                await asyncio.sleep(began_s + nth / rate - now_s())
                reading.create_task(self.read(felt))


async def _stretch(new: _Reader, old: _Reader, seconds: float) -> Stretch:
    felt = Stretch(Felt(), Felt())
    async with asyncio.TaskGroup() as both:
        both.create_task(new.keep_reading(NEW_RATE, seconds, felt.others))
        both.create_task(old.keep_reading(OLD_RATE, seconds, felt.needing))
    return felt


@contextmanager
def _monolith(running: System, folder: Path) -> Iterator[tuple[str, Process]]:
    given = {
        "MONOLITH_DATABASE_URL": with_database(running.at.database, MONOLITH),
        "MONOLITH_GATEWAY_SECRET": SECRET,
    }
    with own_process(running, folder, "legacy.monolith", "MONOLITH_PORT", given) as made:
        yield made


@contextmanager
def _gateway(running: System, folder: Path, monolith: str) -> Iterator[str]:
    """With flags of its own, before the system's own services."""
    shutil.copytree(running.home / "keys", folder / "keys", dirs_exist_ok=True)
    for capability in (COURSE_READ, PROGRESS_READ):
        FlagFile(folder).change(partial(_to_the_service, capability))
    base = int(running.at.gateway.rpartition(":")[2])
    given = {
        "BANYAN_HOME": str(folder),
        "BANYAN_LEGACY_URL": monolith,
        "BANYAN_LEGACY_SECRET": SECRET,
        "BANYAN_PROGRESS_URL": f"http://127.0.0.1:{base + PORTS['progress']}",
        # What comes out of the cache needs no upstream at all.
        "BANYAN_CACHE_MB": "0",
        **PATIENT,
        "REDIS_URL": running.at.redis,
    }
    with own_process(running, folder, "gateway.main", "BANYAN_PORT", given) as (url, _):
        yield url


def _to_the_service(capability: Capability, document: Document) -> list[Feature]:
    return [feature_of(capability, default_rollout(capability).with_tenant(NEW, 100))]
