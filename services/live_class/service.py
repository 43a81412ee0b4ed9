"""Puts the live class service together: its API, its relay, its projector, what time does."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import TypeVar

from starlette.applications import Starlette
from starlette.routing import Route

from services.commands.bus import Bus
from services.commands.idempotency import forget_old
from services.contracts import live_class_api as api
from services.contracts.question import Question
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
from services.kit.answering import Asking, value_route
from services.kit.clock import Clock
from services.kit.settings import Settings
from services.kit.signing import Signer
from services.live_class import views
from services.live_class.projection import LiveClassProjection
from services.live_class.rights import WORKER
from services.live_class.room.app import Doors, room_routes
from services.live_class.room.beats import Beats
from services.live_class.room.due import Due
from services.live_class.room.ticker import Ticker
from services.live_class.side import Side, beside, side_routes
from services.live_class.views import Asked
from services.storage import db
from services.storage.db import Pool

Q = TypeVar("Q")
A = TypeVar("A")
SOURCE = CONSUMER = "live_class"
OLD_SIDE = "legacy"
FORGET_EVERY_S = 3_600.0
BESIDE = 8
"""Connections for what time does: nobody who joins waits for one."""


@dataclass(frozen=True, slots=True)
class Addresses:
    """`database` is our own, `replicas` follow it; `feeder` tells of the monolith."""

    database: str = field(repr=False)
    redis: str = field(repr=False)
    feeder: str
    kafka: Kafka | None = field(default=None, repr=False)
    replicas: tuple[str, ...] = field(default=(), repr=False)
    signer: Signer | None = None
    settings: Settings = field(default_factory=Settings, repr=False)


@dataclass(frozen=True, slots=True)
class Parts:
    """`own` sees every tenant's rows of the timetable; `worker` and `beside` one tenant's."""

    own: Pool
    worker: Pool
    beside: Pool
    reads: Reading
    bell: Bell
    feeder: FeedClient
    topics: Topics
    changes: Changes
    beats: Beats
    side: Side
    kafka: Sequence[Duty]
    clock: Clock


@asynccontextmanager
async def service(at: Addresses, clock: Clock) -> AsyncIterator[Service]:
    """Connected inside the block; its duties are the caller's to keep."""
    async with AsyncExitStack() as open_:
        topics, changes = Topics(at.redis, clock), Changes(at.redis, clock)
        beats = Beats(at.redis, clock)
        for each in (topics, changes, beats):
            open_.push_async_callback(each.close)
        own = await open_.enter_async_context(db.pool(at.database))
        worker = await open_.enter_async_context(db.pool(at.database, role=WORKER))
        bell = await open_.enter_async_context(Bell(at.redis, clock))
        outbox = Outbox(SOURCE)
        parts = Parts(
            own,
            worker,
            await open_.enter_async_context(db.pool(at.database, BESIDE, WORKER)),
            await open_.enter_async_context(reading(own, at.replicas, {OLD_SIDE}, clock)),
            bell,
            await open_.enter_async_context(FeedClient(at.feeder, CONSUMER, at.signer)),
            topics,
            changes,
            beats,
            await open_.enter_async_context(beside(at.redis, worker, at.settings, clock)),
            await open_.enter_async_context(
                kafka_duties(at.kafka, at.database, SOURCE, outbox.events, bell)
            ),
            clock,
        )
        yield _service(parts, outbox)


def _service(parts: Parts, outbox: Outbox) -> Service:
    own, bell, topics, side = parts.own, parts.bell, parts.topics, parts.side
    bus = Bus(parts.worker, outbox, bell, topics.publish)
    projection = LiveClassProjection(parts.changes)
    projector = Projector(own, parts.feeder, OLD_SIDE, projection, bell)
    routes = [
        *timetable_routes(parts.reads, parts.clock),
        *room_routes(Doors(parts.worker, bus, parts.beats, side.entrance, side.signalling)),
        *side_routes(side, SOURCE),
        *feed_routes(Feed(own, outbox.events)),
        *projection_routes(own),
        *health_routes(own),
    ]
    relay = Relay(own, bell, SOURCE)
    ticker = Ticker(parts.beside, parts.beats, topics)
    due = Due(parts.beside, outbox, bell, topics, parts.beats, side.signalling)
    duties = {
        Role.API: parts.reads.duties(),
        Role.RELAY: [*relay.duties(), *parts.kafka, Upkeep(own).duty(), _forgetting(own)],
        Role.PROJECTOR: [*projector.duties(), parts.changes.duty()],
        Role.TIME: [*ticker.duties(), due.duty()],
    }
    return Service(Starlette(routes=routes), duties)


def timetable_routes(reads: Reading, clock: Clock) -> list[Route]:
    def view(
        question: Question[Q, A],
        look: Callable[[Asked, Q], Awaitable[A]],
        *,
        is_kept: bool = False,
    ) -> Route:
        async def answer(asking: Asking[Q]) -> A:
            return await reads.look(
                asking,
                lambda db: look(Asked(db, asking.viewer, clock.now()), asking.said),
                is_kept=is_kept,
            )

        return value_route(question, answer, CONSUMER)

    return [
        view(api.OF_COURSES, views.of_courses, is_kept=True),
        view(api.AGENDA, views.agenda),
        view(api.CLASSES, views.classes, is_kept=True),
    ]


def _forgetting(pool: Pool) -> Duty:
    async def run() -> None:
        while True:
            async with pool.acquire(timeout=db.ACQUIRE_S) as connection:
                await forget_old(connection)
            await asyncio.sleep(FORGET_EVERY_S)

    return Duty("keys", run)
