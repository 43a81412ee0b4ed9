"""Does a deed, and behind its commit what follows from it outside the database."""

from services.commands.bus import Bus, Order
from services.contracts.classroom import ClassDeed, ClassUpdated
from services.contracts.classroom_api import Act
from services.contracts.errors import Refused
from services.live_class.entrance.entrance import Entrance
from services.live_class.room.beats import Beats
from services.live_class.room.doing import ACT, OF_ALL


class Acting:
    def __init__(self, bus: Bus, beats: Beats, entrance: Entrance) -> None:
        self._bus = bus
        self._beats = beats
        self._entrance = entrance

    async def act(self, order: Order[Act]) -> ClassUpdated | Refused:
        reply = await self._bus.execute(ACT, order)
        if not isinstance(reply, Refused):
            await self._follow(order)
        return reply

    async def _follow(self, order: Order[Act]) -> None:
        place, deed = (order.actor.tenant, order.command.live_class), order.command.deed
        if deed in OF_ALL:
            await self._beats.change(*place)
        if deed is ClassDeed.LEAVE:
            await self._entrance.depart(*place, int(order.actor.user))
        if deed is ClassDeed.END:
            await self._beats.forget(*place)
