"""Takes commands: one command, one handler, one transaction, one reply for each key."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

import asyncpg
import msgspec

from services.commands.idempotency import Claim
from services.commands.refusal import BUSY, Refusal
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

log = Log("commands")


@dataclass(frozen=True, slots=True)
class Handler(Generic[C, R]):
    """`handle` raises Refusal where it does nothing; `replies` is what it gives otherwise."""

    name: str
    handle: Callable[[UnitOfWork, C], Awaitable[R]]
    replies: type[R]


@dataclass(frozen=True, slots=True)
class Order(Generic[C]):
    """Somebody's command, under the key that they will repeat it with."""

    actor: Viewer
    key: str
    command: C
    traceparent: str | None = None


class Bus:
    def __init__(self, pool: Pool, outbox: Outbox, bell: Bell, publish: Publish) -> None:
        self._pool = pool
        self._outbox = outbox
        self._bell = bell
        self._publish = publish

    async def execute(self, handler: Handler[C, R], order: Order[C]) -> R | Refused:
        """Done once for each key, however often it is sent; a refusal leaves nothing behind."""
        try:
            work, reply = await self._work(handler, order)
        except Refusal as no:
            return no.refused
        except (asyncpg.LockNotAvailableError, asyncpg.DeadlockDetectedError) as busy:
            log.warning("command.busy", command=handler.name, why=str(busy))
            return BUSY
        await self._tell(work)
        return reply

    async def _work(self, handler: Handler[C, R], order: Order[C]) -> tuple[UnitOfWork, R]:
        claim = Claim.of(order.actor, order.key, handler.name, order.command)
        async with db.transaction(self._pool) as connection:
            work = UnitOfWork(connection, order.actor, self._outbox, order.traceparent)
            stored = await claim.stored(connection)
            if stored is not None:
                return work, msgspec.convert(stored, handler.replies)
            reply = await handler.handle(work, order.command)
            await claim.remember(connection, reply)
        return work, reply

    async def _tell(self, work: UnitOfWork) -> None:
        if work.events:
            await self._bell.ring(outbox_channel(self._outbox.source))
        await self._publish(work.topics)
