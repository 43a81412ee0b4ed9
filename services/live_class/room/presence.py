"""Who is in a class: whoever joined, has not left, and was heard of or joined a moment ago.

`silent` are those whom nobody has heard of for SILENT_S; None where that is not known, and then
nobody comes back or goes but by what they do themselves.
"""

from collections.abc import Collection
from typing import TypeAlias

from services.live_class.room.beats import SILENT_S
from services.storage.db import Connection

Silent: TypeAlias = Collection[int] | None

IS_NEW = f"joined_at > clock_timestamp() - interval '{SILENT_S} seconds'"
IS_THERE = f"left_at IS NULL AND ({IS_NEW} OR user_id NOT IN (SELECT unnest($3::bigint[])))"
JOINED = """
SELECT user_id FROM participants
WHERE tenant_id = $1 AND live_class = $2 AND left_at IS NULL ORDER BY user_id
"""
LEARNERS = f"""
SELECT user_id FROM participants
WHERE tenant_id = $1 AND live_class = $2 AND {IS_THERE} AND role = 'LEARNER'
ORDER BY joined_at, user_id
"""
# Who is there is read once; of the two that write, neither touches the other's rows.
CHANGED = f"""
WITH there AS (
    SELECT user_id, {IS_NEW} AS is_new FROM participants
    WHERE tenant_id = $1 AND live_class = $2 AND {IS_THERE}
), came AS (
    INSERT INTO presences (tenant_id, live_class, user_id)
    SELECT $1, $2, user_id FROM there
    WHERE ($4 OR is_new) AND NOT EXISTS (
        SELECT FROM presences WHERE presences.tenant_id = $1 AND presences.live_class = $2
            AND presences.user_id = there.user_id
    )
    ON CONFLICT DO NOTHING
    RETURNING user_id
), gone AS (
    DELETE FROM presences WHERE tenant_id = $1 AND live_class = $2
        AND user_id NOT IN (SELECT user_id FROM there)
    RETURNING user_id
)
SELECT user_id, true AS is_there FROM came UNION ALL SELECT user_id, false FROM gone
ORDER BY user_id
"""


async def joined(db: Connection, tenant: str, live_class: str) -> list[int]:
    """Whether or not they were heard of."""
    return [row["user_id"] for row in await db.fetch(JOINED, tenant, live_class)]


async def learners(db: Connection, tenant: str, live_class: str, silent: Silent) -> list[int]:
    """Those who are there, in the order they came."""
    rows = await db.fetch(LEARNERS, tenant, live_class, list(silent or ()))
    return [row["user_id"] for row in rows]


async def changed(
    db: Connection, tenant: str, live_class: str, silent: Silent
) -> tuple[list[int], list[int]]:
    """Who came and who is gone: what was told of them was something else, and now is this."""
    known = silent is not None
    rows = await db.fetch(CHANGED, tenant, live_class, list(silent or ()), known)
    came = [row["user_id"] for row in rows if row["is_there"]]
    return came, [row["user_id"] for row in rows if not row["is_there"]]
