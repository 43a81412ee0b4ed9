"""The tables of classes as they are held: every key begins with the tenant and the class.

A learner's rows are their own: joining, leaving and hands never touch the room's row, which is the
teachers' and the ticker's.
"""

TABLES = {
    # Each `…_version` is the room's version when that last changed. What was told of presence and
    # hands stands here: `ring` has the last ticks, the newest of which is number `ticks`.
    "rooms": """
        tenant_id text NOT NULL,
        live_class text NOT NULL,
        course_id bigint NOT NULL,
        epoch text NOT NULL DEFAULT left(gen_random_uuid()::text, 8),
        state text NOT NULL,
        version bigint NOT NULL DEFAULT 1,
        state_version bigint NOT NULL DEFAULT 1,
        presence_version bigint NOT NULL DEFAULT 1,
        hands_version bigint NOT NULL DEFAULT 1,
        breakouts_version bigint NOT NULL DEFAULT 1,
        present int NOT NULL DEFAULT 0,
        ticks bigint NOT NULL DEFAULT 0,
        ring jsonb NOT NULL DEFAULT '[]',
        hands jsonb NOT NULL DEFAULT '[]',
        ticked_at timestamptz NOT NULL DEFAULT '-infinity',
        forgotten_at timestamptz NOT NULL,
        opened_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        started_at timestamptz,
        ended_at timestamptz,
        PRIMARY KEY (tenant_id, live_class)""",
    # `version` is that of the participant's stream; one who left keeps the breakout to return to.
    "participants": """
        tenant_id text NOT NULL,
        live_class text NOT NULL,
        user_id bigint NOT NULL,
        name text NOT NULL,
        role text NOT NULL,
        region text NOT NULL,
        breakout int,
        joined_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        left_at timestamptz,
        version bigint NOT NULL DEFAULT 1,
        PRIMARY KEY (tenant_id, live_class, user_id)""",
    # Who was told to be there.
    "presences": """
        tenant_id text NOT NULL,
        live_class text NOT NULL,
        user_id bigint NOT NULL,
        PRIMARY KEY (tenant_id, live_class, user_id)""",
    "hands": """
        tenant_id text NOT NULL,
        live_class text NOT NULL,
        user_id bigint NOT NULL,
        raised_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        PRIMARY KEY (tenant_id, live_class, user_id)""",
    "breakouts": """
        tenant_id text NOT NULL,
        live_class text NOT NULL,
        number int NOT NULL,
        name text NOT NULL,
        ends_at timestamptz,
        PRIMARY KEY (tenant_id, live_class, number)""",
}

INDEXES = {
    "rooms_open": "rooms (tenant_id, live_class) WHERE state <> 'ENDED'",
    "hands_in_order": "hands (tenant_id, live_class, raised_at, user_id)",
    "breakouts_due": "breakouts (tenant_id, ends_at)",
}

# Whoever goes round looks at each tenant's rows by its name, and learns the names here.
TENANTS = "CREATE TABLE tenants (tenant_id text PRIMARY KEY)"

# Who teaches a course; null: not known since before there was this column.
ROLES = "ALTER TABLE enrolments ADD COLUMN role text"

STATEMENTS = (
    ROLES,
    *(f"CREATE TABLE {name} ({columns})" for name, columns in TABLES.items()),
    *(f"CREATE INDEX {name} ON {target}" for name, target in INDEXES.items()),
    TENANTS,
)
"""For a migration, which runs one statement at a time."""
