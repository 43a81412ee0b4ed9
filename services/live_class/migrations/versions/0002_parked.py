"""Events that could not be applied, and those that were skipped, are kept."""

from alembic import op

from services.events import tables as events

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    for statement in events.PARKING:
        op.execute(statement)
