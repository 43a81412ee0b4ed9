"""Gives everybody back what an outage took: each in a transaction of their own, once."""

import asyncio

from asyncpg import Record

from services.assessment.duties.telling import Telling
from services.assessment.model.decision import Changed
from services.assessment.model.moment import moment
from services.assessment.model.outage import credited
from services.assessment.model.place import Place
from services.assessment.store import attempts, held
from services.assessment.store.outages import CREDITED, PENDING
from services.contracts.ids import TenantId
from services.events.duty import Duty
from services.events.rounds import each, tenants
from services.kit.log import Log
from services.storage import db
from services.storage.db import Connection, Pool

NAME = "crediting"
PAUSE_S = 0.5
BATCH = 500
MOST_TRIES = 5
"""Whoever cannot be credited by then is left to staff."""

# In the order of their key, as what is credited stays open.
OPEN = """
SELECT assessment_id, user_id, number, preview FROM attempts
WHERE tenant_id = $1 AND state IN ('IN_PROGRESS', 'OVERDUE')
    AND (data ->> 'started_at')::timestamptz < $2
    AND (assessment_id, user_id, preview, number) > ($3, $4, $5, $6)
ORDER BY assessment_id, user_id, preview, number LIMIT $7
"""
log = Log("assessment.outages")


class Crediting:
    """An attempt knows what it was credited for: to come twice is to come once."""

    def __init__(self, pool: Pool, telling: Telling) -> None:
        self._pool = pool
        self._telling = telling
        self._tries = 0
        self._done: list[Changed | None] = []

    def duty(self) -> Duty:
        return Duty(NAME, self.run)

    async def run(self) -> None:
        while True:
            await self.once()
            await asyncio.sleep(PAUSE_S)

    async def once(self) -> None:
        """Goes through all who may have lost something by the oldest outage that waits."""
        outage = await self._pool.fetchrow(PENDING)
        if outage is None:
            return
        self._done, concerned = [], 0
        for tenant in await tenants(self._pool):
            concerned += await self._credit_all(tenant, outage)
        failed = concerned - len(self._done)
        self._tries += 1
        if failed and self._tries < MOST_TRIES:
            return
        await self._pool.execute(CREDITED, outage["id"])
        self._tries = 0
        lasted_s = (outage["until"] - outage["since"]).total_seconds()
        changed = sum(one is not None for one in self._done)
        log.warning("outage.credited", attempts=changed, failed=failed, lasted_s=round(lasted_s, 1))

    async def credit(self, where: Place) -> None:
        async with db.transaction(self._pool, where.tenant) as connection:
            changed = await self._credit(connection, where)
        self._done.append(changed)
        if changed is not None:
            await self._telling.committed(changed)

    async def _credit_all(self, tenant: TenantId, outage: Record) -> int:
        """How many there were; a few hundred at a time."""
        behind: tuple[int, int, bool, int] = (0, 0, False, 0)
        concerned = 0
        while True:
            async with db.transaction(self._pool, tenant) as connection:
                rows = await connection.fetch(OPEN, tenant, outage["until"], *behind, BATCH)
            places = [Place(tenant, *row) for row in rows]
            await each(NAME, self.credit, places)
            concerned += len(places)
            if len(places) < BATCH:
                return concerned
            last = places[-1]
            behind = last.assessment, last.user, last.preview, last.number

    async def _credit(self, connection: Connection, where: Place) -> Changed | None:
        row = await held.lock(connection, where)
        if row is None:
            return None
        known, when = attempts.read(row["attempt"]), moment(row["now"])
        found = await held.load(connection, known, when)
        if found is None:
            return None
        changed = credited(found.attempt, found.definition, found.outages, when.now)
        if changed is not None:
            await self._telling.write(connection, found.attempt, changed, found.definition)
        return changed
