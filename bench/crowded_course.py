"""A course of as many learners as wanted, written straight into what the services have projected.

A teacher reads pages of projections: how rows came there is the affair of other benches.
"""

from dataclasses import dataclass

import asyncpg
import msgspec

from bench.system import System
from services.contracts.assessment import AssessmentKind, ScoringPolicy
from services.contracts.events import AssessmentChanged
from services.storage.server import with_database

PROGRESS, ASSESSMENT = "banyan_progress", "banyan_assessment"
TEACHER, COURSE, LESSONS, WEIGHT = 1, 1, 20, 25.0
ASSESSMENTS = range(101, 105)
FIRST = 1_000
"""The number of the first learner."""

# $1 is the tenant, $2 and $3 are the first and the last learner.
IN_PROGRESS = (
    f"INSERT INTO courses SELECT $1, {COURSE}, 'Crowded', 'C/1' WHERE $2 <= $3::bigint",
    "INSERT INTO people SELECT $1, one, 'Learner ' || one, 'en', '{LEARNER}'::text[]"
    " FROM generate_series($2::bigint, $3) AS crowd (one)"
    f" UNION ALL SELECT $1, {TEACHER}, 'Teacher', 'en', '{{TEACHER}}'::text[]",
    f"INSERT INTO enrolments SELECT $1, {COURSE}, one, 'LEARNER'"
    f" FROM generate_series($2::bigint, $3) AS crowd (one)"
    f" UNION ALL SELECT $1, {COURSE}, {TEACHER}, 'TEACHER'",
    f"INSERT INTO lessons SELECT $1, nth, {COURSE}, NULL, nth, 'Lesson', 'TEXT'"
    f" FROM generate_series(1, {LESSONS}) AS lessons (nth) WHERE $2 <= $3::bigint",
    f"INSERT INTO counts SELECT $1, {COURSE}, one, one % {LESSONS}"
    " FROM generate_series($2::bigint, $3) AS crowd (one)",
)
IN_ASSESSMENT = (
    "INSERT INTO tenants SELECT $1 WHERE $2 <= $3::bigint",
    f"INSERT INTO enrolments SELECT $1, {COURSE}, one, 'LEARNER'"
    f" FROM generate_series($2::bigint, $3) AS crowd (one)"
    f" UNION ALL SELECT $1, {COURSE}, {TEACHER}, 'TEACHER'",
    f"""INSERT INTO attempts (tenant_id, assessment_id, user_id, preview, number, data)
    SELECT $1, exam, one, false, 1, jsonb_build_object(
        'place', jsonb_build_object('tenant', $1::text, 'assessment', exam, 'user', one,
            'number', 1),
        'version', 4, 'definition_version', 1,
        'state', CASE WHEN one % 50 = 1 THEN 'PENDING_REVIEW' ELSE 'GRADED' END,
        'score', jsonb_build_object('raw', one % 11, 'max', 10.0)
    ) FROM generate_series($2::bigint, $3) AS crowd (one),
        generate_series({ASSESSMENTS.start}, {ASSESSMENTS.stop - 1}) AS exams (exam)
    WHERE one % 2 = 1""",
    f"""INSERT INTO past_attempts (tenant_id, assessment_id, user_id, number, data)
    SELECT $1, exam, one, 1, jsonb_build_object(
        'number', 1, 'state', 'GRADED', 'started_at', NULL, 'saved_at', NULL,
        'submitted_at', NULL, 'score', one % 11, 'max', 10.0, 'late', false
    ) FROM generate_series($2::bigint, $3) AS crowd (one),
        generate_series({ASSESSMENTS.start}, {ASSESSMENTS.stop - 1}) AS exams (exam)
    WHERE one % 2 = 0""",
)
DEFINE = "INSERT INTO definitions VALUES ($1, $2, 1, $3, $4::text::jsonb)"
DEFINE_THERE = "INSERT INTO assessments VALUES ($1, $2, $3, 1, $4::text::jsonb, '[]')"
SETTLE = "VACUUM (ANALYZE)"


@dataclass(frozen=True, slots=True)
class CrowdedCourse:
    """Each learner tried each of its assessments once, half of them at the old side."""

    tenant: str
    learners: int

    @property
    def users(self) -> range:
        return range(FIRST, FIRST + self.learners)

    async def write(self, running: System) -> None:
        await self._write(running, PROGRESS, IN_PROGRESS, DEFINE_THERE)
        await self._write(running, ASSESSMENT, IN_ASSESSMENT, DEFINE)

    async def _write(
        self, running: System, database: str, statements: tuple[str, ...], define: str
    ) -> None:
        db = await asyncpg.connect(with_database(running.at.database, database))
        try:
            for statement in statements:
                await db.execute(statement, self.tenant, self.users[0], self.users[-1])
            for exam in ASSESSMENTS:
                said = msgspec.json.encode(_definition(exam)).decode()
                await db.execute(define, self.tenant, exam, COURSE, said)
        finally:
            await db.close()


async def settle(running: System) -> None:
    """What the server does by itself before long."""
    for database in (PROGRESS, ASSESSMENT):
        db = await asyncpg.connect(with_database(running.at.database, database))
        await db.execute(SETTLE)
        await db.close()


def _definition(exam: int) -> AssessmentChanged:
    return AssessmentChanged(
        assessment=exam,
        course=COURSE,
        position=exam,
        title=f"Exam {exam}",
        kind=AssessmentKind.EXAM,
        opens_at=None,
        closes_at=None,
        time_limit_s=None,
        grace_s=0,
        attempts_allowed=None,
        scoring_policy=ScoringPolicy.HIGHEST,
        weight=WEIGHT,
        items=[],
    )
