"""A gateway of a test's own that answers from the monolith and compares with the stack's services,
of which the one for courses and progress may lie.
"""

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import copytree, ignore_patterns

from flags.file import FlagFile
from flags.names import COURSE_READ, PROGRESS_READ, Capability, shadow_of
from flags.rollout import Rollout, feature_of
from gateway.shadow.compared import COMPARED, DROPPED, LAG, Counts
from gateway.shadow.store import ShadowStore
from services.kit.home import running
from services.kit.redis import redis_of
from tests import pair, valkey
from tests.faults.lying import Lying
from tests.integration.monolith.serving import serving
from tests.integration.monolith.waiting import until
from tests.stack import Stack

COMPARED_HERE = (COURSE_READ, PROGRESS_READ)
CALM = {
    "cache_mb": "0",
    "cost_budget": "1000000",
    "viewer_rate": "0",
    "concurrency": "0",
    "request_budget_ms": "20000",
    "upstream_budget_ms": "10000",
}


@dataclass(frozen=True, slots=True)
class Shadowed:
    gateway: pair.Server
    home: Path
    store: ShadowStore
    compared: Sequence[Capability] = COMPARED_HERE

    async def counts(self) -> dict[Capability, Counts]:
        return {one: await self.store.all_of(one) for one in self.compared}

    async def forget(self) -> None:
        for one in self.compared:
            await self.store.forget(one)

    async def settled(self, comparisons: int) -> Counts:
        """Once so many are judged, whatever came of them: the numbers of all capabilities."""

        async def is_done() -> bool:
            return judged(await self.all()) >= comparisons

        await until(is_done, most_s=60)
        return await self.all()

    async def all(self) -> Counts:
        made = Counts()
        for one in (await self.counts()).values():
            made.numbers.update(one.numbers)
            made.samples += one.samples
        return made


def judged(counts: Counts) -> int:
    return sum(counts.numbers[name] for name in (COMPARED, LAG, DROPPED))


@asynccontextmanager
async def shadowed(
    stack: Stack,
    home: Path,
    lying: Lying | None = None,
    module: str = "gateway.main",
    capabilities: Sequence[Capability] = COMPARED_HERE,
) -> AsyncIterator[Shadowed]:
    """With Redis of its own, in which nobody else counts; nobody has to lie."""
    async with AsyncExitStack() as open_:
        redis = open_.enter_context(valkey.server())
        honest = url_of_progress(stack)
        progress = await open_.enter_async_context(serving(lying)) if lying else honest
        gateway = open_.enter_context(
            gateway_of(stack, home, redis.url, progress, module, capabilities)
        )
        client = redis_of(redis.url)
        open_.push_async_callback(client.aclose)
        yield Shadowed(gateway, home, ShadowStore(client), capabilities)


def url_of_progress(stack: Stack) -> str:
    base = int(running(stack.home).gateway.rpartition(":")[2])
    return f"http://127.0.0.1:{base + 3}"


def compare_for_all(home: Path, capability: Capability) -> None:
    FlagFile(home).change(lambda _: [feature_of(shadow_of(capability), Rollout(100))])


@contextmanager
def gateway_of(
    stack: Stack,
    home: Path,
    redis: str,
    progress: str,
    module: str,
    capabilities: Sequence[Capability],
) -> Iterator[pair.Server]:
    at, keys = running(stack.home), stack.home / "keys"
    base = int(at.gateway.rpartition(":")[2])
    copytree(keys, home / "keys", ignore=ignore_patterns("issuer.pem"), dirs_exist_ok=True)
    for one in capabilities:
        compare_for_all(home, one)
    own = {
        "home": str(home),
        "legacy_url": at.monolith,
        "legacy_secret": (keys / "legacy").read_text().strip(),
        "progress_url": progress,
        "assessment_url": f"http://127.0.0.1:{base + 2}",
        "live_class_url": f"http://127.0.0.1:{base + 4}",
        "feeder_url": f"http://127.0.0.1:{base + 5}",
        **CALM,
    }
    environ = {f"BANYAN_{name.upper()}": text for name, text in own.items()}
    with pair.server(
        home, module, "BANYAN_PORT", "/health/ready", {**environ, "REDIS_URL": redis}
    ) as made:
        yield made
