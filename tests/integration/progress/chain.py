"""The monolith, its feeder and the progress service in one row, each with a database of its own."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from legacy.feeder.service import Addresses as FeederAddresses
from legacy.feeder.service import feeder
from legacy.monolith import database
from legacy.monolith.migrate import migrate
from resolvers.ports import Sources
from services.events.duty import Duty, keep_all
from services.events.role import Role
from services.kit.asking import ServiceClient
from services.kit.clock import SystemClock
from services.kit.transport import HttpTransport
from services.progress.service import SOURCE, Addresses, service
from services.storage import db
from services.storage.db import Pool
from services.storage.migrations import upgrade
from services.storage.server import create_database
from tests.contract import monolith as old_side
from tests.contract.progress import sources_of_progress
from tests.fakes.platform import FakePlatform
from tests.integration.monolith.serving import SECRET, free_port, monolith, serving
from tests.integration.monolith.waiting import until
from tests.integration.progress.campus import WAITS_S

OLD, NEW = "banyan_test_chain_old", "banyan_test_chain_new"
POSITION = "SELECT coalesce(sum(position), 0) FROM positions WHERE source = $1"


@dataclass(frozen=True, slots=True)
class Chain:
    """`old` and `new` are the databases of the two sides, `legacy` and `services` their readers."""

    old: Pool
    new: Pool
    feeder_url: str
    legacy: Sources
    services: Sources
    projecting: Sequence[Duty]

    @asynccontextmanager
    async def projector(self) -> AsyncIterator[None]:
        async with _kept(self.projecting):
            yield

    async def settled(self) -> None:
        """Returns once each side knows all that the other one has done."""
        await until(self._is_settled, most_s=30)

    async def _is_settled(self) -> bool:
        told = await self.new.fetchval("SELECT count(*) FROM outbox")
        mirrored = await self.old.fetchval(POSITION, "progress")
        changed = await self.old.fetchval("SELECT count(*) FROM changes")
        projected = await self.new.fetchval(POSITION, "legacy")
        return bool(told == mirrored and changed == projected)


@asynccontextmanager
async def chain(server_url: str, redis_url: str) -> AsyncIterator[Chain]:
    """Everything runs inside the block, but for the projector."""
    clock = SystemClock()
    async with AsyncExitStack() as open_:
        old_url, new_url = await _databases(open_, server_url)
        mono = await open_.enter_async_context(monolith(old_url))
        ports = free_port(), free_port()
        feeds, answers = (f"http://127.0.0.1:{port}" for port in ports)
        old = FeederAddresses(old_url, redis_url, mono.url, SECRET, answers)
        fed = await open_.enter_async_context(feeder(old, clock))
        new = Addresses(new_url, redis_url, feeds)
        made = await open_.enter_async_context(service(new, clock))
        await open_.enter_async_context(serving(fed.app, ports[0]))
        await open_.enter_async_context(serving(made.app, ports[1]))
        duties = [*fed.duties[Role.RELAY], *fed.duties[Role.PROJECTOR], *made.duties[Role.RELAY]]
        await open_.enter_async_context(_kept(duties))
        transport = HttpTransport(connections=20)
        open_.push_async_callback(transport.close)
        yield Chain(
            await open_.enter_async_context(db.pool(old_url)),
            await open_.enter_async_context(db.pool(new_url)),
            feeds,
            await open_.enter_async_context(old_side.sources(mono.url, SECRET, feeds)),
            sources_of_progress(
                ServiceClient(transport, "progress", answers, WAITS_S), FakePlatform()
            ),
            made.duties[Role.PROJECTOR],
        )


@asynccontextmanager
async def _kept(duties: Sequence[Duty]) -> AsyncIterator[None]:
    async with asyncio.TaskGroup() as work:
        keeping = work.create_task(keep_all(duties, SystemClock()))
        yield
        keeping.cancel()


async def _databases(open_: AsyncExitStack, server_url: str) -> tuple[str, str]:
    for name in (OLD, NEW):
        await database.drop(server_url, name)
        open_.push_async_callback(database.drop, server_url, name)
    old = await create_database(server_url, OLD)
    new = await create_database(server_url, NEW)
    await asyncio.to_thread(migrate, old)
    await asyncio.to_thread(upgrade, SOURCE, new)
    return old, new
