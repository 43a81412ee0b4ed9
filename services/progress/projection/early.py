"""Who was enrolled before their course was known here: of them it is told once the course is.

The two are told of in streams of their own, and come in any order: until both are there the
enrolment is in nobody's list, and who keeps such a list hears of no change of it behind that.
"""

import asyncio
from collections.abc import Sequence

from services.contracts.changes import EVERYTHING, enrolments_tag
from services.contracts.events import CourseChanged, Event
from services.kit.answering import AWAY
from services.storage import db
from services.storage.db import Pool

WITHIN_S = 0.5
MOST = 1_000
"""Of more than so many it is not told one by one."""
EARLY = """
SELECT DISTINCT tenant_id, user_id
FROM enrolments JOIN unnest($1::text[], $2::bigint[]) AS fresh (tenant_id, course_id)
    USING (tenant_id, course_id)
LIMIT $3
"""


async def early_tags(pool: Pool, events: Sequence[Event]) -> list[str]:
    """Asked behind the commit: an enrolment that is committed later is told of later. Where it
    cannot be asked, EVERYTHING.
    """
    fresh = [
        (event.tenant, event.data.course)
        for event in events
        if isinstance(event.data, CourseChanged) and event.is_first
    ]
    try:
        async with asyncio.timeout(WITHIN_S):
            return await _tags(pool, fresh) if fresh else []
    except AWAY:
        return [EVERYTHING]


async def _tags(pool: Pool, fresh: Sequence[tuple[str, int]]) -> list[str]:
    tenants, courses = [tenant for tenant, _ in fresh], [course for _, course in fresh]
    async with db.reading(pool) as connection:
        rows = await connection.fetch(EARLY, tenants, courses, MOST + 1)
    if len(rows) > MOST:
        return [EVERYTHING]
    return [enrolments_tag(row["tenant_id"], row["user_id"]) for row in rows]
