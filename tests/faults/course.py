"""The progress service over a database and its replicas, and learners in one long course."""

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from itertools import count
from types import MappingProxyType

from services.contracts.errors import Refused
from services.contracts.events import (
    CourseChanged,
    EnrolmentChanged,
    Happened,
    LessonChanged,
    PersonChanged,
)
from services.contracts.freshness import Seen
from services.contracts.ids import TenantId, UserId
from services.contracts.learning import Enrolment, LessonCompleted, LessonKind, Progress, Role
from services.contracts.progress_api import COMPLETE_LESSON, ENROLMENTS, PROGRESS, CompleteLesson
from services.contracts.question import Nothing, Pairs
from services.contracts.viewer import Viewer
from services.events.role import Role as Part
from services.events.topics import Topics
from services.kit.asking import ServiceClient
from services.kit.caller import Caller
from services.kit.clock import SystemClock
from services.kit.deadline import Deadline
from services.kit.transport import HttpTransport
from services.progress.projection.projection import ProgressProjection
from services.progress.service import SOURCE, Addresses, service
from services.storage import db
from tests.fakes.changes import FakeChanges
from tests.fakes.telling import happened
from tests.integration.events.reading import at_work
from tests.integration.monolith.serving import serving
from tests.stack import Stack

TENANT, COURSE = TenantId("acme"), 1
NOBODY = "http://127.0.0.1:9"
FIRST_LEARNER, FIRST_LESSON = 100, 1_000
WAITS_S = 20.0
KEYS = count(1)


@dataclass(frozen=True, slots=True)
class Course:
    """Nobody but learners of `users` does the lessons of `lessons`."""

    serves: str
    transport: HttpTransport
    users: Sequence[int]
    lessons: Sequence[int]

    async def complete(self, user: int, lesson: int) -> LessonCompleted | Refused:
        asks, said = _asks(user, WAITS_S, {}), CompleteLesson(lesson)
        return await self._client.command(asks, COMPLETE_LESSON, said, f"key {next(KEYS)}")

    async def progress(
        self, user: int, seen: Seen = MappingProxyType({}), within_s: float = WAITS_S
    ) -> Progress:
        """Raises an UpstreamError."""
        asks, said = _asks(user, within_s, seen), Pairs([(COURSE, user)])
        [shown] = await self._client.ask(asks, PROGRESS, said)
        assert shown is not None
        return shown

    async def enrolments(self, user: int) -> list[Enrolment]:
        """As a gateway asks that will keep them until it hears of a change."""
        return await self._client.ask(_asks(user, WAITS_S, {}), ENROLMENTS, Nothing())

    @property
    def _client(self) -> ServiceClient:
        return ServiceClient(self.transport, SOURCE, self.serves, WAITS_S)


@asynccontextmanager
async def course(
    stack: Stack, database: str, replicas: Sequence[str], users: int, lessons: int
) -> AsyncIterator[Course]:
    """The service's API is up, and what its process does beside that; nothing else runs."""
    async with AsyncExitStack() as open_:
        at = Addresses(database, stack.redis, NOBODY, replicas=tuple(replicas))
        made = await open_.enter_async_context(service(at, SystemClock()))
        serves = await open_.enter_async_context(serving(made.app))
        await open_.enter_async_context(at_work(made.duties[Part.API]))
        transport = HttpTransport(connections=60)
        open_.push_async_callback(transport.close)
        opened = Course(
            serves,
            transport,
            range(FIRST_LEARNER, FIRST_LEARNER + users),
            range(FIRST_LESSON, FIRST_LESSON + lessons),
        )
        await _tell(stack, database, opened)
        yield opened


def _asks(user: int, within_s: float, seen: Seen) -> Caller:
    who = Viewer(TENANT, UserId(str(user)), frozenset({Role.LEARNER}))
    return Caller(who, Deadline.within(SystemClock(), within_s), seen=seen)


async def _tell(stack: Stack, database: str, opened: Course) -> None:
    topics = Topics(stack.redis, SystemClock())
    events = [happened(TENANT, stream, data) for stream, data in _said(opened)]
    async with db.pool(database) as pool, db.transaction(pool) as connection:
        await ProgressProjection(topics, FakeChanges()).apply(connection, events)
    await topics.close()


def _said(opened: Course) -> list[tuple[str, Happened]]:
    lessons = [
        LessonChanged(lesson, COURSE, None, lesson, f"Lesson {lesson}", LessonKind.TEXT)
        for lesson in opened.lessons
    ]
    people = [PersonChanged(user, f"Person {user}", "en", [Role.LEARNER]) for user in opened.users]
    enrolled = [EnrolmentChanged(COURSE, user, Role.LEARNER) for user in opened.users]
    return [
        (f"course/{TENANT}/{COURSE}", CourseChanged(COURSE, "Long", "L-1")),
        *((f"content/{TENANT}/{one.lesson}", one) for one in lessons),
        *((f"person/{TENANT}/{one.user}", one) for one in people),
        *((f"enrolment/{TENANT}/{COURSE}/{one.user}", one) for one in enrolled),
    ]
