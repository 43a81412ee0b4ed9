"""On which side a class is held: where it was opened it stays, whatever the flag says by then."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from flags.names import LIVE_CLASS_CONTROL, Side
from flags.pins import Pinned, Pins
from resolvers.classrooms import Classrooms
from services.contracts.classroom import Room
from services.contracts.errors import ErrorCode, Refused
from services.contracts.ids import LiveClassId, decode
from services.contracts.ids import Side as Scheduled
from services.kit.caller import Caller

EVERYBODY = "all"
ASKED_S = 0.4
"""So long one side may keep somebody waiting who is to be answered by the other."""
AWAY = frozenset({ErrorCode.UPSTREAM_TIMEOUT, ErrorCode.UPSTREAM_UNAVAILABLE})


@dataclass(frozen=True, slots=True)
class Whose:
    """`wanted` is where the flag opens a class for this viewer.

    The service knows for good which classes are its own. `pins` remember for a day what was
    decided: the only word there is of the old side's, and of all when the service is away.
    """

    legacy: Classrooms
    service: Classrooms
    pins: Pins
    wanted: Side

    async def held(self, caller: Caller, live_class: LiveClassId) -> Side | Refused:
        """Where it was opened; where nobody has, the side that would be."""
        if is_services_own(live_class):
            return Side.SERVICE
        pinned = pinned_of(live_class)
        [side] = await self.pins.noted([pinned])
        if side is not None:
            return side
        found = await self._opened(caller, live_class)
        if isinstance(found, Side):
            await self.pins.note(pinned, found)
        return found or self.wanted

    async def opening(self, caller: Caller, live_class: LiveClassId) -> Side | Refused:
        """As `held`, for one who may open it: of two at once both open it on the one's side."""
        side = await self.held(caller, live_class)
        if isinstance(side, Refused) or is_services_own(live_class):
            return side
        return await self.pins.claim(pinned_of(live_class), side)

    async def shown(self, ids: Sequence[LiveClassId]) -> Sequence[Side]:
        """As `held`, of classes that are only looked at: neither side is asked for them."""
        others = [one for one in ids if not is_services_own(one)]
        noted = iter(await self.pins.noted([pinned_of(one) for one in others]))
        return [Side.SERVICE if is_services_own(one) else next(noted) or self.wanted for one in ids]

    async def _opened(self, caller: Caller, live_class: LiveClassId) -> Side | Refused | None:
        """None where neither side knows of it. The side that is not wanted is not waited for."""
        [new] = await self._asked(self.service, Side.SERVICE, caller, [live_class])
        if isinstance(new, Room):
            return Side.SERVICE
        if isinstance(new, Refused) and new.code in AWAY and self.wanted is Side.SERVICE:
            return new
        if self.wanted is Side.LEGACY:
            return None
        [old] = await self._asked(self.legacy, Side.LEGACY, caller, [live_class])
        return Side.LEGACY if isinstance(old, Room) else None

    async def _asked(
        self, rooms: Classrooms, side: Side, caller: Caller, ids: Sequence[LiveClassId]
    ) -> Sequence[Room | Refused | None]:
        if side is not self.wanted:
            caller = replace(caller, deadline=caller.deadline.carve(ASKED_S))
        return await rooms.rooms(caller, ids)


def is_services_own(live_class: LiveClassId) -> bool:
    """What it scheduled itself, the monolith does not know."""
    return decode(live_class).side is Scheduled.SERVICE


def pinned_of(live_class: LiveClassId) -> Pinned:
    named = decode(live_class)
    return Pinned(named.tenant, f"{named.side}{named.local}", EVERYBODY, LIVE_CLASS_CONTROL)
