"""What Alembic runs: the steps that are lacking, in the transaction of whoever asks."""

from typing import cast

from alembic import context
from sqlalchemy import Connection

from intake.store import tables

_connection = cast("Connection", context.config.attributes["connection"])
context.configure(
    connection=_connection,
    target_metadata=tables.metadata,
    version_table=tables.revision.name,
    transactional_ddl=True,  # SQLite can, where its driver does not end what was begun
)
context.run_migrations()
