"""A tenant of the live class service as tests see it: events go in, answers come out."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from services.contracts.events import Event, Happened
from services.contracts.live_class import LiveClass
from services.events.news import News
from services.events.projector import project
from services.kit.caller import Caller
from services.kit.clock import SystemClock
from services.kit.deadline import Deadline
from services.live_class.client import ServiceLiveClasses
from services.live_class.projection import LiveClassProjection
from services.storage import db
from services.storage.db import Pool
from tests.fakes.changes import FakeChanges
from tests.fakes.platform import FakePlatform
from tests.fakes.telling import happened, told
from tests.fakes.tenant import LEARNER, course_id, viewer

WAITS_S = 10.0


@dataclass
class Campus:
    """`held` is what the tenant was opened with."""

    tenant: str
    held: FakePlatform
    pool: Pool
    client: ServiceLiveClasses
    versions: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.changes = FakeChanges()
        self.projection = LiveClassProjection(self.changes)

    async def open(self) -> "Campus":
        events = told(self.held, self.tenant)
        self.versions = {event.stream: event.version for event in events}
        await self.take(events)
        return self

    async def happens(self, stream: str, data: Happened) -> Event:
        """The next event of the stream, named without its tenant, is projected."""
        event = self.next(stream, data)
        found = await self.take([event])
        await self.projection.announce(found.fresh)
        return event

    def next(self, stream: str, data: Happened) -> Event:
        kind, _, rest = stream.partition("/")
        full = f"{kind}/{self.tenant}/{rest}"
        self.versions[full] = self.versions.get(full, 0) + 1
        return happened(self.tenant, full, data, self.versions[full])

    async def take(self, events: Sequence[Event]) -> News:
        async with db.transaction(self.pool) as connection:
            return await project(connection, self.projection, events)

    def asking(self, user: str = LEARNER) -> Caller:
        return Caller(viewer(self.tenant, user), Deadline.within(SystemClock(), WAITS_S))

    async def classes(self, course: int, user: str = LEARNER) -> list[LiveClass]:
        """Of a course that this person may see, in the order given."""
        ids = [course_id(self.tenant, course)]
        [found] = await self.client.of_courses(self.asking(user), ids, None, None)
        assert isinstance(found, list), found
        return found
