"""Breakout rooms, and who is in which: the number stands in a participant's own row, once."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime

from services.contracts.classroom import Breakout, Participant
from services.contracts.learning import Role
from services.live_class.room.names import breakout_id, participant_id
from services.storage.db import Connection

FORGET = "DELETE FROM breakouts WHERE tenant_id = $1 AND live_class = $2"
OPEN = """
INSERT INTO breakouts (tenant_id, live_class, number, name, ends_at)
SELECT $1, $2, number, 'Room ' || number,
    date_trunc('milliseconds', statement_timestamp()) + make_interval(mins => $4)
FROM generate_series(1, $3) AS number
RETURNING ends_at
"""
BACK = """
UPDATE participants SET breakout = NULL
WHERE tenant_id = $1 AND live_class = $2 AND breakout IS NOT NULL
"""
# A statement a room: joined with a list of all, a plan for few rows would compare each with each.
SEND = """
UPDATE participants SET breakout = $3
WHERE tenant_id = $1 AND live_class = $2 AND user_id = ANY ($4::bigint[])
"""
IS_THERE = """
SELECT EXISTS (
    SELECT FROM breakouts WHERE tenant_id = $1 AND live_class = $2 AND number = $3
)
"""
MOVE = """
UPDATE participants SET breakout = $4
WHERE tenant_id = $1 AND live_class = $2 AND user_id = $3 AND left_at IS NULL
RETURNING user_id
"""
ALL = """
SELECT number, name, ends_at FROM breakouts WHERE tenant_id = $1 AND live_class = $2
ORDER BY number
"""
MEMBERS = """
SELECT user_id, name, role, region, breakout FROM participants
WHERE tenant_id = $1 AND live_class = $2 AND breakout IS NOT NULL
ORDER BY breakout, user_id
"""


async def open_(
    db: Connection, tenant: str, live_class: str, count: int, minutes: int
) -> datetime | None:
    """In the place of those that were; when they end."""
    await db.execute(FORGET, tenant, live_class)
    ends_at: datetime | None = await db.fetchval(OPEN, tenant, live_class, count, minutes)
    return ends_at


async def spread(db: Connection, tenant: str, live_class: str, rooms: Mapping[int, int]) -> None:
    """Each into the room of that number; whoever is not named is in the class itself."""
    await db.execute(BACK, tenant, live_class)
    members: defaultdict[int, list[int]] = defaultdict(list)
    for user, number in rooms.items():
        members[number].append(user)
    sent = [(tenant, live_class, number, users) for number, users in members.items()]
    await db.executemany(SEND, sent)


async def close(db: Connection, tenant: str, live_class: str) -> bool:
    """Everybody is back; whether there were any."""
    done = await db.execute(FORGET, tenant, live_class)
    await db.execute(BACK, tenant, live_class)
    return done != "DELETE 0"


async def is_there(db: Connection, tenant: str, live_class: str, number: int) -> bool:
    found: bool = await db.fetchval(IS_THERE, tenant, live_class, number)
    return found


async def move(db: Connection, tenant: str, live_class: str, user: int, number: int | None) -> bool:
    """Whether there is such a person in the class."""
    return await db.fetchval(MOVE, tenant, live_class, user, number) is not None


async def all_(db: Connection, tenant: str, live_class: str) -> list[Breakout]:
    """Each with its members: those who have left are members until they are elsewhere."""
    members: dict[int, list[Participant]] = {}
    for row in await db.fetch(MEMBERS, tenant, live_class):
        members.setdefault(row["breakout"], []).append(
            Participant(
                participant_id(tenant, live_class, row["user_id"]),
                row["name"],
                Role(row["role"]),
                row["region"],
            )
        )
    return [
        Breakout(
            breakout_id(tenant, live_class, row["number"]),
            row["name"],
            members.get(row["number"], []),
            row["ends_at"],
        )
        for row in await db.fetch(ALL, tenant, live_class)
    ]
