"""One attempt, locked, and all that is needed to decide what becomes of it."""

from dataclasses import dataclass
from datetime import timedelta

from asyncpg import Record

from services.assessment.model.accommodation import Accommodation
from services.assessment.model.attempt import OPEN, Attempt
from services.assessment.model.definition import Definition
from services.assessment.model.moment import Moment
from services.assessment.model.place import Place
from services.assessment.model.span import Span
from services.assessment.standing import Standing
from services.assessment.store import attempts
from services.assessment.store.definitions import NEWEST, RULES_AND_REGRADES, definition
from services.assessment.store.outages import SILENCE, UNCREDITED, spans
from services.storage.db import Connection

# The time is read before anybody waits for the attempt.
LOCK = f"""
WITH clock AS MATERIALIZED (SELECT exam_now() AS now, {SILENCE} AS silence)
SELECT now, silence, data::text AS attempt, due_at < now - silence AS is_due
FROM clock CROSS JOIN attempts
WHERE tenant_id = $1 AND assessment_id = $2 AND user_id = $3 AND preview = $4 AND number = $5
FOR UPDATE OF attempts
"""
LOCK_IF_FREE = f"{LOCK} SKIP LOCKED"

# A second statement: what the first one saw may be older than the lock. $6 is the version that the
# attempt keeps, $7 who asks.
LOAD = f"""
SELECT definitions.data::text AS definition, definitions.version AS definition_version,
    {RULES_AND_REGRADES},
    (
        SELECT jsonb_agg(data)::text FROM answers
        WHERE tenant_id = $1 AND assessment_id = $2 AND user_id = $3 AND preview = $4
            AND number = $5
    ) AS answers,
    EXISTS (
        SELECT FROM attempts
        WHERE tenant_id = $1 AND assessment_id = $2 AND user_id = $3 AND preview = $4
            AND number <> $5 AND state IN ({", ".join(f"'{state}'" for state in sorted(OPEN))})
    ) AS other_is_open,
    {UNCREDITED} AS outages,
    multiplier, extra_s, extra_attempts, enrolments.role, people.roles
FROM definitions
LEFT JOIN accommodations AS more
    ON more.tenant_id = $1 AND more.assessment_id = $2 AND more.user_id = $3
LEFT JOIN people ON people.tenant_id = $1 AND people.id = $7
LEFT JOIN enrolments ON enrolments.tenant_id = $1 AND enrolments.user_id = $7
    AND enrolments.course_id = (
        SELECT course_id FROM definitions AS newest
        WHERE tenant_id = $1 AND assessment_id = $2 AND version = {NEWEST}
    )
WHERE definitions.tenant_id = $1 AND definitions.assessment_id = $2
    AND definitions.version = coalesce($6, {NEWEST})
"""
NOBODY = 0


@dataclass(frozen=True, slots=True)
class Held:
    """`standing` is that of whoever asks; `accommodation` is all that the learner has by now.

    `outages` are those that not everybody was credited for.
    """

    attempt: Attempt
    definition: Definition
    accommodation: Accommodation
    standing: Standing
    other_is_open: bool
    when: Moment
    outages: list[Span]


async def load(db: Connection, known: Attempt, when: Moment, asker: int = NOBODY) -> Held | None:
    """All that belongs to an attempt whose lock we have; None where its assessment is unknown."""
    version = known.definition_version or None
    row = await db.fetchrow(LOAD, *attempts.key(known.place), version, asker)
    if row is None:
        return None
    return Held(
        attempts.with_answers(known, row["answers"]),
        definition(row),
        accommodation(row),
        Standing.of(row),
        row["other_is_open"],
        when,
        spans(row["outages"]),
    )


async def lock(db: Connection, place: Place, *, patient: bool = True) -> Record | None:
    """`now`, `attempt` as text, for how long there has been `silence`, and whether it `is_due` in
    spite of that; None where none is, or an impatient found it taken.
    """
    return await db.fetchrow(LOCK if patient else LOCK_IF_FREE, *attempts.key(place))


def accommodation(row: Record) -> Accommodation:
    """Of the columns `multiplier`, `extra_s` and `extra_attempts`."""
    if row["multiplier"] is None:
        return Accommodation()
    extra = timedelta(seconds=row["extra_s"])
    return Accommodation(row["multiplier"], extra, row["extra_attempts"])
