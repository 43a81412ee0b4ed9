"""Tells who is in a class and whose hands are up, four times a second however many come and go.

Where so many hear of it that each telling is work for everybody, it is told less often.
What learners do leaves a mark in Redis, and each mark one process's look; where Redis has lost
them, or nobody left one, all classes that are open are looked at every SWEEP_S.
"""

import asyncio

from asyncpg import Record

from services.contracts.classroom_api import classroom_topic
from services.contracts.ids import TenantId
from services.events.duty import Duty
from services.events.rounds import each, rounds
from services.events.topics import Topics
from services.live_class.room import looking, presence
from services.live_class.room.beats import Beats, Named
from services.live_class.room.ring import turned
from services.live_class.room.told import ROOM, Raised, Told
from services.storage import db
from services.storage.db import Connection, Pool

NAME = "ticker"
TICK_S = 0.25
RECENT_S, SELDOM_S = 0.2, 2.0
MOST_HEARERS_PER_S = 10_000
"""Of one class: each hears of it at a socket, and is told little more than how many there are."""
SWEEP_S = 5.0
MOST_AT_ONCE = 200

TAKE = f"""{ROOM} AND state <> 'ENDED'
    AND ticked_at <= clock_timestamp() - make_interval(
        secs => greatest({RECENT_S}, least({SELDOM_S}, present / {MOST_HEARERS_PER_S}::float8))
    )
FOR UPDATE SKIP LOCKED
"""
IS_OPEN = """
SELECT EXISTS (SELECT FROM rooms WHERE tenant_id = $1 AND live_class = $2 AND state <> 'ENDED')
"""
OPEN = "SELECT live_class FROM rooms WHERE tenant_id = $1 AND state <> 'ENDED'"
WRITE = """
UPDATE rooms SET version = $3, presence_version = $4, hands_version = $5, present = $6,
    ticks = $7, ring = $8, hands = $9, ticked_at = clock_timestamp()
WHERE tenant_id = $1 AND live_class = $2
"""


class Ticker:
    """In any number of processes: a class that one has in its hands the others leave alone."""

    def __init__(self, pool: Pool, beats: Beats, topics: Topics) -> None:
        self._pool = pool
        self._beats = beats
        self._topics = topics

    def duties(self) -> list[Duty]:
        return [Duty(NAME, self.run), rounds("ticker.sweep", self._pool, self.sweep, SWEEP_S)]

    async def run(self) -> None:
        while True:
            await each(NAME, self.tick, await self._beats.take_changed(MOST_AT_ONCE))
            await asyncio.sleep(TICK_S)

    async def sweep(self, tenant: TenantId) -> None:
        """Whoever is not known to Redis is made known."""
        async with db.transaction(self._pool, tenant) as connection:
            opened = [row["live_class"] for row in await connection.fetch(OPEN, tenant)]
            joined = {one: await presence.joined(connection, tenant, one) for one in opened}
        for live_class, users in joined.items():
            await self._beats.known(tenant, live_class, users)
            await self.tick((tenant, live_class))

    async def tick(self, named: Named) -> None:
        """What it cannot do now is left to whoever comes next."""
        tenant, live_class = named
        silent = await self._beats.silent(tenant, live_class)
        async with db.transaction(self._pool, tenant) as connection:
            row = await connection.fetchrow(TAKE, tenant, live_class)
            is_new = row is not None and await _told(connection, tenant, row, silent)
            waits = row is None and await connection.fetchval(IS_OPEN, tenant, live_class)
        if waits:
            await self._beats.change(tenant, live_class)
        if is_new:
            await self._topics.publish({classroom_topic(tenant, live_class): None})


async def _told(connection: Connection, tenant: str, row: Record, silent: list[int] | None) -> bool:
    """Writes what is new of a room that is locked; whether there was anything."""
    room, key = Told.of(row), (tenant, row["live_class"])
    came, gone = await presence.changed(connection, *key, silent)
    hands = await looking.hands(connection, *key)
    if not came and not gone and hands == room.hands:
        return False
    await _write(connection, key, room, came, gone, hands)
    return True


async def _write(
    connection: Connection,
    key: Named,
    room: Told,
    came: list[int],
    gone: list[int],
    hands: list[Raised],
) -> None:
    """Each kind has a version of its own: whoever has heard of one only resumes between them."""
    version, ticks, ring = room.place.version, room.place.ticks, room.ring
    presence, raised = room.presence_version, room.hands_version
    if came or gone:
        version, ticks = version + 1, ticks + 1
        presence, ring = version, turned(ring, ticks, came, gone)
    if hands != room.hands:
        version += 1
        raised = version
    present = room.present + len(came) - len(gone)
    await connection.execute(WRITE, *key, version, presence, raised, present, ticks, ring, hands)
