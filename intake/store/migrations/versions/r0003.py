"""Version 2 had no log; what is kept waits for the next close."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the log's tables, and give a submission its number there."""
    op.add_column("submission", sa.Column("leaf", sa.Integer))
    for name in ("entry", "opening"):
        op.create_table(
            name,
            sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
            sa.Column("content", sa.LargeBinary, nullable=False),
        )
    closing = op.create_table(
        "closing",
        sa.Column("closed", sa.String, nullable=False),
        sa.Column("settled", sa.String, nullable=False),
    )
    op.bulk_insert(closing, [{"closed": "", "settled": ""}])
