"""A class that is held, as tests see it: people do things in it over HTTP, and time passes."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import count
from typing import Any, TypeVar

from services.contracts import classroom_api as api
from services.contracts import events as said
from services.contracts.classroom import (
    ClassDeed,
    ClassroomNews,
    ClassUpdated,
    JoinTicket,
    Room,
)
from services.contracts.errors import Refused
from services.contracts.events import Happened
from services.contracts.ids import Kind, LiveClassId, Side, TenantId, UserId, encode
from services.contracts.learning import Role
from services.contracts.question import Question
from services.contracts.viewer import Viewer
from services.contracts.viewer_headers import nobody
from services.events.projector import project
from services.events.topics import Topics
from services.kit.asking import ServiceClient
from services.kit.caller import Caller
from services.kit.clock import FakeClock, SystemClock
from services.kit.deadline import Deadline
from services.kit.transport import HttpTransport
from services.live_class.classroom_client import ServiceClassrooms
from services.live_class.projection import LiveClassProjection
from services.live_class.room.beats import SILENT_S, Beats
from services.live_class.room.ticker import Ticker
from services.storage import db
from services.storage.db import Pool
from tests.fakes.changes import FakeChanges
from tests.fakes.telling import happened

Q = TypeVar("Q")
A = TypeVar("A")
CLASS, COURSE, TEACHER, STRANGER, OPERATOR = "l42", 3, 2, 900_001, 900_002
WAITS_S = 30.0
MOST_TRIES = 30
KEYS = count(1)
LONG_AGO = "UPDATE rooms SET ticked_at = '-infinity' WHERE tenant_id = $1 AND live_class = $2"
"""When it was looked at last."""


@dataclass
class Lecture:
    """Learners are numbered from 10 on."""

    tenant: str
    pool: Pool
    worker: Pool
    url: str
    transport: HttpTransport
    redis: str
    beats: Beats
    topics: Topics
    learners: int = 20
    projection: LiveClassProjection = field(
        default_factory=lambda: LiveClassProjection(FakeChanges())
    )

    @property
    def users(self) -> list[int]:
        return list(range(10, 10 + self.learners))

    @property
    def ticker(self) -> Ticker:
        return Ticker(self.worker, self.beats, self.topics)

    async def scheduled(self, begins_in: timedelta = timedelta(0)) -> None:
        """For an hour; its course has a teacher, its learners and an operator beside."""
        now = SystemClock().now() + begins_in
        lecture = said.ClassScheduled(42, COURSE, "Cells", TEACHER, now, now + timedelta(hours=1))
        people = {TEACHER: "Tea", STRANGER: "Stray"} | {u: f"Person {u}" for u in self.users}
        told: dict[str, Happened] = {
            f"course/{COURSE}": said.CourseChanged(COURSE, "Biology", "B"),
            "class/42": lecture,
            f"person/{OPERATOR}": said.PersonChanged(OPERATOR, "Opera", "en", [Role.OPERATOR]),
        }
        for user, name in people.items():
            told[f"person/{user}"] = said.PersonChanged(user, name, "en", [Role.LEARNER])
            if user != STRANGER:
                role = Role.TEACHER if user == TEACHER else Role.LEARNER
                told[f"enrolment/{user}"] = said.EnrolmentChanged(COURSE, user, role)
        await self.happens(told)

    async def scheduled_more(self) -> None:
        """Those of its learners who were not there when it was scheduled."""
        told: dict[str, Happened] = {}
        for user in self.users[20:]:
            told[f"person/{user}"] = said.PersonChanged(
                user, f"Person {user}", "en", [Role.LEARNER]
            )
            told[f"enrolment/{user}"] = said.EnrolmentChanged(COURSE, user, Role.LEARNER)
        await self.happens(told)

    def of(self, tenant: str) -> "Lecture":
        """What another tenant makes of it."""
        return replace(self, tenant=tenant)

    async def elsewhere(self, database: str, transport: HttpTransport) -> "Lecture":
        """The same in another database, whose pool is the caller's to close."""
        made = replace(self, pool=await db.pool(database), transport=transport)
        await made.scheduled()
        return made

    async def told(self) -> tuple[int, int]:
        """How many people and hands the room's row tells of."""
        counts = "SELECT present, jsonb_array_length(hands) AS hands FROM rooms"
        where = "WHERE tenant_id = $1 AND live_class = $2"
        row = await self.pool.fetchrow(f"{counts} {where}", self.tenant, CLASS)
        assert row is not None
        return row["present"], row["hands"]

    async def column(self, statement: str) -> list[Any]:
        return [row[0] for row in await self.pool.fetch(statement, self.tenant, CLASS)]

    async def happens(self, told: dict[str, Happened], version: int = 1) -> None:
        events = [
            happened(self.tenant, stream.replace("/", f"/{self.tenant}/", 1), data, version)
            for stream, data in told.items()
        ]
        async with db.transaction(self.pool) as connection:
            await project(connection, self.projection, events)

    def caller(self, user: int, tenant: str | None = None) -> Caller:
        role = {TEACHER: Role.TEACHER, OPERATOR: Role.OPERATOR}.get(user, Role.LEARNER)
        who = Viewer(TenantId(tenant or self.tenant), UserId(str(user)), frozenset({role}))
        return Caller(who, Deadline.within(SystemClock(), WAITS_S))

    async def ask(
        self, user: int, question: Question[Q, A], words: Q, key: str = "", url: str = ""
    ) -> A | Refused:
        """As a client does: what may be tried again is, under its key."""
        key = key or f"k{next(KEYS)}"
        for _ in range(MOST_TRIES):
            reply = await self.ask_once(user, question, words, key, url)
            if not isinstance(reply, Refused) or not reply.retryable:
                break
        return reply

    async def ask_once(
        self, user: int, question: Question[Q, A], words: Q, key: str, url: str = ""
    ) -> A | Refused:
        client = ServiceClient(self.transport, "live_class", url or self.url, WAITS_S)
        return await client.command(self.caller(user), question, words, key)

    async def listen(self, *users: int, live_class: str = CLASS) -> int | Refused:
        """As the gateway tells who listens."""
        caller = Caller(nobody(TenantId(self.tenant)), Deadline.within(SystemClock(), WAITS_S))
        client = ServiceClient(self.transport, "live_class", self.url, WAITS_S)
        scheduled, local = live_class[0], live_class[1:]
        named = LiveClassId(encode(Kind.LIVE_CLASS, self.tenant, local, Side(scheduled)))
        there = {named: [UserId(str(user)) for user in users]}
        return await ServiceClassrooms(client).beat(caller, there)

    async def joins(self, user: int, key: str = "", url: str = "") -> JoinTicket | Refused:
        return await self.ask(user, api.JOIN, api.Join(CLASS, "eu-west"), key, url)

    async def all_join(self, users: Sequence[int] | None = None) -> None:
        found = await asyncio.gather(*[self.joins(user) for user in users or self.users])
        assert [one for one in found if not isinstance(one, JoinTicket)] == []

    async def does(
        self, user: int, deed: ClassDeed, key: str = "", url: str = ""
    ) -> ClassUpdated | Refused:
        return await self.ask(user, api.ACT, api.Act(CLASS, deed), key, url)

    async def opens(self, number: int, minutes: int = 5, user: int = TEACHER) -> Any:
        return await self.ask(user, api.OPEN_BREAKOUTS, api.OpenBreakouts(CLASS, number, minutes))

    async def moves(self, who: int, breakout: int | None, user: int = TEACHER) -> Any:
        return await self.ask(user, api.MOVE, api.Move(CLASS, who, breakout))

    async def room(self, user: int = TEACHER, url: str = "") -> Room | None:
        found = await self.ask(user, api.ROOMS, api.Classes([CLASS]), url=url)
        assert isinstance(found, list), found
        [room] = found
        return room

    async def news(self, after: str | None, user: int = TEACHER, url: str = "") -> ClassroomNews:
        found = await self.ask(user, api.CHANGES, api.After(CLASS, after), url=url)
        assert isinstance(found, ClassroomNews), found
        return found

    async def is_silent(self, user: int) -> None:
        """They came long ago, and nobody has heard of them since."""
        await self.pool.execute(
            "UPDATE participants SET joined_at = now() - interval '1 h'"
            " WHERE tenant_id = $1 AND live_class = $2 AND user_id = $3",
            self.tenant,
            CLASS,
            user,
        )
        long_ago = FakeClock(SystemClock().now() - timedelta(seconds=SILENT_S + 1))
        then = Beats(self.redis, long_ago)
        await then.heard(self.tenant, {CLASS: [user]})
        await then.close()

    async def tick(self) -> None:
        """Whether or not one has just been."""
        await self.execute(LONG_AGO)
        await self.ticker.tick((self.tenant, CLASS))

    async def execute(self, statement: str) -> None:
        """As the owner; $1 is the tenant, $2 the class."""
        await self.pool.execute(statement, self.tenant, CLASS)

    async def value(self, statement: str) -> Any:
        return await self.pool.fetchval(statement, self.tenant, CLASS)
