"""The table of keys that stands in the database of each app that takes commands."""

KEYS = """
CREATE TABLE command_keys (
    tenant_id text NOT NULL,
    actor text NOT NULL,
    key text NOT NULL,
    digest bytea NOT NULL,
    reply jsonb,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (tenant_id, actor, key)
)
"""

BY_AGE = "CREATE INDEX command_keys_by_age ON command_keys (at)"

STATEMENTS = (KEYS, BY_AGE)
"""For a migration, which runs one statement at a time."""
