"""The projection's tables: every key begins with the tenant, ids are the monolith's."""

TABLES = {
    "people": """
        tenant_id text NOT NULL,
        id bigint NOT NULL,
        name text NOT NULL,
        locale text NOT NULL,
        roles text[] NOT NULL,
        PRIMARY KEY (tenant_id, id)""",
    "courses": """
        tenant_id text NOT NULL,
        id bigint NOT NULL,
        title text NOT NULL,
        code text NOT NULL,
        PRIMARY KEY (tenant_id, id)""",
    "enrolments": """
        tenant_id text NOT NULL,
        course_id bigint NOT NULL,
        user_id bigint NOT NULL,
        role text NOT NULL,
        PRIMARY KEY (tenant_id, course_id, user_id)""",
    "modules": """
        tenant_id text NOT NULL,
        id bigint NOT NULL,
        course_id bigint NOT NULL,
        position int NOT NULL,
        title text NOT NULL,
        PRIMARY KEY (tenant_id, id)""",
    "lessons": """
        tenant_id text NOT NULL,
        id bigint NOT NULL,
        course_id bigint NOT NULL,
        module_id bigint,
        position int NOT NULL,
        title text NOT NULL,
        kind text NOT NULL,
        PRIMARY KEY (tenant_id, id)""",
    # `definition` is an AssessmentChanged without its items, which most readers do not want.
    "assessments": """
        tenant_id text NOT NULL,
        id bigint NOT NULL,
        course_id bigint NOT NULL,
        position int NOT NULL,
        definition jsonb NOT NULL,
        items jsonb NOT NULL,
        PRIMARY KEY (tenant_id, id)""",
    "completions": """
        tenant_id text NOT NULL,
        course_id bigint NOT NULL,
        user_id bigint NOT NULL,
        lesson_id bigint NOT NULL,
        PRIMARY KEY (tenant_id, course_id, user_id, lesson_id)""",
    "counts": """
        tenant_id text NOT NULL,
        course_id bigint NOT NULL,
        user_id bigint NOT NULL,
        done int NOT NULL,
        PRIMARY KEY (tenant_id, course_id, user_id)""",
}

INDEXES = {
    "enrolments_by_user": "enrolments (tenant_id, user_id)",
    "modules_by_course": "modules (tenant_id, course_id)",
    "lessons_by_course": "lessons (tenant_id, course_id)",
    "assessments_by_course": "assessments (tenant_id, course_id)",
}

# By it a course's learners are paged and counted.
ROSTERS = """
CREATE INDEX enrolments_by_role ON enrolments (tenant_id, course_id, role, user_id)
"""

STATEMENTS = (
    *(f"CREATE TABLE {name} ({columns})" for name, columns in TABLES.items()),
    *(f"CREATE INDEX {name} ON {target}" for name, target in INDEXES.items()),
)
"""For a migration, which runs one statement at a time."""
