"""What PostgreSQL's files tell of the tables, and how that is made to say nothing.

A table's file holds rows in the order in which they came, with the number of each one's
transaction; pieces that are too large for a page lie in a file beside it under numbers that are
counted up. VACUUM FULL and CLUSTER keep those numbers. So each table is emptied and filled again
from a copy, in the order of its keys, by one transaction. That also leaves nothing of what was
deleted. Of what a disk still holds of freed blocks, and of copies of the server, SECURITY.md.
"""

from sqlalchemy import Connection, LargeBinary, Table

from intake.store import tables


def keep_to_themselves(connection: Connection) -> None:
    """Let the server note nothing of the rows elsewhere; to be said again after every new column.

    ANALYZE copies values into the server's statistics, where they outlive their rows; and when it
    last ran by itself, or VACUUM did, tells when so many rows had come.
    """
    for table in tables.metadata.sorted_tables:
        name = _quoted(connection, table)
        large = any(isinstance(column.type, LargeBinary) for column in table.columns)
        options = "autovacuum_enabled = false"
        if large:
            options += ", toast.autovacuum_enabled = false"
        connection.exec_driver_sql(f"ALTER TABLE {name} SET ({options})")
        for column in table.columns:
            connection.exec_driver_sql(
                f"ALTER TABLE {name} ALTER COLUMN {column.name} SET STATISTICS 0"
            )


def rewrite(connection: Connection) -> None:
    """Empty each table and fill it from a copy; in a transaction that is alone."""
    connection.exec_driver_sql("SET LOCAL lock_timeout = 60000")
    for table in tables.metadata.sorted_tables:
        name = _quoted(connection, table)
        order = ", ".join(column.name for column in table.primary_key) or "1"
        for words in (
            f"LOCK TABLE {name} IN ACCESS EXCLUSIVE MODE",
            f"CREATE TEMPORARY TABLE anew ON COMMIT DROP AS TABLE {name}",
            f"TRUNCATE {name}",
            f"INSERT INTO {name} SELECT * FROM anew ORDER BY {order}",  # noqa: S608 - our own names
            "DROP TABLE anew",
        ):
            connection.exec_driver_sql(words)


def drop_old_changes(connection: Connection) -> None:
    """Have the server remove its log of changes until here, which holds all rows as they came."""
    connection.exec_driver_sql("SELECT pg_switch_wal()")
    connection.commit()
    connection.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql("CHECKPOINT")


def _quoted(connection: Connection, table: Table) -> str:
    return connection.dialect.identifier_preparer.format_table(table)
