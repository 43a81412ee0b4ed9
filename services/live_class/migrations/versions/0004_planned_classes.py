"""Classes are planned here as well; who sees them is asked as of the monolith's."""

from alembic import op

from services.live_class import rights
from services.live_class.schedule import tables

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    own = (rights.guard("planned_classes"), [rights.grant(tables.RIGHTS, "planned_classes")])
    for statement in (*tables.STATEMENTS, *(one for group in own for one in group)):
        op.execute(statement)
