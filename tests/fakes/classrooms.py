"""Classes of a fake platform as they are held."""

from collections.abc import Mapping, Sequence
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
from services.contracts.classroom_api import signals_topic
from services.contracts.errors import HIDDEN, ErrorCode, Refused
from services.contracts.ids import BreakoutId, LiveClassId, ParticipantId, UserId, decode
from services.contracts.learning import Role
from services.contracts.live_class import LiveClassState
from services.kit.caller import Caller
from tests.fakes.hall import BEGINS
from tests.fakes.mailbox import FakeMailbox
from tests.fakes.platform import owner_of
from tests.fakes.reaching import CLOSED, FakeReaching
from tests.fakes.room import FakeRoom, name_of, participant_id, unopened

ABSENT = Refused(ErrorCode.INVALID, "Join the class first.")
NOT_SO = Refused(ErrorCode.INVALID, "That is too many, too few, or not there.")
APART = Refused(ErrorCode.FORBIDDEN, "They are in another room of this class.")
MOST_ROOMS, MOST_MINUTES, MOST_BYTES = 100, 240, 16 * 1024
REGION = "eu-west"
OF_TEACHERS = (ClassDeed.START, ClassDeed.END, ClassDeed.CLOSE_BREAKOUTS)


class FakeClassrooms(FakeReaching):
    async def rooms(
        self, caller: Caller, ids: Sequence[LiveClassId]
    ) -> Sequence[Room | Refused | None]:
        self.platform.calls["classrooms.rooms"] += 1
        return [self._shown(caller, one) for one in ids]

    def _shown(self, caller: Caller, live_class: LiveClassId) -> Room | Refused | None:
        if f"room {live_class}" in self.platform.broken:
            return self.platform.broken[f"room {live_class}"]
        if decode(live_class).tenant != caller.viewer.tenant:
            return HIDDEN
        room = self.platform.rooms.get(live_class)
        visible = room is not None and self.role(caller, live_class) is not None
        return room.room(live_class) if room and visible else None

    async def join(
        self, caller: Caller, live_class: LiveClassId, region: str | None, key: str
    ) -> JoinTicket | Refused:
        said = ("join", live_class, region)
        return self.once(caller, key, said, lambda: self._join(caller, live_class, region))

    def _join(
        self, caller: Caller, live_class: LiveClassId, region: str | None
    ) -> JoinTicket | Refused:
        room = self.opened(caller, live_class)
        if isinstance(room, Refused):
            return room
        who = self._participant(caller, live_class, region)
        room.enters(who, caller.viewer.user)
        self.tell(live_class)
        servers = [IceServer(["turn:turn.test:3478"], "4", "secret", BEGINS + timedelta(hours=1))]
        return JoinTicket(who, room.shown, servers, REGION, "resume", 0)

    async def act(
        self, caller: Caller, live_class: LiveClassId, deed: ClassDeed, key: str
    ) -> ClassUpdated | Refused:
        said = ("act", live_class, deed)
        return self.once(caller, key, said, lambda: self._act(caller, live_class, deed))

    def _act(
        self, caller: Caller, live_class: LiveClassId, deed: ClassDeed
    ) -> ClassUpdated | Refused:
        if deed in OF_TEACHERS and (no := self.why_not_lead(caller, live_class)) is not None:
            return no
        if deed is ClassDeed.START:
            room = self.opened(caller, live_class)
        elif deed is ClassDeed.END:
            room = self.seen(caller, live_class)
        else:
            room = self.open(caller, live_class)
        if isinstance(room, Refused):
            return room
        return self._did(room, live_class, deed, caller.viewer.user)

    def _did(
        self, room: FakeRoom, live_class: LiveClassId, deed: ClassDeed, user: str
    ) -> ClassUpdated | Refused:
        match deed:
            case ClassDeed.START:
                room.becomes(LiveClassState.LIVE)
            case ClassDeed.END:
                room.becomes(LiveClassState.ENDED)
            case ClassDeed.LEAVE:
                room.leaves(user)
            case ClassDeed.RAISE_HAND if user not in room.there:
                return ABSENT
            case ClassDeed.RAISE_HAND:
                room.raises(user, BEGINS)
            case ClassDeed.LOWER_HAND:
                room.lowers(user)
            case ClassDeed.CLOSE_BREAKOUTS:
                room.closes()
        return self.updated(room, live_class)

    async def open_breakouts(
        self, caller: Caller, live_class: LiveClassId, count: int, minutes: int, key: str
    ) -> ClassUpdated | Refused:
        def open_() -> ClassUpdated | Refused:
            if (no := self.why_not_lead(caller, live_class)) is not None:
                return no
            if not (1 <= count <= MOST_ROOMS and 1 <= minutes <= MOST_MINUTES):
                return NOT_SO
            room = self.open(caller, live_class)
            if isinstance(room, Refused):
                return room
            room.opens(count, BEGINS + timedelta(minutes=minutes))
            return self.updated(room, live_class)

        return self.once(caller, key, ("open", live_class, count, minutes), open_)

    async def move(
        self,
        caller: Caller,
        live_class: LiveClassId,
        participant: ParticipantId,
        breakout: BreakoutId | None,
        key: str,
    ) -> ClassUpdated | Refused:
        user = decode(participant).local.partition(".")[2]
        number = int(decode(breakout).local.partition(".")[2]) if breakout else None
        said = ("move", live_class, user, number)
        return self.once(caller, key, said, lambda: self._move(caller, live_class, user, number))

    def _move(
        self, caller: Caller, live_class: LiveClassId, user: str, number: int | None
    ) -> ClassUpdated | Refused:
        room = self.why_not_lead(caller, live_class) or self.open(caller, live_class)
        if isinstance(room, Refused):
            return room
        if number is not None and number not in room.rooms:
            return NOT_SO
        if user not in room.there:
            return HIDDEN
        room.places(user, number)
        return self.updated(room, live_class)

    async def send(
        self,
        caller: Caller,
        live_class: LiveClassId,
        to: ParticipantId,
        kind: SignalKind,
        payload: str,
        key: str,
    ) -> SignalSent | Refused:
        user = decode(to).local.partition(".")[2]
        if user == caller.viewer.user or len(payload.encode()) > MOST_BYTES:
            return NOT_SO
        said = ("send", live_class, user, kind, payload)
        return self.once(
            caller,
            f"signal {live_class} {key}",
            said,
            lambda: self._send(caller, live_class, user, kind, payload),
        )

    def _send(
        self, caller: Caller, live_class: LiveClassId, user: str, kind: SignalKind, payload: str
    ) -> SignalSent | Refused:
        own, room = caller.viewer.user, self.seen(caller, live_class)
        if isinstance(room, Refused):
            return HIDDEN
        if room.is_over:
            return CLOSED
        if own not in room.there or user not in room.there:
            return HIDDEN
        if not room.may_reach(own, user):
            return APART
        box = room.boxes.setdefault(user, FakeMailbox())
        cursor = box.put(room.there[own], kind, payload, BEGINS)
        tenant = caller.viewer.tenant
        self.platform.topics.tell(signals_topic(tenant, name_of(live_class), user))
        return SignalSent(cursor)

    async def report(
        self, caller: Caller, live_class: LiveClassId, quality: Quality
    ) -> QualityAdvice | Refused:
        room = self.seen(caller, live_class)
        if isinstance(room, Refused) or caller.viewer.user not in room.there:
            return HIDDEN
        return QualityAdvice(Advice.NONE, "All is well.")

    async def changes(
        self, caller: Caller, live_class: LiveClassId, after: str | None
    ) -> ClassroomNews | Refused:
        self.platform.calls["classrooms.changes"] += 1
        if self.role(caller, live_class) is None:
            return HIDDEN
        room = self.platform.rooms.get(live_class)
        scheduled = self.platform.live_classes[live_class]
        return unopened(scheduled, after) if room is None else room.news(after)

    async def signals(
        self, caller: Caller, live_class: LiveClassId, after: str | None
    ) -> SignalNews | Refused:
        self.platform.calls["classrooms.signals"] += 1
        room, user = self.seen(caller, live_class), caller.viewer.user
        if isinstance(room, Refused):
            return HIDDEN
        if user in room.there:
            room.boxes.setdefault(user, FakeMailbox())
        box = room.boxes.get(user)
        return HIDDEN if box is None else box.read(after, is_over=room.is_over)

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

    def _participant(
        self, caller: Caller, live_class: LiveClassId, region: str | None
    ) -> Participant:
        viewer = caller.viewer
        own = participant_id(live_class, viewer.user)
        name = self.platform.people[owner_of(viewer)].name
        role = self.role(caller, live_class) or Role.LEARNER
        return Participant(own, name, role, region or REGION)
