"""Where people are who have joined a class: in which of its rooms, and as what."""

from collections.abc import Iterable
from dataclasses import dataclass

from services.contracts.learning import Role
from services.storage.db import Connection

JOINED = """
SELECT user_id, name, role, region, breakout FROM participants
WHERE tenant_id = $1 AND live_class = $2 AND user_id = ANY ($3::bigint[]) AND left_at IS NULL
"""
TEACHING = frozenset({Role.TEACHER, Role.OPERATOR})


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """`breakout` is the number of theirs; None: in the class itself."""

    name: str
    role: Role
    region: str
    breakout: int | None

    @property
    def is_teaching(self) -> bool:
        return self.role in TEACHING


async def whereabouts(
    db: Connection, tenant: str, live_class: str, users: Iterable[int]
) -> dict[int, Whereabouts]:
    """Of those who have joined and not left, whether or not they are heard of just now."""
    rows = await db.fetch(JOINED, tenant, live_class, list(users))
    return {
        row["user_id"]: Whereabouts(row["name"], Role(row["role"]), row["region"], row["breakout"])
        for row in rows
    }
