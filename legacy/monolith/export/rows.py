"""Reads assessments with all that they were, and attempts, a few at a time."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

from asyncpg import Record

from legacy.monolith.database import Connection

PREFETCH = 500

COUNT = """
SELECT count(*) FROM content
WHERE kind = 'assessment' AND ($1::text IS NULL OR tenant_id = $1)
"""
# What an assessment was is known as long as the changes that told of it are kept.
BODIES = """
SELECT tenant_id, assessments.id, timezone, bodies.body FROM (
    SELECT tenant_id, id, body, 9223372036854775807 AS place FROM content WHERE kind = 'assessment'
    UNION ALL
    SELECT content.tenant_id, content.id, data -> 'body', changes.id FROM changes
    JOIN content ON stream = 'content/' || content.tenant_id || '/' || content.id
    WHERE kind = 'assessment' AND data -> 'body' <> body
) AS bodies
JOIN content AS assessments USING (tenant_id, id) JOIN tenants ON tenants.id = tenant_id
WHERE $1::text IS NULL OR tenant_id = $1
ORDER BY tenant_id, assessments.id, place
"""
ATTEMPTS = """
SELECT tenant_id, id, each.key AS learner, each.value AS attempts
FROM content, jsonb_each(attempts) AS each
WHERE kind = 'assessment' AND ($1::text IS NULL OR tenant_id = $1)
ORDER BY tenant_id, id, length(each.key), each.key
"""


@dataclass(frozen=True, slots=True)
class Rows:
    """Of one tenant, or of all; within a transaction that sees one moment."""

    db: Connection
    tenant: str | None

    async def assessments(self) -> int:
        count: int = await self.db.fetchval(COUNT, self.tenant)
        return count

    async def bodies(self) -> AsyncIterator[Record]:
        """Each assessment's in order, the last one as it is now."""
        async for row in self.db.cursor(BODIES, self.tenant, prefetch=PREFETCH):
            yield row

    async def attempts(self) -> AsyncIterator[Record]:
        """All of one learner at one assessment are a row."""
        async for row in self.db.cursor(ATTEMPTS, self.tenant, prefetch=PREFETCH):
            yield row
