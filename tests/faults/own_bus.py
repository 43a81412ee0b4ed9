"""Commands in a test's own hands: their pool, their bus, the clock of their process."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from starlette.applications import Starlette
from starlette.routing import Route

from services.assessment.handlers import learning
from services.assessment.rights import WORKER
from services.assessment.service import SOURCE
from services.commands.answering import command_route
from services.commands.bus import Bus
from services.contracts import assessment_api as api
from services.events.bell import Bell
from services.events.outbox import Outbox
from services.events.topics import Topics
from services.kit.clock import Clock, SystemClock
from services.storage import db
from services.storage.db import Pool
from tests.integration.monolith.serving import serving


@dataclass(frozen=True, slots=True)
class OwnBus:
    """`pool` is the service's own kind; `serves` is where learners' commands are taken."""

    pool: Pool
    bus: Bus
    bell: Bell
    serves: str


@asynccontextmanager
async def own_bus(
    database: str, redis: str, clock: Clock | None = None, size: int = 20
) -> AsyncIterator[OwnBus]:
    async with AsyncExitStack() as open_:
        topics = Topics(redis, SystemClock())
        open_.push_async_callback(topics.close)
        pool = await open_.enter_async_context(db.pool(database, size, WORKER))
        bell = await open_.enter_async_context(Bell(redis, SystemClock()))
        bus = Bus(pool, Outbox(SOURCE), bell, topics.publish)
        app = Starlette(routes=_routes(bus, clock or SystemClock()))
        yield OwnBus(pool, bus, bell, await open_.enter_async_context(serving(app)))


def _routes(bus: Bus, clock: Clock) -> list[Route]:
    return [
        command_route(api.START, learning.START, bus, clock),
        command_route(api.SAVE, learning.SAVE, bus, clock),
        command_route(api.SUBMIT, learning.SUBMIT, bus, clock),
    ]
