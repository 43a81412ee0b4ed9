"""The projection's tables: every key begins with the tenant, ids are the monolith's."""

# Of courses, people and enrolments there is only what tells who may see which class.
TABLES = {
    "courses": """
        tenant_id text NOT NULL,
        id bigint NOT NULL,
        PRIMARY KEY (tenant_id, id)""",
    "people": """
        tenant_id text NOT NULL,
        id bigint NOT NULL,
        name text NOT NULL,
        operates boolean NOT NULL,
        PRIMARY KEY (tenant_id, id)""",
    "enrolments": """
        tenant_id text NOT NULL,
        user_id bigint NOT NULL,
        course_id bigint NOT NULL,
        PRIMARY KEY (tenant_id, user_id, course_id)""",
    "classes": """
        tenant_id text NOT NULL,
        id bigint NOT NULL,
        course_id bigint NOT NULL,
        title text NOT NULL,
        teacher_id bigint,
        starts_at timestamptz NOT NULL,
        ends_at timestamptz NOT NULL,
        PRIMARY KEY (tenant_id, id)""",
}

INDEXES = {"classes_by_course": "classes (tenant_id, course_id, starts_at, id)"}

STATEMENTS = (
    *(f"CREATE TABLE {name} ({columns})" for name, columns in TABLES.items()),
    *(f"CREATE INDEX {name} ON {target}" for name, target in INDEXES.items()),
)
"""For a migration, which runs one statement at a time."""
