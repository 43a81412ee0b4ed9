"""Classes are held here: rooms and who is in them, what commands remember, an outbox, rights."""

from alembic import op

from services.commands import tables as commands
from services.events import tables as events
from services.live_class import rights
from services.live_class.room import tables

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    own = (*tables.STATEMENTS, *rights.STATEMENTS)
    for statement in (*events.OUTGOING, *commands.STATEMENTS, *own):
        op.execute(statement)
