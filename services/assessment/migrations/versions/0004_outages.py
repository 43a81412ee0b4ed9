"""When the service last served is known, and what it was away for."""

from alembic import op

from services.assessment import rights, tables

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    for statement in (*tables.OUTAGES, *rights.OUTAGES):
        op.execute(statement)
