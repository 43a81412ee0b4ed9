"""The projection, what a command remembers, and the tables of events."""

from alembic import op

from services.commands import tables as commands
from services.contracts.events import PARTITIONS
from services.events import tables as events
from services.progress import tables

revision = "0001"
down_revision = None

# It writes into the monolith what was completed here, and must not miss the beginning.
EXPECT_MIRROR = f"""
INSERT INTO consumers (name, partition, position)
SELECT 'mirror', generate_series(0, {PARTITIONS - 1}), 0
"""


def upgrade() -> None:
    for statement in (*events.STATEMENTS, *commands.STATEMENTS, *tables.STATEMENTS):
        op.execute(statement)
    op.execute(EXPECT_MIRROR)
