"""The progress service's tables, and a feed beside them of which a test decides what it says."""

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from services.contracts.events import Event, Happened, LessonsCompleted
from services.contracts.ids import TenantId
from services.events.bell import Bell
from services.events.feed_client import FeedClient
from services.events.outbox import Outbox
from services.events.relay import Relay
from services.events.tables import TABLES
from services.events.topics import Topics
from services.kit.clock import SystemClock
from services.progress.projection.projection import ProgressProjection
from services.storage import db
from services.storage.db import Pool
from tests.fakes.changes import FakeChanges
from tests.integration.events.reading import drain
from tests.integration.events.serving import serving
from tests.integration.own_database import own_database

SOURCE = "legacy"
TENANT = TenantId("demo")
COURSE = 7


@dataclass(frozen=True, slots=True)
class Projected:
    """`source` is the feed's database, at `feed_url`; `app` has the projection."""

    source: Pool
    source_url: str
    app: Pool
    app_url: str
    feed: FeedClient
    feed_url: str
    bell: Bell
    topics: Topics

    async def tell(self, *said: tuple[int, object]) -> None:
        """Appends to each user's stream, in one transaction."""
        outbox = Outbox(SOURCE)
        async with db.transaction(self.source) as connection:
            for user, data in said:
                await outbox.append(connection, TENANT, stream_of(user), data)  # type: ignore[arg-type]

    async def tell_all(self, user: int, said: Sequence[Happened]) -> None:
        """A whole stream at once."""
        async with db.transaction(self.source) as connection:
            await Outbox(SOURCE).append_versions(connection, TENANT, stream_of(user), 1, said)

    async def send(self) -> None:
        """Gives what was told its positions in the feed."""
        await drain(self.source, self.relay())

    def relay(self) -> Relay:
        return Relay(self.source, self.bell, SOURCE)

    async def completed(self) -> dict[int, set[int]]:
        found: dict[int, set[int]] = {}
        for row in await self.app.fetch("SELECT user_id, lesson_id FROM completions"):
            found.setdefault(row["user_id"], set()).add(row["lesson_id"])
        return found


class Heard(ProgressProjection):
    """Remembers what was announced, and how old it was then, in seconds."""

    def __init__(self, topics: Topics) -> None:
        super().__init__(topics, FakeChanges())
        self.events: list[Event] = []
        self.ages: dict[str, float] = {}
        self._clock = SystemClock()

    async def announce(self, events: Sequence[Event]) -> None:
        now = self._clock.now()
        self.events += events
        for event in events:
            age = (now - event.at).total_seconds()
            self.ages[event.stream] = max(age, self.ages.get(event.stream, 0.0))

    def versions(self, stream: str) -> list[int]:
        return [event.version for event in self.events if event.stream == stream]


def stream_of(user: int) -> str:
    return f"completions/{TENANT}/{COURSE}/{user}"


def done(user: int, *lessons: int) -> tuple[int, LessonsCompleted]:
    return user, LessonsCompleted(COURSE, user, list(lessons))


@asynccontextmanager
async def projected(server_url: str, redis_url: str, name: str) -> AsyncIterator[Projected]:
    async with AsyncExitStack() as open_:
        source_url = await open_.enter_async_context(own_database(server_url, f"{name}_feed"))
        app_url = await open_.enter_async_context(own_database(server_url, name, "progress"))
        source = await open_.enter_async_context(db.pool(source_url))
        await source.execute(TABLES)
        app = await open_.enter_async_context(db.pool(app_url))
        bell = await open_.enter_async_context(Bell(redis_url, SystemClock()))
        feed_url = await open_.enter_async_context(serving(source, Outbox(SOURCE)))
        feed = await open_.enter_async_context(FeedClient(feed_url, "progress"))
        topics = Topics(redis_url, SystemClock())
        open_.push_async_callback(topics.close)
        yield Projected(source, source_url, app, app_url, feed, feed_url, bell, topics)
