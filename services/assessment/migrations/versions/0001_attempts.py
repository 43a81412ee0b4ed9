"""Attempts and what they are judged by, what commands remember, the tables of events, rights."""

from alembic import op

from services.assessment import rights, tables
from services.commands import tables as commands
from services.events import tables as events

revision = "0001"
down_revision = None


def upgrade() -> None:
    own = (*tables.STATEMENTS, *rights.STATEMENTS)
    for statement in (*events.STATEMENTS, *commands.STATEMENTS, *own):
        op.execute(statement)
