"""Puts the assessment service together: its API, its relay, its projector, what time does."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

from starlette.applications import Starlette

from services.assessment.app import command_routes, question_routes
from services.assessment.duties.beating import beating
from services.assessment.duties.crediting import Crediting
from services.assessment.duties.preparer import Preparer
from services.assessment.duties.regrader import Regrader
from services.assessment.duties.sweeper import Sweeper
from services.assessment.duties.telling import Telling
from services.assessment.foreseeing.dry_run import dry_run_route
from services.assessment.projection.projection import AssessmentProjection
from services.assessment.rights import WORKER
from services.assessment.serving import Serving
from services.commands.bus import Bus
from services.commands.idempotency import forget_old
from services.events.bell import Bell
from services.events.duty import Duty
from services.events.feed import Feed
from services.events.feed_client import FeedClient
from services.events.feed_routes import feed_routes
from services.events.health import health_routes
from services.events.kafka.address import Kafka
from services.events.kafka.duties import kafka_duties
from services.events.outbox import Outbox
from services.events.projection_routes import projection_routes
from services.events.projector import Projector
from services.events.relay import Relay
from services.events.role import Role
from services.events.service import Service
from services.events.topics import Topics
from services.events.upkeep import Upkeep
from services.kit.clock import Clock
from services.kit.signing import Signer
from services.storage import db
from services.storage.db import Pool

SOURCE = CONSUMER = "assessment"
OLD_SIDE = "legacy"
FORGET_EVERY_S = 3_600.0
KEEPERS, BESIDE = 10, 12
"""Connections for the feed, and for what happens beside commands: learners wait for none."""


@dataclass(frozen=True, slots=True)
class Addresses:
    """`database` is our own; `feeder` tells what happens at the monolith."""

    database: str = field(repr=False)
    redis: str = field(repr=False)
    feeder: str
    kafka: Kafka | None = field(default=None, repr=False)
    signer: Signer | None = None


@dataclass(frozen=True, slots=True)
class Parts:
    """`own` may pass on every tenant's events; `worker` and `beside` see one tenant at a time."""

    own: Pool
    worker: Pool
    beside: Pool
    bell: Bell
    feeder: FeedClient
    topics: Topics
    kafka: Sequence[Duty]


@asynccontextmanager
async def service(at: Addresses, clock: Clock) -> AsyncIterator[Service]:
    """Connected inside the block; its duties are the caller's to keep."""
    async with AsyncExitStack() as open_:
        topics = Topics(at.redis, clock)
        open_.push_async_callback(topics.close)
        bell = await open_.enter_async_context(Bell(at.redis, clock))
        parts = Parts(
            await open_.enter_async_context(db.pool(at.database, KEEPERS)),
            await open_.enter_async_context(db.pool(at.database, role=WORKER)),
            await open_.enter_async_context(db.pool(at.database, BESIDE, WORKER)),
            bell,
            await open_.enter_async_context(FeedClient(at.feeder, CONSUMER, at.signer)),
            topics,
            await open_.enter_async_context(
                kafka_duties(at.kafka, at.database, SOURCE, Outbox(SOURCE).events, bell)
            ),
        )
        yield _service(parts)


def _service(parts: Parts) -> Service:
    own, outbox, serving = parts.own, Outbox(SOURCE), Serving()
    bus = Bus(parts.worker, outbox, parts.bell, parts.topics.publish)
    projection = AssessmentProjection(parts.topics)
    projector = Projector(parts.beside, parts.feeder, OLD_SIDE, projection, parts.bell)
    routes = [
        *question_routes(parts.worker),
        dry_run_route(parts.worker, parts.feeder),
        *command_routes(bus),
        *feed_routes(Feed(own, outbox.events)),
        *projection_routes(own),
        *health_routes(own),
    ]
    relay = Relay(own, parts.bell, SOURCE)
    duties = {
        Role.API: [beating(own, serving)],
        Role.RELAY: [*relay.duties(), *parts.kafka, Upkeep(own).duty(), _forgetting(own)],
        Role.PROJECTOR: projector.duties(),
        Role.TIME: time_duties(parts.beside, Telling(outbox, parts.bell, parts.topics)),
    }
    return Service(Starlette(routes=routes), duties, serving.around)


def time_duties(pool: Pool, telling: Telling) -> list[Duty]:
    return [
        Crediting(pool, telling).duty(),
        Sweeper(pool, telling).duty(),
        Preparer(pool, telling).duty(),
        Regrader(pool, telling).duty(),
    ]


def _forgetting(pool: Pool) -> Duty:
    async def run() -> None:
        while True:
            async with pool.acquire(timeout=db.ACQUIRE_S) as connection:
                await forget_old(connection)
            await asyncio.sleep(FORGET_EVERY_S)

    return Duty("keys", run)
