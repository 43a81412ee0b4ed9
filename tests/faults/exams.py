"""The assessment service over a database of its own, an exam in it, and learners at its door."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from typing import Any, TypeVar

from services.assessment.projection.projection import AssessmentProjection
from services.assessment.service import SOURCE, Addresses, service
from services.contracts.assessment import AttemptAccepted
from services.contracts.assessment_api import START, WAITED, Start
from services.contracts.errors import Refused
from services.contracts.events import (
    AssessmentChanged,
    EnrolmentChanged,
    Happened,
    PersonChanged,
)
from services.contracts.ids import TenantId, UserId, decode
from services.contracts.learning import Role
from services.contracts.question import Question
from services.contracts.viewer import Viewer
from services.events.service import Service
from services.events.topics import Topics
from services.kit.asking import ServiceClient
from services.kit.caller import Caller
from services.kit.clock import SystemClock
from services.kit.deadline import Deadline
from services.kit.transport import HttpTransport
from services.storage import db
from services.storage.db import Pool
from tests.fakes.telling import happened
from tests.faults.quiz import COURSE, QUIZ
from tests.integration.assessment.moving_time import MOVABLE, NOW, PASS
from tests.integration.monolith.serving import serving
from tests.integration.own_database import own_database
from tests.signing import gateway_of
from tests.stack import Stack

T = TypeVar("T")
Q = TypeVar("Q")
A = TypeVar("A")
NOBODY = "http://127.0.0.1:9"
TENANT, TEACHER = TenantId("acme"), 2
FIRST_LEARNER = 100
WAITS_S = 20.0
AT_ONCE = 20
KEYS = count(1)


@dataclass(frozen=True, slots=True)
class Exams:
    """`own` sees every row of the service's database; `service` answers at `serves`."""

    database: str
    own: Pool
    service: Service
    serves: str
    transport: HttpTransport
    projection: AssessmentProjection

    async def define(self, quiz: AssessmentChanged = QUIZ) -> None:
        """As the old side tells of it: the first time, or changed."""
        await self.tell([(f"content/{TENANT}/{quiz.assessment}", quiz)])

    async def admit(self, learners: int, first: int = FIRST_LEARNER) -> list[int]:
        users = list(range(first, first + learners))
        await self.tell([*_person(TEACHER, Role.TEACHER)])
        await self.tell([one for user in users for one in _person(user, Role.LEARNER)])
        return users

    async def tell(self, said: Iterable[tuple[str, Happened]]) -> None:
        events = [happened(TENANT, stream, data) for stream, data in said]
        async with db.transaction(self.own) as connection:
            await self.projection.apply(connection, events)

    async def passes(self, seconds: float) -> None:
        """So much time, at once; needs `moves_time`."""
        await self.own.execute(PASS, TENANT, timedelta(seconds=seconds))

    async def moves_time(self) -> None:
        await self.own.execute(MOVABLE)

    async def now(self) -> datetime:
        """What the service's database says it is."""
        now: datetime = await self.own.fetchval(NOW, TENANT)
        return now

    async def begin(self, users: Iterable[int], assessment: int = 1) -> list[str]:
        """Everybody starts; gives their attempts."""
        return await at_once([partial(self._begin, user, assessment) for user in users])

    async def do(
        self,
        user: int,
        command: Question[Q, A],
        said: Q,
        key: str | None = None,
        waited_ms: int = 0,
        at: str | None = None,
    ) -> A | Refused:
        client = ServiceClient(self.transport, SOURCE, at or self.serves, WAITS_S)
        named = f"key {next(KEYS)}" if key is None else key
        caller = Caller(viewer(user), Deadline.within(SystemClock(), WAITS_S))
        return await client.command(caller, command, said, named, {WAITED: str(waited_ms)})

    async def rows(self, statement: str, *values: Any) -> list[Any]:
        return [tuple(row) for row in await self.own.fetch(statement, *values)]

    async def count(self, statement: str, *values: Any) -> int:
        counted: int = await self.own.fetchval(statement, *values)
        return counted

    async def _begin(self, user: int, assessment: int) -> str:
        done = await self.do(user, START, Start(assessment))
        assert isinstance(done, AttemptAccepted), done
        return decode(done.attempt.id).local


@asynccontextmanager
async def exams(stack: Stack, name: str) -> AsyncIterator[Exams]:
    """The service's API is up, over tables of the name's; nothing but that runs."""
    async with AsyncExitStack() as open_:
        url = await open_.enter_async_context(own_database(stack.database, name, SOURCE))
        at = Addresses(url, stack.redis, NOBODY)
        made = await open_.enter_async_context(service(at, SystemClock()))
        serves = await open_.enter_async_context(serving(made.app))
        topics = Topics(stack.redis, SystemClock())
        open_.push_async_callback(topics.close)
        transport = HttpTransport(connections=60, signer=gateway_of(stack.home))
        open_.push_async_callback(transport.close)
        own = await open_.enter_async_context(db.pool(url))
        yield Exams(url, own, made, serves, transport, AssessmentProjection(topics))


async def at_once(work: Sequence[Callable[[], Awaitable[T]]], most: int = AT_ONCE) -> list[T]:
    """What all of them give, in order; so many at a time."""
    free = asyncio.Semaphore(most)

    async def one(does: Callable[[], Awaitable[T]]) -> T:
        async with free:
            return await does()

    return await asyncio.gather(*map(one, work))


def viewer(user: int) -> Viewer:
    role = Role.TEACHER if user == TEACHER else Role.LEARNER
    return Viewer(TENANT, UserId(str(user)), frozenset({role}))


def _person(user: int, role: Role) -> list[tuple[str, Happened]]:
    return [
        (f"person/{TENANT}/{user}", PersonChanged(user, f"Person {user}", "en", [role])),
        (f"enrolment/{TENANT}/{COURSE}/{user}", EnrolmentChanged(COURSE, user, role)),
    ]
