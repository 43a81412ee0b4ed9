"""The rows that the triggers left for a tenant."""

from dataclasses import dataclass
from typing import Any

from legacy.monolith.database import Connection

LAST = "SELECT coalesce(max(id), 0) FROM changes WHERE tenant_id = $1"
SINCE = """
SELECT stream, version, data, traceparent FROM changes WHERE tenant_id = $1 AND id > $2 ORDER BY id
"""


@dataclass
class Changes:
    """`stream` is told without its tenant: "course/1"."""

    db: Connection
    tenant: str
    seen: int = 0

    async def skip(self) -> None:
        """What happened so far is not asked for again."""
        self.seen = await self.db.fetchval(LAST, self.tenant)

    async def streams(self) -> list[str]:
        return [stream for stream, _ in await self.since()]

    async def since(self) -> list[tuple[str, Any]]:
        """Stream and data of what is new, in order."""
        rows = await self.db.fetch(SINCE, self.tenant, self.seen)
        await self.skip()
        return [(row["stream"].replace(f"/{self.tenant}", ""), row["data"]) for row in rows]


async def changes_of(db: Connection, tenant: str) -> Changes:
    """Empty at first."""
    changes = Changes(db, tenant)
    await changes.skip()
    return changes
