"""Somebody comes in: ten thousand may at once, so that it takes a handful of statements."""

import asyncio
import re

import msgspec

from services.commands.bus import Bus, Handler, Order
from services.commands.uow import UnitOfWork
from services.contracts.classroom import JoinTicket, Participant
from services.contracts.classroom_api import Join
from services.contracts.errors import Refused
from services.contracts.live_class import LiveClass
from services.live_class.entrance.entrance import Entrance
from services.live_class.room import deciding, people
from services.live_class.room.beats import Beats
from services.live_class.room.doing import agreed, opened
from services.live_class.room.held import reach
from services.live_class.room.names import participant_id

REGION = re.compile(r"[a-z][a-z0-9-]{0,39}")
UNKNOWN = ""


class Joined(msgspec.Struct, frozen=True):
    """What is remembered of it: a ticket's credentials are made anew each time."""

    participant: Participant
    live_class: LiveClass


async def join(work: UnitOfWork, command: Join) -> Joined:
    held = await reach(work.db, work.actor, command.live_class)
    teaches = held.standing.teaches
    state = agreed(deciding.joined(held.state, held.hours, teaches=teaches))
    await opened(work, held)
    region = region_of(command.region) or UNKNOWN
    await people.join(work, held, region)
    own = participant_id(held.tenant, held.live_class, held.user)
    participant = Participant(own, held.name, held.standing.shown, region)
    return Joined(participant, held.shown(state))


class Joining:
    """Behind the commit they get what their media need, and the class is looked at."""

    def __init__(self, bus: Bus, beats: Beats, entrance: Entrance) -> None:
        self._bus = bus
        self._beats = beats
        self._entrance = entrance

    async def join(self, order: Order[Join]) -> JoinTicket | Refused:
        joined = await self._bus.execute(JOIN, order)
        if isinstance(joined, Refused):
            return joined
        tenant, user = order.actor.tenant, int(order.actor.user)
        live_class, region = order.command.live_class, region_of(order.command.region)
        admission, _ = await asyncio.gather(
            self._entrance.admit(tenant, live_class, user, region),
            self._beats.change(tenant, live_class),
        )
        return JoinTicket(
            joined.participant,
            joined.live_class,
            admission.ice_servers,
            admission.turn_region,
            admission.resume_token,
            admission.wait_ms,
        )


def region_of(said: str | None) -> str | None:
    """None for what is no region's name."""
    return said if said is not None and REGION.fullmatch(said) else None


JOIN = Handler("join", join, Joined)
