"""The tables of the old platform, as they have always been: local times, and no foreign keys."""

from alembic import op

revision = "0001"
down_revision = None

TABLES = {
    "tenants": """
        id text PRIMARY KEY,
        name text NOT NULL,
        timezone text NOT NULL""",
    "people": """
        tenant_id text NOT NULL,
        id bigint NOT NULL,
        name text NOT NULL,
        email text NOT NULL,
        locale text NOT NULL,
        PRIMARY KEY (tenant_id, id)""",
    "roles": """
        tenant_id text NOT NULL,
        user_id bigint NOT NULL,
        role text NOT NULL CHECK (role IN ('LEARNER', 'TEACHER', 'PROCTOR', 'OPERATOR')),
        PRIMARY KEY (tenant_id, user_id, role)""",
    "courses": """
        tenant_id text NOT NULL,
        id bigint NOT NULL,
        code text NOT NULL,
        title text NOT NULL,
        touched_at timestamp NOT NULL,
        PRIMARY KEY (tenant_id, id)""",
    "enrolments": """
        tenant_id text NOT NULL,
        course_id bigint NOT NULL,
        user_id bigint NOT NULL,
        role text NOT NULL CHECK (role IN ('LEARNER', 'TEACHER')),
        PRIMARY KEY (tenant_id, course_id, user_id)""",
    "content": """
        tenant_id text NOT NULL,
        id bigint NOT NULL,
        course_id bigint NOT NULL,
        parent_id bigint,
        kind text NOT NULL CHECK (kind IN ('module', 'lesson', 'assessment')),
        position int NOT NULL,
        title text NOT NULL,
        body jsonb NOT NULL DEFAULT '{}',
        attempts jsonb NOT NULL DEFAULT '{}',
        PRIMARY KEY (tenant_id, id)""",
    "completions": """
        tenant_id text NOT NULL,
        lesson_id bigint NOT NULL,
        user_id bigint NOT NULL,
        course_id bigint NOT NULL,
        done_at timestamp NOT NULL,
        PRIMARY KEY (tenant_id, lesson_id, user_id)""",
    "timetable": """
        tenant_id text NOT NULL,
        id bigint NOT NULL,
        course_id bigint NOT NULL,
        title text NOT NULL,
        teacher_id bigint,
        starts timestamp NOT NULL,
        ends timestamp NOT NULL,
        PRIMARY KEY (tenant_id, id)""",
}

INDEXES = {
    "enrolments_by_user": "enrolments (tenant_id, user_id)",
    "content_by_course": "content (tenant_id, course_id)",
    # By course only: whoever asks for one learner's progress reads the whole course's.
    "completions_by_course": "completions (tenant_id, course_id)",
    "timetable_by_course": "timetable (tenant_id, course_id)",
}


def upgrade() -> None:
    for name, columns in TABLES.items():
        op.execute(f"CREATE TABLE {name} ({columns})")
    for name, target in INDEXES.items():
        op.execute(f"CREATE INDEX {name} ON {target}")


def downgrade() -> None:
    for name in TABLES:
        op.execute(f"DROP TABLE {name}")
