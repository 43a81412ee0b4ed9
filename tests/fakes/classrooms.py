"""Classes of a fake platform as they are held."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from services.contracts.classroom import (
    Advice,
    ClassDeed,
    ClassroomNews,
    ClassUpdated,
    IceServer,
    JoinTicket,
    Participant,
    Quality,
    QualityAdvice,
    Room,
    SignalKind,
    SignalNews,
    SignalSent,
)
from services.contracts.classroom_api import classroom_topic, signals_topic
from services.contracts.errors import FORBIDDEN, HIDDEN, ErrorCode, Refused
from services.contracts.ids import BreakoutId, LiveClassId, ParticipantId, UserId, decode
from services.contracts.learning import Role
from services.contracts.live_class import LiveClassState
from services.kit.caller import Caller
from tests.fakes.hall import BEGINS
from tests.fakes.platform import FakePlatform, owner_of
from tests.fakes.room import FakeMailbox, FakeRoom, name_of, participant_id

CLOSED = Refused(ErrorCode.CLASS_CLOSED, "This class is not open.")
ABSENT = Refused(ErrorCode.INVALID, "Join the class first.")
EARLY = timedelta(minutes=15)
REGION = "eu-west"


@dataclass
class FakeClassrooms:
    """It is always `BEGINS`. Whoever has no part in the course sees nothing of its classes."""

    platform: FakePlatform

    async def rooms(
        self, caller: Caller, ids: Sequence[LiveClassId]
    ) -> Sequence[Room | Refused | None]:
        self.platform.calls["classrooms.rooms"] += 1
        return [self._shown(caller, one) for one in ids]

    def _shown(self, caller: Caller, live_class: LiveClassId) -> Room | Refused | None:
        if f"room {live_class}" in self.platform.broken:
            return self.platform.broken[f"room {live_class}"]
        room = self.platform.rooms.get(live_class)
        visible = room is not None and self._role(caller, live_class) is not None
        return room.room(live_class) if room and visible else None

    async def join(
        self, caller: Caller, live_class: LiveClassId, region: str | None, key: str
    ) -> JoinTicket | Refused:
        room = self._opened(caller, live_class)
        if isinstance(room, Refused):
            return room
        who = self._participant(caller, live_class, region)
        room.enters(who, caller.viewer.user)
        self._tell(live_class)
        servers = [IceServer(["turn:turn.test:3478"], "4", "secret", BEGINS + timedelta(hours=1))]
        return JoinTicket(who, room.live_class, servers, REGION, "resume", 0)

    async def act(
        self, caller: Caller, live_class: LiveClassId, deed: ClassDeed, key: str
    ) -> ClassUpdated | Refused:
        leads = deed in (ClassDeed.START, ClassDeed.END, ClassDeed.CLOSE_BREAKOUTS)
        find = self._opened if deed is ClassDeed.START else self._open
        room = find(caller, live_class)
        if isinstance(room, Refused):
            return room
        if leads and self._role(caller, live_class) is Role.LEARNER:
            return FORBIDDEN
        return self._did(room, live_class, deed, caller.viewer.user)

    def _did(
        self, room: FakeRoom, live_class: LiveClassId, deed: ClassDeed, user: str
    ) -> ClassUpdated | Refused:
        match deed:
            case ClassDeed.START | ClassDeed.END:
                ended = deed is ClassDeed.END
                room.state = LiveClassState.ENDED if ended else LiveClassState.LIVE
                room.changed("state")
            case ClassDeed.LEAVE:
                room.leaves(user)
            case ClassDeed.RAISE_HAND if user not in room.there:
                return ABSENT
            case ClassDeed.RAISE_HAND:
                room.raises(user, BEGINS)
            case ClassDeed.LOWER_HAND:
                room.lowers(user)
            case ClassDeed.CLOSE_BREAKOUTS:
                room.rooms.clear()
                room.placed.clear()
                room.changed("breakouts")
        return self._updated(room, live_class)

    async def open_breakouts(
        self, caller: Caller, live_class: LiveClassId, count: int, minutes: int, key: str
    ) -> ClassUpdated | Refused:
        room = self._led(caller, live_class)
        if isinstance(room, Refused):
            return room
        ends_at = BEGINS + timedelta(minutes=minutes) if minutes else None
        room.rooms = {number: (f"Room {number}", ends_at) for number in range(1, count + 1)}
        room.changed("breakouts")
        return self._updated(room, live_class)

    async def move(
        self,
        caller: Caller,
        live_class: LiveClassId,
        participant: ParticipantId,
        breakout: BreakoutId | None,
        key: str,
    ) -> ClassUpdated | Refused:
        room = self._led(caller, live_class)
        if isinstance(room, Refused):
            return room
        user = decode(participant).local.partition(".")[2]
        number = int(decode(breakout).local.partition(".")[2]) if breakout else None
        if user not in room.there or (number is not None and number not in room.rooms):
            return HIDDEN
        room.placed.pop(user, None)
        if number is not None:
            room.placed[user] = number
        room.changed("breakouts")
        return self._updated(room, live_class)

    async def send(
        self,
        caller: Caller,
        live_class: LiveClassId,
        to: ParticipantId,
        kind: SignalKind,
        payload: str,
        key: str,
    ) -> SignalSent | Refused:
        room = self._open(caller, live_class)
        if isinstance(room, Refused):
            return room
        own, user = caller.viewer.user, decode(to).local.partition(".")[2]
        if own not in room.there or user not in room.there:
            return HIDDEN
        box = room.boxes.setdefault(user, FakeMailbox())
        cursor = box.put(room.there[own], kind, payload, BEGINS)
        tenant = caller.viewer.tenant
        self.platform.topics.tell(signals_topic(tenant, name_of(live_class), user))
        return SignalSent(cursor)

    async def report(
        self, caller: Caller, live_class: LiveClassId, quality: Quality
    ) -> QualityAdvice | Refused:
        room = self._open(caller, live_class)
        return room if isinstance(room, Refused) else QualityAdvice(Advice.NONE, "All is well.")

    async def changes(
        self, caller: Caller, live_class: LiveClassId, after: str | None
    ) -> ClassroomNews | Refused:
        self.platform.calls["classrooms.changes"] += 1
        room = self._seen(caller, live_class)
        return room if isinstance(room, Refused) else room.news(after)

    async def signals(
        self, caller: Caller, live_class: LiveClassId, after: str | None
    ) -> SignalNews | Refused:
        self.platform.calls["classrooms.signals"] += 1
        room = self._seen(caller, live_class)
        if isinstance(room, Refused):
            return room
        return room.boxes.setdefault(caller.viewer.user, FakeMailbox()).read(after)

    async def beat(
        self, caller: Caller, listening: Mapping[LiveClassId, Sequence[UserId]]
    ) -> int | Refused:
        self.platform.calls["classrooms.beat"] += 1
        there = (self.platform.rooms.get(one) for one in listening)
        return sum(
            len({*users} & room.there.keys())
            for users, room in zip(listening.values(), there, strict=True)
            if room is not None
        )

    def _role(self, caller: Caller, live_class: LiveClassId) -> Role | None:
        scheduled = self.platform.live_classes.get(live_class)
        if scheduled is None or caller.viewer.tenant != decode(live_class).tenant:
            return None
        takers = self.platform.enrolled.get(scheduled.course_id, {})
        is_operator = caller.viewer.has(Role.OPERATOR)
        return takers.get(owner_of(caller.viewer), Role.OPERATOR if is_operator else None)

    def _seen(self, caller: Caller, live_class: LiveClassId) -> FakeRoom | Refused:
        if self._role(caller, live_class) is None:
            return HIDDEN
        return self.platform.rooms.get(live_class, CLOSED)

    def _open(self, caller: Caller, live_class: LiveClassId) -> FakeRoom | Refused:
        room = self._seen(caller, live_class)
        is_over = isinstance(room, FakeRoom) and room.state is LiveClassState.ENDED
        return CLOSED if is_over else room

    def _led(self, caller: Caller, live_class: LiveClassId) -> FakeRoom | Refused:
        room = self._open(caller, live_class)
        learns = self._role(caller, live_class) is Role.LEARNER
        return FORBIDDEN if learns and not isinstance(room, Refused) else room

    def _opened(self, caller: Caller, live_class: LiveClassId) -> FakeRoom | Refused:
        """Opens it, for a teacher at any time."""
        role = self._role(caller, live_class)
        if role is not None and live_class not in self.platform.rooms:
            scheduled = self.platform.live_classes[live_class]
            if role is not Role.LEARNER or scheduled.starts_at - EARLY <= BEGINS:
                self.platform.rooms[live_class] = FakeRoom(scheduled)
        return self._open(caller, live_class)

    def _participant(
        self, caller: Caller, live_class: LiveClassId, region: str | None
    ) -> Participant:
        viewer = caller.viewer
        own = participant_id(live_class, viewer.user)
        name = self.platform.people[owner_of(viewer)].name
        role = self._role(caller, live_class) or Role.LEARNER
        return Participant(own, name, role, region or REGION)

    def _updated(self, room: FakeRoom, live_class: LiveClassId) -> ClassUpdated:
        self._tell(live_class)
        named = decode(live_class)
        stream = f"live_class:room/{named.tenant}/{name_of(live_class)}"
        return ClassUpdated(room.live_class, {stream: room.version})

    def _tell(self, live_class: LiveClassId) -> None:
        topic = classroom_topic(decode(live_class).tenant, name_of(live_class))
        self.platform.topics.tell(topic)
