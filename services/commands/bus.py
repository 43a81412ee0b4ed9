"""Takes commands: one command, one handler, one transaction, one reply for each key."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar, cast

import asyncpg
import msgspec

from services.commands.idempotency import Claim
from services.commands.refusal import BUSY, UNABLE, Refusal, Undone
from services.commands.uow import UnitOfWork
from services.contracts.errors import Refused
from services.contracts.viewer import Viewer
from services.events.bell import Bell, outbox_channel
from services.events.outbox import Outbox
from services.kit.log import Log
from services.storage import db
from services.storage.db import Pool

C = TypeVar("C")
R = TypeVar("R")
Publish = Callable[[Mapping[str, str | None]], Awaitable[None]]

PATIENCE_S = 4.0
"""Nobody waits longer for a connection, for others' locks and for the disk together."""

CROSSED = (asyncpg.DeadlockDetectedError, asyncpg.SerializationError)
"""Two commands were in each other's way: whoever comes again finds it free."""
FULL = (TimeoutError, asyncpg.InsufficientResourcesError, asyncpg.QueryCanceledError)
"""There is no connection, no room or no time left."""

log = Log("commands")


@dataclass(frozen=True, slots=True)
class Handler(Generic[C, R]):
    """`handle` raises Refusal where it does nothing; `replies` is what it gives otherwise."""

    name: str
    handle: Callable[[UnitOfWork, C], Awaitable[R]]
    replies: type[R]


@dataclass(frozen=True, slots=True)
class Order(Generic[C]):
    """Somebody's command, under the key that they will repeat it with.

    `since_s` is when it came in, on the monotonic scale of this process.
    """

    actor: Viewer
    key: str
    command: C
    traceparent: str | None = None
    since_s: float | None = None


class Bus:
    def __init__(self, pool: Pool, outbox: Outbox, bell: Bell, publish: Publish) -> None:
        self._pool = pool
        self._outbox = outbox
        self._bell = bell
        self._publish = publish

    @property
    def source(self) -> str:
        return self._outbox.source

    async def execute(self, handler: Handler[C, R], order: Order[C]) -> R | Refused:
        """Done once for each key, however often it is sent; a refusal leaves nothing behind."""
        try:
            async with asyncio.timeout(PATIENCE_S):
                work, reply = await self._twice(handler, order)
        except Refusal as no:
            return no.refused
        except Undone as no:
            return cast(R, no.reply)
        except (asyncpg.LockNotAvailableError, *CROSSED) as busy:
            log.warning("command.busy", command=handler.name, why=str(busy))
            return BUSY
        except FULL as full:
            log.error("command.unable", command=handler.name, why=repr(full))
            return UNABLE
        await self._tell(work)
        return reply

    async def _twice(self, handler: Handler[C, R], order: Order[C]) -> tuple[UnitOfWork, R]:
        try:
            return await self._work(handler, order)
        except CROSSED as crossed:
            log.warning("command.again", command=handler.name, why=str(crossed))
            return await self._work(handler, order)

    async def _work(self, handler: Handler[C, R], order: Order[C]) -> tuple[UnitOfWork, R]:
        actor = order.actor
        claim = Claim.of(actor, order.key, handler.name, order.command)
        async with db.transaction(self._pool, actor.tenant) as connection:
            work = UnitOfWork(
                connection, actor, self._outbox, order.traceparent, order.key, order.since_s
            )
            stored = await claim.stored(connection)
            if stored is not None:
                return work, msgspec.convert(stored, handler.replies)
            reply = await handler.handle(work, order.command)
            await claim.remember(connection, reply)
        return work, reply

    async def _tell(self, work: UnitOfWork) -> None:
        """At once: whoever did it waits for both."""
        await asyncio.gather(self._publish(work.topics), *self._rings(work))

    def _rings(self, work: UnitOfWork) -> list[Awaitable[None]]:
        return [self._bell.ring(outbox_channel(self.source))] if work.events else []
