"""Rosters are paged and counted without a look at those who teach."""

from alembic import op

from services.progress import tables

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.execute(tables.ROSTERS)
