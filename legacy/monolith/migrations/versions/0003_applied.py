"""How much of each of the other side's streams has been brought back into these tables."""

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.execute("CREATE TABLE applied (stream text PRIMARY KEY, version bigint NOT NULL)")


def downgrade() -> None:
    op.execute("DROP TABLE applied")
