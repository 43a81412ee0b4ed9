"""How far analytics is in each feed, and what it has told."""

from alembic import op

from services.analytics import tables

revision = "0001"
down_revision = None


def upgrade() -> None:
    for statement in tables.STATEMENTS:
        op.execute(statement)
