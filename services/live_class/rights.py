"""What the service's connections may do: as a role that owns nothing, one tenant at a time."""

from services.live_class import tables
from services.live_class.room.tables import TABLES

WORKER = "banyan_live_class_worker"

# Two databases of one server may be made at once, and share the role.
MAKE_WORKER = f"""
DO $$
BEGIN
    IF to_regrole('{WORKER}') IS NULL THEN
        CREATE ROLE {WORKER} NOLOGIN;
    END IF;
    IF NOT pg_has_role(current_user, '{WORKER}', 'MEMBER') THEN
        GRANT {WORKER} TO CURRENT_USER;
    END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN
    NULL;
END
$$
"""

SHARED = ("outbox", "command_keys")
"""Their owner passes on and forgets all tenants' rows; the worker sees one tenant's."""

PROJECTED = tuple(tables.TABLES)
"""The projector writes all tenants' rows; the worker reads one tenant's."""

OWN = "tenant_id = current_setting('banyan.tenant', true)"


def guard(table: str) -> list[str]:
    return [
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"CREATE POLICY own ON {table} USING ({OWN}) WITH CHECK ({OWN})",
    ]


def grant(what: str, *names: str) -> str:
    return f"GRANT {what} ON {', '.join(names)} TO {WORKER}"


STATEMENTS = (
    MAKE_WORKER,
    *(one for table in (*TABLES, *SHARED, *PROJECTED) for one in guard(table)),
    *(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY" for table in TABLES),
    grant("SELECT", *PROJECTED),
    grant("SELECT, INSERT", "outbox", "tenants"),
    grant("SELECT, INSERT, UPDATE", "command_keys", "streams"),
    grant("SELECT, INSERT, UPDATE, DELETE", *TABLES),
)
"""For a migration, which runs one statement at a time."""
