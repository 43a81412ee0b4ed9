"""Submissions are paged and counted by their state."""

from alembic import op

from services.assessment import tables

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    for statement in tables.SUBMISSIONS:
        op.execute(statement)
