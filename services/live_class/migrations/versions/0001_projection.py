"""The projection, and how far it has come in the feed; no event begins here yet."""

from alembic import op

from services.events import tables as events
from services.live_class import tables

revision = "0001"
down_revision = None


def upgrade() -> None:
    for statement in (*events.PROJECTION_TABLES, *tables.STATEMENTS):
        op.execute(statement)
