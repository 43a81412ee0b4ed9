"""Does what is due where nobody hands an attempt in: each in a transaction of its own."""

from services.assessment.duties.telling import Telling
from services.assessment.model.decision import Changed
from services.assessment.model.moment import moment
from services.assessment.model.outage import credited
from services.assessment.model.place import Place
from services.assessment.model.sweep import due_at, sweep
from services.assessment.store import attempts, held
from services.assessment.store.outages import SILENCE
from services.contracts.ids import TenantId
from services.events.duty import Duty
from services.events.rounds import each, rounds
from services.storage import db
from services.storage.db import Connection, Pool

NAME = "sweeper"
PAUSE_S = 0.5
MOST = 500

# All of an exam are due at once: two sweepers begin with different ones.
DUE = f"""
SELECT assessment_id, user_id, number, preview FROM attempts
WHERE tenant_id = $1 AND due_at < (SELECT exam_now() - {SILENCE})
ORDER BY due_at, hashint8(user_id + pg_backend_pid()) LIMIT $2
"""


class Sweeper:
    """Two at once do no harm: what one has in its hands the other one leaves alone.

    Its time is that at which learners could last do something: while they cannot, nothing ends.
    """

    def __init__(self, pool: Pool, telling: Telling) -> None:
        self._pool = pool
        self._telling = telling

    def duty(self) -> Duty:
        return rounds(NAME, self._pool, self.visit, PAUSE_S)

    async def visit(self, tenant: TenantId) -> None:
        async with db.transaction(self._pool, tenant) as connection:
            due = await connection.fetch(DUE, tenant, MOST)
        await each(NAME, self.sweep, (Place(tenant, *row) for row in due))

    async def sweep(self, where: Place) -> None:
        async with db.transaction(self._pool, where.tenant) as connection:
            changed = await self._sweep(connection, where)
        if changed is not None:
            await self._telling.committed(changed)

    async def _sweep(self, connection: Connection, where: Place) -> Changed | None:
        """Nothing where somebody else was quicker; else what is due, or when something will be."""
        row = await held.lock(connection, where, patient=False)
        if row is None or not row["is_due"]:
            return None
        known, when = attempts.read(row["attempt"]), moment(row["now"] - row["silence"])
        found = await held.load(connection, known, when)
        if found is None:
            return None
        about = found.attempt, found.definition
        decision = credited(*about, found.outages, when.now) or sweep(*about, when.now)
        if isinstance(decision, Changed):
            await self._telling.write(connection, found.attempt, decision, found.definition)
            return decision
        await attempts.set_due(connection, where, due_at(found.attempt, found.definition))
        return None
