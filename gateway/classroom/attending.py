"""Tells the sides, every few seconds, who listens to their classes in this process."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Protocol

from services.contracts.errors import Refused
from services.contracts.ids import LiveClassId, TenantId, UserId
from services.contracts.viewer_headers import nobody
from services.kit.caller import Caller
from services.kit.clock import Clock
from services.kit.deadline import Deadline
from services.kit.log import Log

EVERY_S = 10.0
"""A third of the time after which whoever is not heard of has left."""
BUDGET_S = 5.0

log = Log("classroom")


class Told(Protocol):
    """Who hears it: the classrooms of a caller, each class on its side."""

    async def beat(
        self, caller: Caller, listening: Mapping[LiveClassId, Sequence[UserId]]
    ) -> int | Refused: ...


class Attending:
    """Counts those who listen, and tells of each of them by `run`, tenant by tenant."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._there: defaultdict[TenantId, defaultdict[LiveClassId, Counter[UserId]]] = defaultdict(
            lambda: defaultdict(Counter)
        )

    def comes(self, caller: Caller, live_class: LiveClassId) -> None:
        viewer = caller.viewer
        self._there[viewer.tenant][live_class][viewer.user] += 1

    def goes(self, caller: Caller, live_class: LiveClassId) -> None:
        tenant, user = caller.viewer.tenant, caller.viewer.user
        classes = self._there[tenant]
        classes[live_class][user] -= 1
        if not classes[live_class][user]:
            del classes[live_class][user]
        if not classes[live_class]:
            del classes[live_class]
        if not classes:
            del self._there[tenant]

    async def run(self, sides: Told) -> None:
        while True:
            await asyncio.sleep(EVERY_S)
            await self.tell(sides)

    async def tell(self, sides: Told) -> None:
        """One call a tenant; one that fails is made good by the next."""
        for tenant in [*self._there]:
            listening = {one: [*users] for one, users in self._there[tenant].items()}
            caller = Caller(nobody(tenant), Deadline.within(self._clock, BUDGET_S))
            told = await sides.beat(caller, listening)
            if isinstance(told, Refused):
                log.warning("classroom.beat_lost", tenant=tenant, code=told.code)
