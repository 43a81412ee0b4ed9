"""Does a deed, and behind its commit what follows from it outside the database."""

from typing import Generic, TypeVar

from services.commands.bus import Bus, Handler, Order
from services.contracts.classroom import ClassDeed, ClassUpdated
from services.contracts.classroom_api import Act, Move, OpenBreakouts
from services.contracts.errors import Refused
from services.live_class.entrance.entrance import Entrance
from services.live_class.room.beats import Beats
from services.live_class.room.doing import ACT, OF_ALL
from services.live_class.signalling.signalling import Signalling

G = TypeVar("G", OpenBreakouts, Move)


class Acting:
    def __init__(self, bus: Bus, beats: Beats, entrance: Entrance, signalling: Signalling) -> None:
        self._bus = bus
        self._beats = beats
        self._entrance = entrance
        self._signalling = signalling

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
            await self._signalling.left(*place, int(order.actor.user))
        if deed is ClassDeed.CLOSE_BREAKOUTS:
            self._signalling.moved(*place)
        if deed is ClassDeed.END:
            await self._beats.forget(*place)
            await self._signalling.ended(*place)


class Regrouping(Generic[G]):
    """A command by which people come into other rooms of their class."""

    def __init__(self, bus: Bus, handler: Handler[G, ClassUpdated], signalling: Signalling) -> None:
        self._bus = bus
        self._handler: Handler[G, ClassUpdated] = handler
        self._signalling = signalling

    async def regroup(self, order: Order[G]) -> ClassUpdated | Refused:
        reply = await self._bus.execute(self._handler, order)
        self._signalling.moved(order.actor.tenant, order.command.live_class)
        return reply
