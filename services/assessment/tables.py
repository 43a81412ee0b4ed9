"""The service's tables: every key begins with the tenant, ids are the monolith's.

What learners do lies in three that are split by tenant: a heavy one may get a part of its own,
all others share eight.
"""

PARTS = 8
PLACE = "tenant_id, assessment_id, user_id, preview, number"
"""The key of an attempt."""

TABLES = {
    # The newest version that is not removed is the one that attempts begin with.
    "definitions": """
        tenant_id text NOT NULL,
        assessment_id bigint NOT NULL,
        version int NOT NULL,
        course_id bigint NOT NULL,
        data jsonb NOT NULL,
        removed boolean NOT NULL DEFAULT false,
        at timestamptz NOT NULL DEFAULT clock_timestamp(),
        PRIMARY KEY (tenant_id, assessment_id, version)""",
    "rules": """
        tenant_id text NOT NULL,
        assessment_id bigint NOT NULL,
        data jsonb NOT NULL,
        by bigint NOT NULL,
        at timestamptz NOT NULL DEFAULT clock_timestamp(),
        PRIMARY KEY (tenant_id, assessment_id)""",
    # `data` says all of it; `done_at` is set once no attempt waits for it any more.
    "regrades": """
        tenant_id text NOT NULL,
        assessment_id bigint NOT NULL,
        id int NOT NULL,
        data jsonb NOT NULL,
        at timestamptz NOT NULL DEFAULT clock_timestamp(),
        done_at timestamptz,
        PRIMARY KEY (tenant_id, assessment_id, id)""",
    "accommodations": """
        tenant_id text NOT NULL,
        assessment_id bigint NOT NULL,
        user_id bigint NOT NULL,
        multiplier float8 NOT NULL,
        extra_s bigint NOT NULL,
        extra_attempts int NOT NULL,
        PRIMARY KEY (tenant_id, assessment_id, user_id)""",
    # What accommodations came of.
    "grants": """
        tenant_id text NOT NULL,
        assessment_id bigint NOT NULL,
        user_id bigint NOT NULL,
        id bigint GENERATED ALWAYS AS IDENTITY,
        data jsonb NOT NULL,
        by bigint NOT NULL,
        at timestamptz NOT NULL DEFAULT clock_timestamp(),
        PRIMARY KEY (tenant_id, assessment_id, user_id, id)""",
    # The old side's; `data` is a PastAttempt.
    "past_attempts": """
        tenant_id text NOT NULL,
        assessment_id bigint NOT NULL,
        user_id bigint NOT NULL,
        number int NOT NULL,
        data jsonb NOT NULL,
        state text NOT NULL GENERATED ALWAYS AS (data ->> 'state') STORED,
        PRIMARY KEY (tenant_id, assessment_id, user_id, number)""",
    "people": """
        tenant_id text NOT NULL,
        id bigint NOT NULL,
        roles text[] NOT NULL,
        PRIMARY KEY (tenant_id, id)""",
    "enrolments": """
        tenant_id text NOT NULL,
        course_id bigint NOT NULL,
        user_id bigint NOT NULL,
        role text NOT NULL,
        PRIMARY KEY (tenant_id, course_id, user_id)""",
    # Which side a learner's attempts are made on.
    "pins": """
        tenant_id text NOT NULL,
        assessment_id bigint NOT NULL,
        user_id bigint NOT NULL,
        service boolean NOT NULL,
        PRIMARY KEY (tenant_id, assessment_id, user_id)""",
}

SPLIT_TABLES = {
    # `data` is the attempt without its answers; `due_at` is when time changes it by itself.
    "attempts": f"""
        tenant_id text NOT NULL,
        assessment_id bigint NOT NULL,
        user_id bigint NOT NULL,
        preview boolean NOT NULL,
        number int NOT NULL,
        data jsonb NOT NULL,
        due_at timestamptz,
        state text NOT NULL GENERATED ALWAYS AS (data ->> 'state') STORED,
        version int NOT NULL GENERATED ALWAYS AS ((data ->> 'version')::int) STORED,
        PRIMARY KEY ({PLACE})""",
    "answers": f"""
        tenant_id text NOT NULL,
        assessment_id bigint NOT NULL,
        user_id bigint NOT NULL,
        preview boolean NOT NULL,
        number int NOT NULL,
        item text NOT NULL,
        sequence bigint NOT NULL,
        data jsonb NOT NULL,
        PRIMARY KEY ({PLACE}, item)""",
    "attempt_events": f"""
        tenant_id text NOT NULL,
        assessment_id bigint NOT NULL,
        user_id bigint NOT NULL,
        preview boolean NOT NULL,
        number int NOT NULL,
        version int NOT NULL,
        at timestamptz NOT NULL,
        by bigint,
        data jsonb NOT NULL,
        PRIMARY KEY ({PLACE}, version)""",
}

INDEXES = (
    "CREATE INDEX definitions_by_course ON definitions (tenant_id, course_id)",
    "CREATE INDEX enrolments_by_user ON enrolments (tenant_id, user_id)",
    "CREATE INDEX regrades_to_do ON regrades (tenant_id, assessment_id) WHERE done_at IS NULL",
    """CREATE INDEX past_open ON past_attempts (tenant_id, assessment_id)
    WHERE state IN ('IN_PROGRESS', 'OVERDUE')""",
    """CREATE UNIQUE INDEX one_open ON attempts (tenant_id, assessment_id, user_id, preview)
    WHERE state IN ('IN_PROGRESS', 'OVERDUE')""",
    "CREATE INDEX attempts_due ON attempts (tenant_id, due_at) WHERE due_at IS NOT NULL",
)

# By these submissions are paged and counted, state by state, without a look at the attempts.
SUBMISSIONS = (
    """CREATE INDEX attempts_by_state ON attempts
    (tenant_id, assessment_id, state, user_id, number) WHERE NOT preview""",
    """CREATE INDEX past_by_state ON past_attempts
    (tenant_id, assessment_id, state, user_id, number)""",
)

# Whoever sweeps looks at each tenant's rows by its name, and learns the names here.
TENANTS = "CREATE TABLE tenants (tenant_id text PRIMARY KEY)"

# The one clock by which attempts are judged.
EXAM_NOW = """
CREATE FUNCTION exam_now() RETURNS timestamptz LANGUAGE sql VOLATILE AS 'SELECT clock_timestamp()'
"""

# One row says when the service last served anybody, or could have; a longer silence is an outage.
OUTAGES = (
    """CREATE TABLE beat (
        one boolean PRIMARY KEY DEFAULT true CHECK (one),
        at timestamptz NOT NULL)""",
    """CREATE TABLE outages (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        since timestamptz NOT NULL,
        until timestamptz NOT NULL,
        credited_at timestamptz)""",
)


def rest_of(table: str) -> str:
    """Where the rows of all tenants are that have no part of their own."""
    return f"{table}_rest"


def _split(table: str, columns: str) -> list[str]:
    rest = rest_of(table)
    return [
        f"CREATE TABLE {table} ({columns}) PARTITION BY LIST (tenant_id)",
        f"CREATE TABLE {rest} PARTITION OF {table} DEFAULT PARTITION BY HASH (tenant_id)",
        *(
            f"CREATE TABLE {rest}_{part} PARTITION OF {rest} "
            f"FOR VALUES WITH (MODULUS {PARTS}, REMAINDER {part})"
            for part in range(PARTS)
        ),
    ]


STATEMENTS = (
    *(f"CREATE TABLE {name} ({columns})" for name, columns in TABLES.items()),
    *(one for name, columns in SPLIT_TABLES.items() for one in _split(name, columns)),
    *INDEXES,
    TENANTS,
    EXAM_NOW,
)
"""For a migration, which runs one statement at a time."""
