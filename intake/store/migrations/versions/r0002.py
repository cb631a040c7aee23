"""Version 1 did not count; what came in this epoch so far stays uncounted."""

import sqlalchemy as sa
from alembic import op

from intake.store.tables import BIG

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the one row that counts."""
    week = op.create_table(
        "week",
        sa.Column("epoch", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("bytes", BIG, nullable=False),
        sa.Column("told", sa.Integer, nullable=False),
    )
    op.bulk_insert(week, [{"epoch": 0, "bytes": 0, "told": 0}])
