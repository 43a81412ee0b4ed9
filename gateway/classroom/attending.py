"""Tells the sides, every few seconds, who listens to their classes in this process."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from services.contracts.errors import Refused
from services.contracts.ids import LiveClassId, TenantId, UserId
from services.contracts.viewer import Viewer
from services.contracts.viewer_headers import nobody
from services.kit.caller import Caller
from services.kit.clock import Clock
from services.kit.deadline import Deadline
from services.kit.log import Log

EVERY_S = 10.0
"""A third of the time after which whoever is not heard of has left."""
BUDGET_S = 5.0
FIELD = "classroom"

log = Log("classroom")


class Listeners(Protocol):
    def followers(self, field: str) -> Iterable[tuple[Viewer, str]]:
        """Who follows what by this field, now."""


class Told(Protocol):
    """Who hears it: the classrooms of a caller, each class on its side."""

    async def beat(
        self, caller: Caller, listening: Mapping[LiveClassId, Sequence[UserId]]
    ) -> int | Refused: ...


async def attend(listeners: Listeners, sides: Told, clock: Clock) -> None:
    while True:
        await asyncio.sleep(EVERY_S)
        await tell(listeners, sides, clock)


async def tell(listeners: Listeners, sides: Told, clock: Clock) -> None:
    """One call a tenant; one that fails is made good by the next."""
    for tenant, classes in _there(listeners).items():
        caller = Caller(nobody(tenant), Deadline.within(clock, BUDGET_S))
        listening = {one: sorted(users) for one, users in classes.items()}
        told = await sides.beat(caller, listening)
        if isinstance(told, Refused):
            log.warning("classroom.beat_lost", tenant=tenant, code=told.code)


def _there(listeners: Listeners) -> dict[TenantId, dict[LiveClassId, set[UserId]]]:
    """Whoever listens twice is there once."""
    found: defaultdict[TenantId, defaultdict[LiveClassId, set[UserId]]]
    found = defaultdict(lambda: defaultdict(set))
    for viewer, named in listeners.followers(FIELD):
        found[viewer.tenant][LiveClassId(named)].add(viewer.user)
    return {tenant: dict(classes) for tenant, classes in found.items()}
