"""One class as the contract's tests see it, on whichever side: people do things in it."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from itertools import count
from typing import Any

from resolvers.classrooms import Classrooms
from resolvers.topics import Topics
from services.contracts.classroom import (
    ClassDeed,
    ClassroomNews,
    ClassUpdated,
    JoinTicket,
    Room,
    SignalKind,
    SignalNews,
    SignalSent,
)
from services.contracts.classroom_api import classroom_topic, signals_topic
from services.contracts.errors import ErrorCode, Refused
from services.contracts.ids import LiveClassId, TenantId, UserId
from services.contracts.learning import Role
from services.contracts.viewer import Viewer
from services.contracts.viewer_headers import nobody
from services.kit.caller import Caller
from services.kit.clock import SystemClock
from services.kit.deadline import Deadline
from tests.contract.lecture_hall import NOW
from tests.contract.side import given
from tests.fakes.room import breakout_id, name_of, participant_id
from tests.fakes.tenant import LEARNER, TEACHER, class_id
from tests.integration.monolith.waiting import until

WAITS_S, SOON_S = 20.0, 20.0
KEYS = count(1)


@dataclass(frozen=True, slots=True)
class Meeting:
    """What is told of a class may be read a moment later than it was done."""

    classrooms: Classrooms
    topics: Topics
    tenant: str
    number: int = NOW

    @property
    def id(self) -> LiveClassId:
        return class_id(self.tenant, self.number)

    def numbered(self, number: int) -> "Meeting":
        """Another class of the same course."""
        return replace(self, number=number)

    def of(self, user: str) -> Caller:
        role = Role.TEACHER if user == TEACHER else Role.LEARNER
        return self._asking(Viewer(TenantId(self.tenant), UserId(user), frozenset({role})))

    async def joins(self, *users: str) -> None:
        for user in users:
            assert isinstance(await self.join(user), JoinTicket)

    async def join(self, user: str, region: str | None = None, key: str = "") -> Any:
        return await self.classrooms.join(self.of(user), self.id, region, key or _key())

    async def does(self, user: str, deed: ClassDeed, key: str = "") -> ClassUpdated | Refused:
        return await self.classrooms.act(self.of(user), self.id, deed, key or _key())

    async def opens(self, many: int, minutes: int = 5, user: str = TEACHER) -> Any:
        return await self.classrooms.open_breakouts(self.of(user), self.id, many, minutes, _key())

    async def moves(self, who: str, number: int | None, user: str = TEACHER) -> Any:
        into = None if number is None else breakout_id(self.id, number)
        return await self.classrooms.move(
            self.of(user), self.id, participant_id(self.id, who), into, _key()
        )

    async def says(self, sender: str, to: str, payload: str, key: str = "") -> SignalSent | Refused:
        at, kind = participant_id(self.id, to), SignalKind.OFFER
        return await self.classrooms.send(
            self.of(sender), self.id, at, kind, payload, key or _key()
        )

    async def told(self, user: str = TEACHER, after: str | None = None) -> ClassroomNews:
        return given(await self.classrooms.changes(self.of(user), self.id, after))

    async def mail(self, user: str = LEARNER, after: str | None = None) -> SignalNews:
        return given(await self.classrooms.signals(self.of(user), self.id, after))

    async def room(self, user: str = TEACHER) -> Room:
        [found] = await self.classrooms.rooms(self.of(user), [self.id])
        assert isinstance(found, Room), found
        return found

    async def becomes(self, claim: Callable[[Room], bool]) -> Room:
        """As it is once the claim holds."""

        async def holds() -> bool:
            return claim(await self.room())

        await until(holds, SOON_S)
        return await self.room()

    async def beats(self, *users: str) -> int:
        """As a gateway tells who listens."""
        there = {self.id: [UserId(user) for user in users]}
        return given(await self.classrooms.beat(self._asking(nobody(TenantId(self.tenant))), there))

    @asynccontextmanager
    async def listening(self, user: str | None = None) -> AsyncIterator[list[Any]]:
        """What was heard: that there are news of the class, or of somebody's mailbox."""
        named = name_of(self.id)
        heard: list[Any] = []
        topic = (
            signals_topic(self.tenant, named, user) if user else classroom_topic(self.tenant, named)
        )
        hearing = self.topics.hear(topic, heard.append)
        await hearing.opened()
        yield heard
        hearing.stop()

    async def hears(self, heard: list[Any]) -> bool:
        """Soon, or not at all."""

        async def has_heard() -> bool:
            return bool(heard)

        with suppress(TimeoutError):
            await until(has_heard, SOON_S)
        return bool(heard)

    def _asking(self, who: Viewer) -> Caller:
        return Caller(who, Deadline.within(SystemClock(), WAITS_S))


def code(done: object) -> ErrorCode:
    assert isinstance(done, Refused), done
    return done.code


def _key() -> str:
    return f"key {next(KEYS)}"
