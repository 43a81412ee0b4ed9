"""Puts the progress service together: its API, its relay, its projector, its upkeep."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

from starlette.applications import Starlette

from services.commands.bus import Bus
from services.commands.idempotency import forget_old
from services.events.bell import Bell
from services.events.changes import Changes
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
from services.events.reading import Reading, reading
from services.events.relay import Relay
from services.events.role import Role
from services.events.service import Service
from services.events.topics import Topics
from services.events.upkeep import Upkeep
from services.kit.clock import Clock
from services.kit.signing import Signer
from services.progress.app import command_routes, question_routes
from services.progress.projection.projection import ProgressProjection
from services.storage import db
from services.storage.db import Pool

SOURCE = CONSUMER = "progress"
OLD_SIDE = "legacy"
FORGET_EVERY_S = 3_600.0


@dataclass(frozen=True, slots=True)
class Addresses:
    """`database` is our own, `replicas` follow it; `feeder` tells of the monolith."""

    database: str = field(repr=False)
    redis: str = field(repr=False)
    feeder: str
    kafka: Kafka | None = field(default=None, repr=False)
    replicas: tuple[str, ...] = field(default=(), repr=False)
    signer: Signer | None = None


@asynccontextmanager
async def service(at: Addresses, clock: Clock) -> AsyncIterator[Service]:
    """Connected inside the block; its duties are the caller's to keep."""
    async with AsyncExitStack() as open_:
        pool = await open_.enter_async_context(db.pool(at.database))
        reads = await open_.enter_async_context(
            reading(pool, at.replicas, {SOURCE, OLD_SIDE}, clock)
        )
        bell = await open_.enter_async_context(Bell(at.redis, clock))
        feeder = await open_.enter_async_context(FeedClient(at.feeder, CONSUMER, at.signer))
        topics = Topics(at.redis, clock)
        open_.push_async_callback(topics.close)
        changes = Changes(at.redis, clock)
        open_.push_async_callback(changes.close)
        kafka = await open_.enter_async_context(
            kafka_duties(at.kafka, at.database, SOURCE, Outbox(SOURCE).events, bell)
        )
        yield _service(pool, reads, bell, feeder, topics, changes, kafka)


def _service(
    pool: Pool,
    reads: Reading,
    bell: Bell,
    feeder: FeedClient,
    topics: Topics,
    changes: Changes,
    kafka: Sequence[Duty],
) -> Service:
    outbox = Outbox(SOURCE)
    bus = Bus(pool, outbox, bell, topics.publish)
    projection = ProgressProjection(topics, changes, pool)
    projector = Projector(pool, feeder, OLD_SIDE, projection, bell)
    routes = [
        *question_routes(reads),
        *command_routes(bus),
        *feed_routes(Feed(pool, outbox.events)),
        *projection_routes(pool),
        *health_routes(pool),
    ]
    relay = Relay(pool, bell, SOURCE)
    duties = {
        Role.API: reads.duties(),
        Role.RELAY: [*relay.duties(), *kafka, Upkeep(pool).duty(), _forgetting(pool)],
        Role.PROJECTOR: [*projector.duties(), changes.duty()],
    }
    return Service(Starlette(routes=routes), duties)


def _forgetting(pool: Pool) -> Duty:
    async def run() -> None:
        while True:
            async with pool.acquire(timeout=db.ACQUIRE_S) as connection:
                await forget_old(connection)
            await asyncio.sleep(FORGET_EVERY_S)

    return Duty("keys", run)
