"""Version 4 had no board; the first batch comes with the next close."""

import sqlalchemy as sa
from alembic import op

from intake.store.tables import BIG

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Make the board."""
    op.create_table(
        "board",
        sa.Column("id", BIG, primary_key=True, autoincrement=False),
        sa.Column("batch", sa.String, nullable=False),
        sa.Column("digest", sa.LargeBinary(32), nullable=False, unique=True),
        sa.Column("content", sa.LargeBinary, nullable=False),
    )
