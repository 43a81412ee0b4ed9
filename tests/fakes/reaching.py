"""What all that is asked of classes of a fake platform shares: who may, keys, what is told."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

from services.contracts.classroom import ClassUpdated
from services.contracts.classroom_api import classroom_topic
from services.contracts.errors import FORBIDDEN, HIDDEN, ErrorCode, Refused
from services.contracts.ids import LiveClassId, decode
from services.contracts.learning import Role
from services.kit.caller import Caller
from tests.fakes.hall import BEGINS
from tests.fakes.platform import FakePlatform, owner_of
from tests.fakes.replies import once
from tests.fakes.room import FakeRoom, name_of

T = TypeVar("T")
CLOSED = Refused(ErrorCode.CLASS_CLOSED, "This class is not open.")
EARLY = timedelta(minutes=15)


@dataclass
class FakeReaching:
    """It is always `BEGINS`. Whoever has no part in the course sees nothing of its classes."""

    platform: FakePlatform

    def role(self, caller: Caller, live_class: LiveClassId) -> Role | None:
        scheduled = self.platform.live_classes.get(live_class)
        if scheduled is None or caller.viewer.tenant != decode(live_class).tenant:
            return None
        takers = self.platform.enrolled.get(scheduled.course_id, {})
        is_operator = caller.viewer.has(Role.OPERATOR)
        return takers.get(owner_of(caller.viewer), Role.OPERATOR if is_operator else None)

    def seen(self, caller: Caller, live_class: LiveClassId) -> FakeRoom | Refused:
        if self.role(caller, live_class) is None:
            return HIDDEN
        return self.platform.rooms.get(live_class, CLOSED)

    def open(self, caller: Caller, live_class: LiveClassId) -> FakeRoom | Refused:
        room = self.seen(caller, live_class)
        return CLOSED if isinstance(room, FakeRoom) and room.is_over else room

    def why_not_lead(self, caller: Caller, live_class: LiveClassId) -> Refused | None:
        role = self.role(caller, live_class)
        if role is None:
            return HIDDEN
        return FORBIDDEN if role is Role.LEARNER else None

    def opened(self, caller: Caller, live_class: LiveClassId) -> FakeRoom | Refused:
        """Opens it, for a teacher at any time."""
        role = self.role(caller, live_class)
        if role is not None and live_class not in self.platform.rooms:
            scheduled = self.platform.live_classes[live_class]
            is_time = scheduled.starts_at - EARLY <= BEGINS < scheduled.ends_at
            if role is not Role.LEARNER or is_time:
                self.platform.rooms[live_class] = FakeRoom(scheduled)
        return self.open(caller, live_class)

    def once(
        self, caller: Caller, key: str, said: object, do: Callable[[], T | Refused]
    ) -> T | Refused:
        return once(self.platform.class_replies, caller, key, said, do)

    def updated(self, room: FakeRoom, live_class: LiveClassId) -> ClassUpdated:
        self.tell(live_class)
        named = decode(live_class)
        stream = f"live_class:room/{named.tenant}/{name_of(live_class)}"
        return ClassUpdated(room.shown, {stream: room.version})

    def tell(self, live_class: LiveClassId) -> None:
        topic = classroom_topic(decode(live_class).tenant, name_of(live_class))
        self.platform.topics.tell(topic)
