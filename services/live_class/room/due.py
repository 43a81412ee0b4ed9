"""Does what is due in classes where no teacher does it: breakouts close, forgotten classes end."""

from collections.abc import Awaitable, Callable

from asyncpg import Record

from services.commands.uow import UnitOfWork
from services.contracts.ids import TenantId, UserId
from services.contracts.live_class import LiveClassState
from services.contracts.viewer import Viewer
from services.events.bell import Bell, outbox_channel
from services.events.duty import Duty
from services.events.outbox import Outbox
from services.events.rounds import rounds
from services.events.topics import Topics
from services.live_class.room import rooms
from services.live_class.room.beats import Beats
from services.live_class.room.deciding import AFTER
from services.live_class.room.held import TIMETABLES
from services.live_class.room.names import parted
from services.live_class.room.rooms import Place
from services.live_class.signalling.signalling import Signalling
from services.storage import db
from services.storage.db import Connection, Pool

NAME = "classes.due"
PAUSE_S = 0.5
NOBODY = UserId("0")

BREAKOUTS = """
SELECT live_class, course_id FROM rooms WHERE tenant_id = $1 AND state <> 'ENDED' AND EXISTS (
    SELECT FROM breakouts WHERE tenant_id = $1 AND breakouts.live_class = rooms.live_class
        AND ends_at <= clock_timestamp()
)
"""
FORGOTTEN = """
SELECT live_class, course_id FROM rooms
WHERE tenant_id = $1 AND state <> 'ENDED' AND forgotten_at <= clock_timestamp()
"""
POSTPONE = """
UPDATE rooms SET forgotten_at = ends_at + $4
FROM {timetable} AS class
WHERE rooms.tenant_id = $1 AND live_class = $2 AND class.tenant_id = $1 AND id = $3
    AND ends_at + $4 > clock_timestamp()
RETURNING live_class
"""

Do = Callable[[UnitOfWork, Place], Awaitable[None]]


class Due:
    """Two at once do no harm: whoever finds a room locked looks again at what is due there."""

    def __init__(
        self,
        pool: Pool,
        outbox: Outbox,
        bell: Bell,
        topics: Topics,
        beats: Beats,
        signalling: Signalling,
    ) -> None:
        self._pool = pool
        self._outbox = outbox
        self._bell = bell
        self._topics = topics
        self._beats = beats
        self._signalling = signalling

    def duty(self) -> Duty:
        return rounds(NAME, self._pool, self.visit, PAUSE_S)

    async def visit(self, tenant: TenantId) -> None:
        async with db.transaction(self._pool, tenant) as connection:
            closing = await connection.fetch(BREAKOUTS, tenant)
            ending = await connection.fetch(FORGOTTEN, tenant)
        for row in closing:
            await self._do(_place(tenant, row), _close)
            self._signalling.moved(tenant, row["live_class"])
        for row in ending:
            await self._do(_place(tenant, row), _end)
            await self._beats.forget(tenant, row["live_class"])
            await self._signalling.ended(tenant, row["live_class"])

    async def _do(self, place: Place, do: Do) -> None:
        async with db.transaction(self._pool, place.tenant) as connection:
            nobody = Viewer(place.tenant, NOBODY, frozenset())
            work = UnitOfWork(connection, nobody, self._outbox)
            await do(work, place)
        if work.events:
            await self._bell.ring(outbox_channel(self._outbox.source))
        await self._topics.publish(work.topics)


async def _close(work: UnitOfWork, place: Place) -> None:
    await rooms.lock(work.db, place)
    if await _is_still(work.db, BREAKOUTS, place):
        await rooms.close_breakouts(work, place)


async def _end(work: UnitOfWork, place: Place) -> None:
    """Unless the timetable has prolonged it meanwhile."""
    state = await rooms.lock(work.db, place)
    is_open = state is not None and state is not LiveClassState.ENDED
    if is_open and not await _postponed(work.db, place):
        await rooms.end(work, place)


async def _is_still(connection: Connection, due: str, place: Place) -> bool:
    rows = await connection.fetch(f"{due} AND live_class = $2", *place.key)
    return bool(rows)


async def _postponed(connection: Connection, place: Place) -> bool:
    named = parted(place.live_class)
    if named is None:
        return False
    side, number = named
    statement = POSTPONE.format(timetable=TIMETABLES[side])
    return await connection.fetchval(statement, *place.key, number, AFTER) is not None


def _place(tenant: TenantId, row: Record) -> Place:
    return Place(tenant, row["live_class"], row["course_id"])
