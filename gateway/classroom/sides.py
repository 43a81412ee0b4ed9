"""What a request gets for classes as they are held: each on the side that it was opened on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Self

from flags.client import Flags
from flags.decide import Decisions
from flags.names import LIVE_CLASS_CONTROL
from flags.pins import Pins, RedisPins
from gateway.classroom.attending import Listeners, attend
from gateway.classroom.routed import RoutedClassrooms
from gateway.classroom.whose import Whose
from resolvers.classrooms import Classrooms
from services.contracts.errors import Refused
from services.contracts.ids import LiveClassId, UserId
from services.kit.caller import Caller
from services.kit.clock import Clock
from services.kit.redis import AnyRedis

HELD = timedelta(days=1)
"""How long it is known where a class was opened: longer than it is held."""
KNOWN = timedelta(minutes=10)
"""How long a process believes what Redis said of it: everything in a class asks where it is."""


@dataclass(frozen=True, slots=True)
class ClassroomSides:
    legacy: Classrooms
    service: Classrooms
    pins: Pins
    flags: Flags
    clock: Clock

    @classmethod
    def over(
        cls, legacy: Classrooms, service: Classrooms, redis: AnyRedis, clock: Clock, flags: Flags
    ) -> Self:
        pins = RedisPins(redis, clock, lasts=HELD, known=KNOWN)
        return cls(legacy, service, pins, flags, clock)

    def of(self, decisions: Decisions) -> RoutedClassrooms:
        wanted = decisions.side(LIVE_CLASS_CONTROL)
        return RoutedClassrooms(Whose(self.legacy, self.service, self.pins, wanted))

    async def beat(
        self, caller: Caller, listening: Mapping[LiveClassId, Sequence[UserId]]
    ) -> int | Refused:
        return await self.of(self.flags.decide(caller.viewer)).beat(caller, listening)

    async def run(self, listeners: Listeners) -> None:
        """Tells of those who listen here, of all tenants."""
        await attend(listeners, self, self.clock)
