"""Pages about people."""

from typing import Any

from legacy.monolith.access import roles
from legacy.monolith.errors import Forbidden, Missing
from legacy.monolith.page import Asked

SEES_OTHERS = {"TEACHER", "PROCTOR", "OPERATOR"}

ME = """
SELECT people.id, people.name, locale, tenants.id AS tenant, timezone
FROM people JOIN tenants ON tenants.id = people.tenant_id
WHERE people.tenant_id = $1 AND people.id = $2
"""
NAME = "SELECT id, name FROM people WHERE tenant_id = $1 AND id = $2"


async def me(asked: Asked) -> dict[str, Any]:
    row = await asked.db.fetchrow(ME, asked.tenant, asked.user)
    if row is None:
        raise Missing
    return {**row, "roles": await roles(asked)}


async def user(asked: Asked) -> dict[str, Any]:
    if asked.id != asked.user and SEES_OTHERS.isdisjoint(await roles(asked)):
        raise Forbidden
    row = await asked.db.fetchrow(NAME, asked.tenant, asked.id)
    if row is None:
        raise Missing
    return dict(row)
