"""The unit of work of one command: one transaction, its events, and whom they are told to."""

from dataclasses import dataclass, field

from services.contracts.events import Event, Happened
from services.contracts.viewer import Viewer
from services.events.outbox import Outbox
from services.storage.db import Connection


@dataclass(frozen=True, slots=True)
class UnitOfWork:
    """`events` and `topics` are told after the commit, which is the bus's alone.

    `since_s` is when the command came in, on the monotonic scale of this process.
    """

    db: Connection
    actor: Viewer
    outbox: Outbox
    traceparent: str | None = None
    key: str = ""
    since_s: float | None = None
    events: list[Event] = field(default_factory=list)
    topics: dict[str, str | None] = field(default_factory=dict)

    async def lock(self, stream: str) -> int:
        """The stream's version; nobody else changes what it tells of until we are done."""
        return await self.outbox.lock(self.db, stream)

    async def record(self, stream: str, data: Happened) -> Event:
        """Appends an event whose effect on our own projection this transaction has written."""
        tenant = self.actor.tenant
        event = await self.outbox.record(self.db, tenant, stream, data, self.traceparent)
        self.events.append(event)
        return event

    def tell(self, topic: str) -> None:
        self.topics[topic] = self.traceparent
