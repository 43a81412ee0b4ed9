"""Classes are planned here as well, and it is known which of them the monolith holds."""

from alembic import op

from services.live_class import rights
from services.live_class.schedule import tables

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    guarded = [*rights.guard("planned_classes"), *rights.guard("old_rooms")]
    granted = [
        rights.grant(tables.RIGHTS, "planned_classes", "applied"),
        rights.grant("SELECT", "old_rooms"),
    ]
    for statement in (*tables.STATEMENTS, *guarded, *granted):
        op.execute(statement)
