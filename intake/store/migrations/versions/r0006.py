"""Version 5 noted its version in `meta` alone; the table of revisions is there before any step."""

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Change nothing more."""
