"""Version 3 let go of nothing, and found no opening by what it names."""

import sqlalchemy as sa
from alembic import op

from intake.store import in_log

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make what a withdrawal and a release need, and note what each opening is found by."""
    op.add_column("submission", sa.Column("withdrawn", sa.String))
    op.create_table(
        "event",
        sa.Column("id", sa.LargeBinary(16), primary_key=True),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "statement",
        sa.Column("id", sa.LargeBinary(16), primary_key=True),
        sa.Column("content", sa.LargeBinary, nullable=False, unique=True),
        sqlite_with_rowid=False,
    )
    for name in ("envelope", "withdraw"):
        op.add_column("opening", sa.Column(name, sa.LargeBinary(32)))
        op.create_index(f"ix_opening_{name}", "opening", [name])
    in_log.name_openings(op.get_bind())
