"""Grades finished attempts anew where an item's right answer turned out to be another."""

from asyncpg import Record

from services.assessment.duties.telling import Telling
from services.assessment.model.decision import Changed
from services.assessment.model.moment import moment
from services.assessment.model.place import Place
from services.assessment.model.regrade import regrade
from services.assessment.store import attempts, held
from services.assessment.store.regrades import WAITING
from services.contracts.ids import TenantId
from services.events.duty import Duty
from services.events.rounds import each, rounds
from services.storage import db
from services.storage.db import Connection, Pool

NAME = "regrader"
PAUSE_S = 1.0
BATCH = 200
SETTLED_S = 30
"""No submit that knew nothing of a regrade takes longer to be committed."""

TO_DO = f"""
SELECT assessment_id, id, data ->> 'item' AS item,
    at < clock_timestamp() - interval '{SETTLED_S} seconds' AS is_settled
FROM regrades WHERE tenant_id = $1 AND done_at IS NULL ORDER BY assessment_id, id
"""
DONE = """
UPDATE regrades SET done_at = clock_timestamp()
WHERE tenant_id = $1 AND assessment_id = $2 AND id = $3
"""


class Regrader:
    """An attempt says which regrades it was graded by: to come twice is to come once."""

    def __init__(self, pool: Pool, telling: Telling) -> None:
        self._pool = pool
        self._telling = telling

    def duty(self) -> Duty:
        return rounds(NAME, self._pool, self.visit, PAUSE_S)

    async def visit(self, tenant: TenantId) -> None:
        async with db.transaction(self._pool, tenant) as connection:
            to_do = await connection.fetch(TO_DO, tenant)
        for one in to_do:
            await self._go_through(tenant, one)

    async def regrade(self, where: Place) -> None:
        async with db.transaction(self._pool, where.tenant) as connection:
            changed = await self._regrade(connection, where)
        if changed is not None:
            await self._telling.committed(changed)

    async def _go_through(self, tenant: TenantId, one: Record) -> None:
        behind = (0, 0)
        while waiting := await self._waiting(tenant, one, behind):
            await each(NAME, self.regrade, waiting)
            behind = (waiting[-1].user, waiting[-1].number)
        if one["is_settled"]:
            async with db.transaction(self._pool, tenant) as connection:
                await connection.execute(DONE, tenant, one["assessment_id"], one["id"])

    async def _waiting(self, tenant: TenantId, one: Record, behind: tuple[int, int]) -> list[Place]:
        assessment = one["assessment_id"]
        async with db.transaction(self._pool, tenant) as connection:
            rows = await connection.fetch(
                WAITING, tenant, assessment, one["item"], one["id"], *behind, BATCH
            )
        return [Place(tenant, assessment, row["user_id"], row["number"]) for row in rows]

    async def _regrade(self, connection: Connection, where: Place) -> Changed | None:
        row = await held.lock(connection, where)
        if row is None:
            return None
        known, when = attempts.read(row["attempt"]), moment(row["now"])
        found = await held.load(connection, known, when)
        if found is None:
            return None
        decision = regrade(found.attempt, found.definition, when.now)
        if not isinstance(decision, Changed):
            return None
        await self._telling.write(connection, found.attempt, decision, found.definition)
        return decision
