"""The room of a class: one row, which teachers and time change, and never a learner."""

from dataclasses import dataclass

from services.commands.uow import UnitOfWork
from services.contracts.class_events import BreakoutsHeld, ClassHeld
from services.contracts.classroom_api import classroom_topic
from services.contracts.events import Happened
from services.contracts.ids import TenantId
from services.contracts.live_class import LiveClassState
from services.live_class.room import breakouts
from services.live_class.room.deciding import Hours
from services.live_class.room.names import room_stream
from services.storage.db import Connection

OPEN = """
INSERT INTO rooms (tenant_id, live_class, course_id, state, forgotten_at)
VALUES ($1, $2, $3, 'OPEN', $4) ON CONFLICT DO NOTHING RETURNING epoch
"""
KNOW = "INSERT INTO tenants VALUES ($1) ON CONFLICT DO NOTHING"
LOCK = "SELECT state FROM rooms WHERE tenant_id = $1 AND live_class = $2 FOR UPDATE"
START = """
UPDATE rooms SET state = 'LIVE', started_at = clock_timestamp(),
    version = version + 1, state_version = version + 1
WHERE tenant_id = $1 AND live_class = $2
"""
EMPTY = """
WITH lowered AS (DELETE FROM hands WHERE tenant_id = $1 AND live_class = $2)
DELETE FROM presences WHERE tenant_id = $1 AND live_class = $2
"""
END = """
UPDATE rooms SET state = 'ENDED', ended_at = clock_timestamp(),
    version = version + 1, state_version = version + 1
WHERE tenant_id = $1 AND live_class = $2
"""
CHANGE_BREAKOUTS = """
UPDATE rooms SET version = version + 1, breakouts_version = version + 1
WHERE tenant_id = $1 AND live_class = $2
"""


@dataclass(frozen=True, slots=True)
class Place:
    """A class, and the course that it is one of."""

    tenant: TenantId
    live_class: str
    course: int

    @property
    def key(self) -> tuple[TenantId, str]:
        return self.tenant, self.live_class


async def lock(db: Connection, place: Place) -> LiveClassState | None:
    """Its state, which nobody else changes until the transaction ends; None: not opened."""
    state = await db.fetchval(LOCK, *place.key)
    return None if state is None else LiveClassState(state)


async def open_(work: UnitOfWork, place: Place, hours: Hours) -> None:
    """Unless somebody was faster."""
    await work.db.execute(KNOW, place.tenant)
    epoch = await work.db.fetchval(OPEN, *place.key, place.course, hours.forgotten_at)
    if epoch is not None:
        await tell(work, place, ClassHeld(place.live_class, place.course, LiveClassState.OPEN))


async def start(work: UnitOfWork, place: Place) -> int:
    """This and what follows is done to a room that is locked; it gives what tell() does."""
    await work.db.execute(START, *place.key)
    return await tell(work, place, ClassHeld(place.live_class, place.course, LiveClassState.LIVE))


async def close_breakouts(work: UnitOfWork, place: Place) -> int:
    """Where there are none nothing is told."""
    if not await breakouts.close(work.db, *place.key):
        return await told(work, place)
    return await regroup(work, place, BreakoutsHeld(place.live_class, place.course, 0, None))


async def regroup(work: UnitOfWork, place: Place, data: Happened) -> int:
    """Somebody is in another room than before, as `data` says."""
    await work.db.execute(CHANGE_BREAKOUTS, *place.key)
    return await tell(work, place, data)


async def end(work: UnitOfWork, place: Place) -> int:
    """Everybody is back first, so that nobody is left in a room of a class that is over."""
    await close_breakouts(work, place)
    await work.db.execute(END, *place.key)
    await work.db.execute(EMPTY, *place.key)
    return await tell(work, place, ClassHeld(place.live_class, place.course, LiveClassState.ENDED))


async def tell(work: UnitOfWork, place: Place, data: Happened) -> int:
    """The version of the room's stream that says so; whoever listens is told after the commit."""
    stream = room_stream(*place.key)
    event = await work.outbox.append(work.db, place.tenant, stream, data, work.traceparent)
    work.events.append(event)
    work.tell(classroom_topic(*place.key))
    return event.version


async def told(work: UnitOfWork, place: Place) -> int:
    """The version of what was told last, where there is nothing new to tell."""
    return await work.lock(room_stream(*place.key))
