"""A tenant of 30,000 learners who all tried a quiz and an exam, half of them at the old side."""

from services.contracts.assessment import AttemptState
from tests.integration.assessment.campus import Campus
from tests.integration.assessment.definitions import COURSE, EXAM, QUIZ

MANY = 30_000
CROWD = range(2 * 501, 2 * (501 + MANY), 2)
"""Who has an even number was there from the beginning; who has an odd one may begin."""
RARE = AttemptState.PENDING_REVIEW
ONE_OF = {AttemptState.IN_PROGRESS: 50, RARE: 700, AttemptState.NOT_STARTED: 10}
"""Of so many learners one is in this state; all others are graded. Only our side prepares."""

STATE = f"""
CASE WHEN nth % {ONE_OF[RARE]} = 1 THEN 'PENDING_REVIEW'
    WHEN nth % {ONE_OF[AttemptState.IN_PROGRESS]} = 2 THEN 'IN_PROGRESS' ELSE 'GRADED' END
"""
ENROLLED = f"""
INSERT INTO enrolments SELECT $1, {COURSE}, 2 * nth, 'LEARNER'
FROM generate_series(501, 500 + {MANY}) AS crowd (nth)
"""
OURS = f"""
INSERT INTO attempts (tenant_id, assessment_id, user_id, preview, number, data)
SELECT $1, assessment, 2 * nth, false, 1, jsonb_build_object(
    'place', jsonb_build_object(
        'tenant', $1::text, 'assessment', assessment, 'user', 2 * nth, 'number', 1
    ),
    'version', 4, 'definition_version', 1,
    'state', CASE WHEN nth % {ONE_OF[AttemptState.NOT_STARTED]} = 5 THEN 'NOT_STARTED'
        ELSE {STATE} END,
    'score', jsonb_build_object('raw', 3.0, 'max', 6.0)
)
FROM generate_series(501, 500 + {MANY}) AS crowd (nth),
    unnest(ARRAY[{QUIZ}, {EXAM}]) AS tried (assessment)
WHERE nth % 2 = 1
"""
THEIRS = f"""
INSERT INTO past_attempts (tenant_id, assessment_id, user_id, number, data)
SELECT $1, assessment, 2 * nth, 1, jsonb_build_object(
    'number', 1, 'state', {STATE}, 'started_at', NULL, 'saved_at', NULL, 'submitted_at', NULL,
    'score', 2.0, 'max', 6.0, 'late', false
)
FROM generate_series(501, 500 + {MANY}) AS crowd (nth),
    unnest(ARRAY[{QUIZ}, {EXAM}]) AS tried (assessment)
WHERE nth % 2 = 0
"""
BEGIN = f"""
INSERT INTO attempts (tenant_id, assessment_id, user_id, preview, number, data)
SELECT $1, {QUIZ}, $2::bigint, false, 1, jsonb_build_object(
    'place', jsonb_build_object(
        'tenant', $1::text, 'assessment', {QUIZ}, 'user', $2::bigint, 'number', 1
    ),
    'version', 1, 'definition_version', 1, 'state', 'IN_PROGRESS'
)
"""


async def fill(campus: Campus) -> None:
    async with campus.pool.acquire() as connection:
        for statement in (ENROLLED, OURS, THEIRS):
            await connection.execute(statement, campus.tenant)
        await connection.execute("VACUUM (ANALYZE) attempts, past_attempts, enrolments")


async def begins(campus: Campus, user: int) -> None:
    await campus.pool.execute(BEGIN, campus.tenant, user)
