"""Writes what the old side tells: many rows of one tenant with one statement."""

from collections.abc import Iterable, Sequence

from services.contracts.events import (
    AssessmentChanged,
    AttemptsRecorded,
    EnrolmentChanged,
    PersonChanged,
)
from services.storage.db import Connection

KNOW = "INSERT INTO tenants (tenant_id) VALUES ($1) ON CONFLICT DO NOTHING"
PEOPLE = """
INSERT INTO people (tenant_id, id, roles)
SELECT $1, "user", roles FROM jsonb_to_recordset($2::jsonb) AS given ("user" bigint, roles text[])
ORDER BY "user"
ON CONFLICT (tenant_id, id) DO UPDATE SET roles = excluded.roles
"""
ENROL = """
INSERT INTO enrolments (tenant_id, course_id, user_id, role)
SELECT $1, course, "user", role
FROM jsonb_to_recordset($2::jsonb) AS given (course bigint, "user" bigint, role text)
WHERE role IS NOT NULL ORDER BY course, "user"
ON CONFLICT (tenant_id, course_id, user_id) DO UPDATE SET role = excluded.role
"""
LEAVE = """
DELETE FROM enrolments
USING jsonb_to_recordset($2::jsonb) AS given (course bigint, "user" bigint, role text)
WHERE tenant_id = $1 AND course_id = course AND user_id = "user" AND given.role IS NULL
"""

# The newest version of each of the assessments $2.
NEWEST = """
SELECT DISTINCT ON (assessment_id) assessment_id, version, data, removed FROM definitions
WHERE tenant_id = $1 AND assessment_id = ANY ($2::bigint[])
ORDER BY assessment_id, version DESC
"""
# A version that says nothing new is none: nobody's attempt differs by it.
DEFINE = f"""
WITH newest AS ({NEWEST})
INSERT INTO definitions (tenant_id, assessment_id, version, course_id, data)
SELECT $1, (said ->> 'assessment')::bigint, coalesce(version, 0) + 1,
    (said ->> 'course')::bigint, said
FROM jsonb_array_elements($3::jsonb) AS given (said)
LEFT JOIN newest ON assessment_id = (said ->> 'assessment')::bigint
WHERE data IS DISTINCT FROM said
"""
SET_REMOVED = f"""
WITH newest AS ({NEWEST})
UPDATE definitions SET removed = $3 FROM newest
WHERE definitions.tenant_id = $1 AND definitions.assessment_id = newest.assessment_id
    AND definitions.version = newest.version AND definitions.removed <> $3
"""
RECORD = """
INSERT INTO past_attempts (tenant_id, assessment_id, user_id, number, data)
SELECT $1, assessment, "user", (one ->> 'number')::int, one
FROM jsonb_to_recordset($2::jsonb) AS given (assessment bigint, "user" bigint, attempts jsonb)
CROSS JOIN jsonb_array_elements(attempts) AS each (one)
ORDER BY 2, 3, 4
ON CONFLICT (tenant_id, assessment_id, user_id, number) DO UPDATE SET data = excluded.data
"""
# What is told is all that there is.
FORGET = """
DELETE FROM past_attempts
USING jsonb_to_recordset($2::jsonb) AS given (assessment bigint, "user" bigint, attempts jsonb)
WHERE tenant_id = $1 AND assessment_id = assessment AND user_id = "user" AND NOT EXISTS (
    SELECT FROM jsonb_array_elements(attempts) AS each (one)
    WHERE (one ->> 'number')::int = past_attempts.number
)
"""


async def know(db: Connection, tenant: str) -> None:
    await db.execute(KNOW, tenant)


async def people(db: Connection, tenant: str, said: Sequence[PersonChanged]) -> None:
    if said:
        await db.execute(PEOPLE, tenant, said)


async def enrolments(db: Connection, tenant: str, said: Sequence[EnrolmentChanged]) -> None:
    if said:
        await db.execute(LEAVE, tenant, said)
        await db.execute(ENROL, tenant, said)


async def definitions(db: Connection, tenant: str, said: Sequence[AssessmentChanged]) -> None:
    if said:
        named = [one.assessment for one in said]
        await db.execute(DEFINE, tenant, named, said)
        await db.execute(SET_REMOVED, tenant, named, False)


async def remove(db: Connection, tenant: str, content: Iterable[int]) -> None:
    """What is no assessment is none of ours."""
    if named := sorted(content):
        await db.execute(SET_REMOVED, tenant, named, True)


async def past_attempts(db: Connection, tenant: str, said: Sequence[AttemptsRecorded]) -> None:
    if said:
        await db.execute(FORGET, tenant, said)
        await db.execute(RECORD, tenant, said)
