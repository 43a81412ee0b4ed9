"""A projected tenant as tests see it: its events go in, its readers and its rows come out."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from asyncpg import Record

from resolvers.ports import Sources
from services.contracts.events import Event, Happened
from services.contracts.viewer import Viewer
from services.events.news import News
from services.events.projector import project
from services.events.topics import Topics
from services.kit.asking import ServiceClient
from services.kit.caller import Caller
from services.kit.clock import SystemClock
from services.kit.deadline import Deadline
from services.kit.transport import HttpTransport
from services.progress.projection.projection import ProgressProjection
from services.storage import db
from services.storage.db import Pool
from tests.contract.progress import sources_of_progress
from tests.contract.school import school
from tests.fakes.changes import FakeChanges
from tests.fakes.telling import happened, told
from tests.fakes.tenant import LEARNER, viewer

WAITS_S = 10.0
NOBODY = "http://127.0.0.1:9"


@dataclass
class Campus:
    tenant: str
    pool: Pool
    topics: Topics
    url: str
    transport: HttpTransport
    versions: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.held = school(self.tenant)
        self.changes = FakeChanges()
        self.projection = ProgressProjection(self.topics, self.changes, self.pool)
        self.sources = self._reached_at(self.url)

    async def open(self) -> None:
        events = told(self.held, self.tenant)
        self.versions = {event.stream: event.version for event in events}
        await self.take(events)

    def next(self, stream: str, data: Happened) -> Event:
        """The next event of a stream; `stream` says {} for the tenant."""
        full = stream.format(self.tenant)
        self.versions[full] = self.versions.get(full, 0) + 1
        return happened(self.tenant, full, data, self.versions[full])

    async def happens(self, stream: str, data: Happened) -> None:
        """The stream's next event is projected, and announced."""
        found = await self.take([self.next(stream, data)])
        await self.projection.announce(found.fresh)

    async def take(self, events: Sequence[Event]) -> News:
        async with db.transaction(self.pool) as connection:
            return await project(connection, self.projection, events)

    def asking(self, user: str = LEARNER) -> Caller:
        return self.calling(viewer(self.tenant, user))

    def calling(self, who: Viewer) -> Caller:
        return Caller(who, Deadline.within(SystemClock(), WAITS_S))

    def cut_off(self) -> None:
        """From now on nobody answers."""
        self.sources = self._reached_at(NOBODY)

    async def rows(self, table: str) -> list[Record]:
        """All of the tenant's."""
        statement = f"SELECT * FROM {table} WHERE tenant_id = $1 ORDER BY {table}"
        return await self.pool.fetch(statement, self.tenant)

    async def value(self, statement: str, *more: Any) -> Any:
        """`$1` is the tenant."""
        return await self.pool.fetchval(statement, self.tenant, *more)

    def _reached_at(self, url: str) -> Sources:
        client = ServiceClient(self.transport, "progress", url, WAITS_S)
        return sources_of_progress(client, self.held)
