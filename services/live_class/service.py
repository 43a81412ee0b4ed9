"""Puts the live class service together: its API and its projector."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import TypeVar

from starlette.applications import Starlette
from starlette.routing import Route

from services.contracts import live_class_api as api
from services.contracts.question import Question
from services.events.bell import Bell
from services.events.changes import Changes
from services.events.feed_client import FeedClient
from services.events.health import health_routes
from services.events.projection_routes import projection_routes
from services.events.projector import Projector
from services.events.reading import Reading, reading
from services.events.role import Role
from services.events.service import Service
from services.kit.answering import Asking, value_route
from services.kit.clock import Clock
from services.kit.signing import Signer
from services.live_class import views
from services.live_class.projection import LiveClassProjection
from services.live_class.views import Asked
from services.storage import db

Q = TypeVar("Q")
A = TypeVar("A")
CONSUMER = "live_class"
OLD_SIDE = "legacy"


@dataclass(frozen=True, slots=True)
class Addresses:
    """`database` is our own, `replicas` follow it; `feeder` tells of the monolith."""

    database: str = field(repr=False)
    redis: str = field(repr=False)
    feeder: str
    replicas: tuple[str, ...] = field(default=(), repr=False)
    signer: Signer | None = None


@asynccontextmanager
async def service(at: Addresses, clock: Clock) -> AsyncIterator[Service]:
    """Connected inside the block; its duties are the caller's to keep."""
    async with AsyncExitStack() as open_:
        pool = await open_.enter_async_context(db.pool(at.database))
        reads = await open_.enter_async_context(reading(pool, at.replicas, {OLD_SIDE}, clock))
        bell = await open_.enter_async_context(Bell(at.redis, clock))
        feeder = await open_.enter_async_context(FeedClient(at.feeder, CONSUMER, at.signer))
        changes = Changes(at.redis, clock)
        open_.push_async_callback(changes.close)
        projector = Projector(pool, feeder, OLD_SIDE, LiveClassProjection(changes), bell)
        projecting = [*projector.duties(), changes.duty()]
        duties = {Role.API: reads.duties(), Role.PROJECTOR: projecting}
        yield Service(application(reads, clock), duties)


def application(reads: Reading, clock: Clock) -> Starlette:
    def view(question: Question[Q, A], look: Callable[[Asked, Q], Awaitable[A]]) -> Route:
        async def answer(asking: Asking[Q]) -> A:
            return await reads.look(
                asking, lambda db: look(Asked(db, asking.viewer, clock.now()), asking.said)
            )

        return value_route(question, answer, CONSUMER)

    questions = [
        view(api.OF_COURSES, views.of_courses),
        view(api.AGENDA, views.agenda),
        view(api.CLASSES, views.classes),
    ]
    beside = [*projection_routes(reads.primary), *health_routes(reads.primary)]
    return Starlette(routes=[*questions, *beside])
