"""Rooms as a viewer may see them: of those that nobody opened nothing is read."""

from services.contracts.classroom import Breakout, Hand, Room
from services.contracts.classroom_api import Classes
from services.contracts.viewer import Viewer
from services.live_class.room import breakouts, told
from services.live_class.room.held import Held, find_told
from services.live_class.room.told import Raised, Told
from services.storage.db import Connection

MOST_HANDS = 100

OPENED = "SELECT live_class FROM rooms WHERE tenant_id = $1 AND live_class = ANY ($2::text[])"
# $3: whoever has just raised their own sees it, before all are told.
HANDS = f"""
SELECT user_id AS user, name, raised_at FROM hands
JOIN participants USING (tenant_id, live_class, user_id)
WHERE tenant_id = $1 AND live_class = $2 AND left_at IS NULL AND (user_id = $3 OR EXISTS (
    SELECT FROM presences
    WHERE tenant_id = $1 AND live_class = $2 AND presences.user_id = hands.user_id
))
ORDER BY raised_at, user_id LIMIT {MOST_HANDS}
"""
NOBODY = 0


async def rooms(db: Connection, viewer: Viewer, question: Classes) -> list[Room | None]:
    opened = await db.fetch(OPENED, viewer.tenant, question.live_classes)
    found = {row["live_class"]: await _room(db, viewer, row["live_class"]) for row in opened}
    return [found.get(one) for one in question.live_classes]


async def hands(db: Connection, tenant: str, live_class: str, user: int = NOBODY) -> list[Raised]:
    """The first that were raised by those who are there."""
    rows = await db.fetch(HANDS, tenant, live_class, user)
    return [Raised(row["user"], row["name"], row["raised_at"]) for row in rows]


async def _room(db: Connection, viewer: Viewer, live_class: str) -> Room | None:
    found = await find_told(db, viewer, live_class)
    if found is None:
        return None
    held, room = found
    if room is None:
        return None
    if room.is_over:
        return _shown(held, room, 0, [], [])
    raised = await hands(db, *held.place.key, held.user)
    apart = await breakouts.all_(db, *held.place.key)
    return _shown(held, room, room.present, told.shown(*held.place.key, raised), apart)


def _shown(held: Held, room: Told, present: int, hands: list[Hand], apart: list[Breakout]) -> Room:
    return Room(held.shown().id, room.state, present, hands, apart)
