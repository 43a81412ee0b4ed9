"""Classes are planned here as well; who sees them is asked as of the monolith's."""

from alembic import op

from services.live_class import rights
from services.live_class.schedule import tables

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    guarded = rights.guard("planned_classes")
    granted = rights.grant(tables.RIGHTS, "planned_classes", "applied")
    for statement in (*tables.STATEMENTS, *guarded, granted):
        op.execute(statement)
