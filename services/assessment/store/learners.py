"""What one learner has made of an assessment, while nobody else begins anything for them."""

from collections.abc import Iterable
from dataclasses import dataclass

import msgspec
from asyncpg import Record

from services.assessment.model.accommodation import Accommodation
from services.assessment.model.attempt import Attempt
from services.assessment.model.definition import Definition
from services.assessment.standing import Standing
from services.assessment.store.definitions import NEWEST, RULES_AND_REGRADES, definition
from services.assessment.store.held import accommodation
from services.contracts.assessment import AttemptState
from services.contracts.events import PastAttempt
from services.contracts.ids import TenantId
from services.storage.db import Connection

# The time is read before anybody waits for the learner.
LOCK = """
SELECT now, pg_advisory_xact_lock(hashtextextended($1, 0))
FROM (SELECT exam_now() AS now OFFSET 0) AS clock
"""
LOAD = f"""
SELECT newest.data::text AS definition, newest.version AS definition_version, removed,
    {RULES_AND_REGRADES},
    (
        SELECT jsonb_agg(data)::text FROM attempts
        WHERE tenant_id = $1 AND assessment_id = $2 AND user_id = $3
    ) AS mine,
    (
        SELECT jsonb_agg(data)::text FROM past_attempts
        WHERE tenant_id = $1 AND assessment_id = $2 AND user_id = $3
    ) AS past,
    service, multiplier, extra_s, extra_attempts, enrolments.role, people.roles
FROM definitions AS newest
LEFT JOIN accommodations AS more
    ON more.tenant_id = $1 AND more.assessment_id = $2 AND more.user_id = $3
LEFT JOIN pins ON pins.tenant_id = $1 AND pins.assessment_id = $2 AND pins.user_id = $3
LEFT JOIN people ON people.tenant_id = $1 AND people.id = $4
LEFT JOIN enrolments ON enrolments.tenant_id = $1 AND enrolments.user_id = $4
    AND enrolments.course_id = newest.course_id
WHERE newest.tenant_id = $1 AND newest.assessment_id = $2 AND newest.version = {NEWEST}
"""

_mine = msgspec.json.Decoder(list[Attempt])
_past = msgspec.json.Decoder(list[PastAttempt])


@dataclass(frozen=True, slots=True)
class Learner:
    """`pinned` is the side they were told to begin on: None where they never asked.

    `standing` is that of whoever asks, who need not be the learner.
    """

    definition: Definition
    is_removed: bool
    mine: list[Attempt]
    past: list[PastAttempt]
    pinned: bool | None
    accommodation: Accommodation
    standing: Standing


async def lock(db: Connection, tenant: TenantId, assessment: int, user: int) -> Record:
    """`now`; until the transaction ends nobody else begins or reopens an attempt for them."""
    row = await db.fetchrow(LOCK, f"learner/{tenant}/{assessment}/{user}")
    assert row is not None  # noqa: S101 -- it has no condition
    return row


async def load(
    db: Connection, tenant: TenantId, assessment: int, user: int, asker: int
) -> Learner | None:
    """None where there is no such assessment."""
    row = await db.fetchrow(LOAD, tenant, assessment, user, asker)
    if row is None:
        return None
    return Learner(
        definition(row),
        row["removed"],
        _mine.decode(row["mine"]) if row["mine"] else [],
        _past.decode(row["past"]) if row["past"] else [],
        row["service"],
        accommodation(row),
        Standing.of(row),
    )


def has_begun(mine: Iterable[Attempt]) -> bool:
    """Whether any attempt that counts was begun on this side."""
    return any(
        not attempt.place.preview and attempt.state is not AttemptState.NOT_STARTED
        for attempt in mine
    )
