"""Version 5 told statements apart by all their bytes, for which PostgreSQL's indexes are too small."""

from hashlib import sha256

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Give each statement its SHA-256. The table of revisions is there before any step."""
    old = sa.table("statement", sa.column("id"), sa.column("content"))
    rows = op.get_bind().execute(sa.select(old)).all()
    op.drop_table("statement")
    new = op.create_table(
        "statement",
        sa.Column("id", sa.LargeBinary(16), primary_key=True),
        sa.Column("digest", sa.LargeBinary(32), nullable=False, unique=True),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sqlite_with_rowid=False,
    )
    op.bulk_insert(
        new,
        [
            {"id": row.id, "digest": sha256(row.content).digest(), "content": row.content}
            for row in rows
        ],
    )
