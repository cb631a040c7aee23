"""Submissions, and their pieces."""

import sqlalchemy as sa
from alembic import op

from intake.store.tables import BIG

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the first tables."""
    op.create_table(
        "meta",
        sa.Column("key", sa.String, primary_key=True),
        sa.Column("value", sa.String, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "submission",
        sa.Column("id", sa.LargeBinary(16), primary_key=True),
        sa.Column("status", sa.LargeBinary(16), nullable=False, unique=True),
        sa.Column("envelope", sa.LargeBinary(32), nullable=False, unique=True),
        sa.Column("opening", sa.LargeBinary, nullable=False),
        sa.Column("upload", sa.LargeBinary(16), nullable=False, unique=True),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "piece",
        sa.Column("id", BIG, primary_key=True, autoincrement=False),
        sa.Column("upload", sa.LargeBinary(16), nullable=False, index=True),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
    )
