"""Makes attempts ahead of an exam's opening, so that a thousand beginnings are but updates."""

from asyncpg import Record

from services.assessment.duties.telling import Telling
from services.assessment.model.prior import prior
from services.assessment.model.start import Starter, prepare
from services.assessment.store import learners
from services.contracts.ids import TenantId
from services.events.duty import Duty
from services.events.rounds import rounds
from services.storage import db
from services.storage.db import Connection, Pool

NAME = "preparer"
PAUSE_S = 2.0
BATCH = 50

OPENING = """
SELECT assessment_id, course_id FROM rules JOIN LATERAL (
    SELECT course_id, removed, data ->> 'kind' AS kind,
        (data ->> 'opens_at')::timestamptz AS opens_at
    FROM definitions
    WHERE tenant_id = $1 AND assessment_id = rules.assessment_id
    ORDER BY version DESC LIMIT 1
) AS newest ON true
CROSS JOIN (SELECT exam_now() AS now) AS clock
WHERE tenant_id = $1 AND kind = 'EXAM' AND NOT removed AND now < opens_at
    AND opens_at - make_interval(secs => (data ->> 'prepare_s')::float8) <= now
    AND (data ->> 'prepare_s')::bigint > 0
"""
UNPREPARED = """
SELECT user_id FROM enrolments
WHERE tenant_id = $1 AND course_id = $3 AND role = 'LEARNER' AND user_id > $4 AND NOT EXISTS (
    SELECT FROM attempts
    WHERE tenant_id = $1 AND assessment_id = $2 AND attempts.user_id = enrolments.user_id
        AND NOT preview
)
ORDER BY user_id LIMIT $5
"""


class Preparer:
    def __init__(self, pool: Pool, telling: Telling) -> None:
        self._pool = pool
        self._telling = telling

    def duty(self) -> Duty:
        return rounds(NAME, self._pool, self.visit, PAUSE_S)

    async def visit(self, tenant: TenantId) -> None:
        async with db.transaction(self._pool, tenant) as connection:
            opening = await connection.fetch(OPENING, tenant)
        for one in opening:
            await self._prepare(tenant, one)

    async def _prepare(self, tenant: TenantId, one: Record) -> None:
        """A batch is one transaction; learners in order, as whoever else locks more than one."""
        behind, assessment, course = 0, one["assessment_id"], one["course_id"]
        while True:
            async with db.transaction(self._pool, tenant) as connection:
                rows = await connection.fetch(UNPREPARED, tenant, assessment, course, behind, BATCH)
                for row in rows:
                    await self._one(connection, tenant, assessment, row["user_id"])
            if len(rows) < BATCH:
                return
            behind = rows[-1]["user_id"]

    async def _one(
        self, connection: Connection, tenant: TenantId, assessment: int, user: int
    ) -> None:
        now = (await learners.lock(connection, tenant, assessment, user))["now"]
        found = await learners.load(connection, tenant, assessment, user, user)
        if found is None:
            return
        who = Starter(tenant, user, found.accommodation)
        changed = prepare(who, found.definition, prior(found.mine, found.past), now)
        if changed is not None:
            await self._telling.write(connection, None, changed, found.definition)
