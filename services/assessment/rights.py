"""What the service's connections may do: as a role that owns nothing, one tenant at a time."""

from services.assessment.tables import SPLIT_TABLES, TABLES

WORKER = "banyan_assessment_worker"

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

KEPT = ("definitions", "grants", "attempt_events")
"""What is written once, for good."""

SHARED = ("outbox", "command_keys")
"""Their owner passes on and forgets all tenants' rows; the worker sees one tenant's."""

NAMELESS = ("applied", "positions")
"""They say nothing of anybody."""

OWN = "tenant_id = current_setting('banyan.tenant', true)"


def _guard(table: str) -> list[str]:
    return [
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"CREATE POLICY own ON {table} USING ({OWN}) WITH CHECK ({OWN})",
    ]


def _grant(what: str, *tables: str) -> str:
    return f"GRANT {what} ON {', '.join(tables)} TO {WORKER}"


TENANT_TABLES = (*TABLES, *SPLIT_TABLES)
CHANGING = tuple(name for name in TENANT_TABLES if name not in KEPT)

PARKING = (_grant("SELECT, INSERT, UPDATE, DELETE", "parked"),)
"""What cannot be read has no tenant's table to stand in: only the projector reads it."""

OUTAGES = (_grant("SELECT, INSERT, UPDATE", "beat", "outages"),)
"""They are all tenants' alike, and say nothing of anybody."""

STATEMENTS = (
    MAKE_WORKER,
    *(one for table in (*TENANT_TABLES, *SHARED) for one in _guard(table)),
    *(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY" for table in TENANT_TABLES),
    _grant("SELECT, INSERT", *KEPT, "outbox", "tenants"),
    _grant("SELECT, INSERT, UPDATE", *CHANGING, "command_keys", *NAMELESS),
    _grant("UPDATE (removed)", "definitions"),
    _grant("DELETE", "enrolments", "past_attempts"),
)
"""For a migration, which runs one statement at a time."""
