"""Puts the feeder together: the monolith's feed and snapshot, its relay, and the mirror."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

from starlette.applications import Starlette

from legacy.client import LegacyClient
from legacy.feeder import told
from legacy.feeder.mirroring import CONSUMER, Mirroring
from legacy.feeder.snapshot import Snapshot
from legacy.feeder.snapshot_routes import snapshot_routes
from legacy.feeder.versions import versions_route
from legacy.mirror import WITHIN_S, Mirror
from services.contracts.events import PARTITIONS
from services.events.bell import Bell
from services.events.duty import Duty
from services.events.feed import Feed
from services.events.feed_client import FeedClient
from services.events.feed_routes import feed_routes
from services.events.health import health_routes
from services.events.kafka.address import Kafka
from services.events.kafka.duties import kafka_duties
from services.events.relay import Relay
from services.events.role import Role
from services.events.upkeep import Upkeep
from services.kit.clock import Clock
from services.kit.signing import Signer
from services.kit.transport import HttpTransport
from services.storage import db
from services.storage.db import Pool

TABLE = "changes"
CONSUMERS = ("progress", "live_class", told.SCORER)
"""Nothing is forgotten before they have come, even for the first time."""


@dataclass(frozen=True, slots=True)
class Addresses:
    """`database` and `monolith` are the old side's; `secret` signs in there on behalf of others."""

    database: str = field(repr=False)
    redis: str = field(repr=False)
    monolith: str = field(repr=False)
    secret: str = field(repr=False)
    progress: str
    kafka: Kafka | None = field(default=None, repr=False)
    signer: Signer | None = None


@dataclass(frozen=True, slots=True)
class Feeder:
    app: Starlette
    duties: Mapping[Role, Sequence[Duty]]


@asynccontextmanager
async def feeder(at: Addresses, clock: Clock) -> AsyncIterator[Feeder]:
    """Connected inside the block; its duties are the caller's to keep."""
    async with AsyncExitStack() as open_:
        pool = await open_.enter_async_context(db.pool(at.database))
        bell = await open_.enter_async_context(Bell(at.redis, clock))
        progress = await open_.enter_async_context(FeedClient(at.progress, CONSUMER, at.signer))
        transport = HttpTransport(PARTITIONS)
        open_.push_async_callback(transport.close)
        client = LegacyClient(transport, clock, at.monolith, at.secret, WITHIN_S)
        open_.push_async_callback(client.close)
        mirroring = Mirroring(pool, progress, Mirror(client, clock), bell)
        kafka = await open_.enter_async_context(
            kafka_duties(at.kafka, at.database, told.SOURCE, told.events, bell, told.CHANGES)
        )
        yield _feeder(pool, bell, mirroring, kafka)


def _feeder(pool: Pool, bell: Bell, mirroring: Mirroring, kafka: Sequence[Duty]) -> Feeder:
    feed = Feed(pool, told.events, told.CHANGES)
    routes = [
        *feed_routes(feed),
        *snapshot_routes(Snapshot(pool, feed)),
        versions_route(pool),
        *health_routes(pool),
    ]
    relay = Relay(pool, bell, told.SOURCE, TABLE)
    duties = {
        Role.RELAY: [*relay.duties(), *kafka, _upkeep(pool, feed)],
        Role.PROJECTOR: mirroring.duties(),
    }
    return Feeder(Starlette(routes=routes), duties)


def _upkeep(pool: Pool, feed: Feed) -> Duty:
    async def run() -> None:
        for consumer in CONSUMERS:
            await feed.expect(consumer)
        await Upkeep(pool, TABLE).run()

    return Duty("upkeep", run)
