"""Classes of the old side through its adapter: what it can do, and what it says it cannot."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from legacy.classroom import NO_BREAKOUTS, NO_QUALITY, NO_SIGNALS, LegacyClassrooms
from legacy.client import LegacyClient
from legacy.zones import Zones
from services.contracts.classroom import (
    ClassDeed,
    ClassroomNews,
    ClassroomSnapshot,
    ClassStateChanged,
    ClassUpdated,
    Gap,
    HandsChanged,
    JoinTicket,
    PresenceChanged,
    Quality,
    Room,
    SignalKind,
)
from services.contracts.errors import HIDDEN, ErrorCode, Refused
from services.contracts.ids import (
    Kind,
    LiveClassId,
    ParticipantId,
    Side,
    TenantId,
    UserId,
    encode,
)
from services.contracts.learning import Role
from services.contracts.live_class import LiveClassState
from services.contracts.viewer import Viewer
from services.kit.caller import Caller
from services.kit.clock import FakeClock, SystemClock
from services.kit.deadline import Deadline
from services.kit.transport import HttpTransport
from tests.integration.monolith.school import LEARNER, STRANGER, TEACHER, School
from tests.integration.monolith.serving import NOON_IN_JAKARTA, SECRET, Monolith
from tests.integration.monolith.test_quirks_of_rooms import held

WAITS_S = 20.0


@dataclass
class Lesson:
    """One class that may be opened now."""

    tenant: str
    id: LiveClassId
    rooms: LegacyClassrooms

    def caller(self, user: int) -> Caller:
        viewer = Viewer(TenantId(self.tenant), UserId(str(user)), frozenset({Role.LEARNER}))
        return Caller(viewer, Deadline.within(SystemClock(), WAITS_S))

    def participant(self, user: int) -> ParticipantId:
        number = encode(Kind.PARTICIPANT, self.tenant, f"l1.{user}")
        return ParticipantId(number)

    async def news(self, user: int, after: str | None = None) -> ClassroomNews:
        found = await self.rooms.changes(self.caller(user), self.id, after)
        assert isinstance(found, ClassroomNews), found
        return found

    async def act(self, user: int, deed: ClassDeed) -> ClassUpdated | Refused:
        return await self.rooms.act(self.caller(user), self.id, deed, "a key")


@pytest.fixture
async def lesson(biology: School, old: Monolith, transport: HttpTransport) -> AsyncIterator[Lesson]:
    number = await held(biology)
    client = LegacyClient(transport, SystemClock(), old.url, SECRET, WAITS_S)
    rooms = LegacyClassrooms(client, Zones(client), FakeClock(NOON_IN_JAKARTA))
    own = LiveClassId(encode(Kind.LIVE_CLASS, biology.tenant, number, Side.LEGACY))
    yield Lesson(biology.tenant, own, rooms)
    await client.close()


async def test_who_joins_is_in_the_room(lesson: Lesson) -> None:
    caller = lesson.caller(LEARNER)
    before = await lesson.rooms.rooms(caller, [lesson.id])

    ticket = await lesson.rooms.join(caller, lesson.id, "eu-west", "a key")
    again = await lesson.rooms.join(caller, lesson.id, "eu-west", "a key")

    assert before == [None]
    assert isinstance(ticket, JoinTicket)
    assert again == ticket
    assert ticket.participant.id == lesson.participant(LEARNER)
    assert (ticket.participant.role, ticket.participant.region) == (Role.LEARNER, "eu-west")
    assert ticket.live_class.state is LiveClassState.OPEN
    assert ticket.ice_servers == []
    [room] = await lesson.rooms.rooms(caller, [lesson.id])
    assert isinstance(room, Room)
    assert (room.state, room.present, room.hands) == (LiveClassState.OPEN, 1, [])


async def test_what_changes_is_told_behind_a_cursor_and_nothing_twice(lesson: Lesson) -> None:
    first = await lesson.news(TEACHER)
    await lesson.rooms.join(lesson.caller(LEARNER), lesson.id, None, "a key")
    await lesson.act(LEARNER, ClassDeed.RAISE_HAND)
    await lesson.act(TEACHER, ClassDeed.START)

    second = await lesson.news(TEACHER, first.cursor)
    rest = await lesson.news(TEACHER, second.events[0].cursor)

    assert [type(one) for one in first.events] == [ClassroomSnapshot]
    assert [type(one) for one in second.events] == [
        PresenceChanged,
        HandsChanged,
        ClassStateChanged,
    ]
    assert isinstance(second.events[1], HandsChanged)
    assert [one.participant_id for one in second.events[1].hands] == [lesson.participant(LEARNER)]
    assert rest.events == second.events[1:]
    assert (await lesson.news(TEACHER, second.cursor)).events == []


async def test_a_cursor_of_another_side_is_a_gap_and_a_snapshot(lesson: Lesson) -> None:
    found = await lesson.news(TEACHER, "1f3c.12.4")

    assert [type(one) for one in found.events] == [Gap, ClassroomSnapshot]


async def test_nothing_comes_any_more_once_the_class_has_ended(lesson: Lesson) -> None:
    await lesson.act(TEACHER, ClassDeed.START)
    place = (await lesson.news(TEACHER)).cursor
    ended = await lesson.act(TEACHER, ClassDeed.END)

    last = await lesson.news(TEACHER, place)

    assert isinstance(ended, ClassUpdated)
    assert ended.live_class.state is LiveClassState.ENDED
    assert (last.is_over, [type(one) for one in last.events]) == (True, [ClassStateChanged])
    closed = await lesson.rooms.join(lesson.caller(LEARNER), lesson.id, None, "a key")
    assert isinstance(closed, Refused)
    assert closed.code is ErrorCode.CLASS_CLOSED


async def test_who_is_outside_is_told_nothing(lesson: Lesson) -> None:
    stranger = lesson.caller(STRANGER)
    other = LiveClassId(encode(Kind.LIVE_CLASS, lesson.tenant, 1, Side.SERVICE))

    assert await lesson.rooms.rooms(stranger, [lesson.id]) == [HIDDEN]
    assert await lesson.rooms.changes(stranger, lesson.id, None) == HIDDEN
    assert await lesson.act(LEARNER, ClassDeed.START) == HIDDEN
    assert await lesson.rooms.join(lesson.caller(LEARNER), other, None, "a key") == HIDDEN


async def test_what_the_old_side_never_had_is_refused(lesson: Lesson) -> None:
    teacher, rooms, whom = lesson.caller(TEACHER), lesson.rooms, lesson.participant(LEARNER)
    quality = Quality(40, 0.5, 8, relayed=False, region="eu-west")

    assert await rooms.open_breakouts(teacher, lesson.id, 2, 5, "k") == NO_BREAKOUTS
    assert await rooms.move(teacher, lesson.id, whom, None, "k") == NO_BREAKOUTS
    assert await lesson.act(TEACHER, ClassDeed.CLOSE_BREAKOUTS) == NO_BREAKOUTS
    assert await rooms.send(teacher, lesson.id, whom, SignalKind.OFFER, "x", "k") == NO_SIGNALS
    assert await rooms.signals(teacher, lesson.id, None) == NO_SIGNALS
    assert await rooms.report(teacher, lesson.id, quality) == NO_QUALITY
    assert await rooms.beat(teacher, {lesson.id: [UserId("4")]}) == 1
