"""Brings a store of an older version to this one, in one transaction; loses nothing of it."""

from collections.abc import Callable
from typing import Final

from sqlalchemy import Connection, select, update

from intake.store import leaves, tables, week


def brought_up(connection: Connection) -> dict[str, str]:
    """What `meta` says, after every step from an older version was taken."""
    rows = _meta(connection)
    if rows.get("version") not in _STEPS:
        return rows
    connection.rollback()
    # Alone: two processes may open it at once, and SQLite's driver begins nothing for a table.
    connection.exec_driver_sql("BEGIN IMMEDIATE")
    while (version := _meta(connection).get("version")) in _STEPS:
        to, step = _STEPS[version]
        step(connection)
        row = update(tables.meta).where(tables.meta.c.key == "version")
        connection.execute(row.values(value=to))
    rows = _meta(connection)
    connection.commit()
    return rows


def _from_1(connection: Connection) -> None:
    """Version 1 did not count; what came in this epoch so far stays uncounted."""
    tables.week.create(connection)
    week.begin(connection)


def _from_2(connection: Connection) -> None:
    """Version 2 had no log; what is kept waits for the next close."""
    connection.exec_driver_sql("ALTER TABLE submission ADD COLUMN leaf INTEGER")
    connection.exec_driver_sql(_OPENING_OF_3)
    for table in (tables.entry, tables.closing):
        table.create(connection)
    leaves.begin(connection, None)


def _from_3(connection: Connection) -> None:
    """Version 3 let go of nothing, and found no opening by what it names."""
    connection.exec_driver_sql("ALTER TABLE submission ADD COLUMN withdrawn VARCHAR")
    for table in (tables.event, tables.statement):
        table.create(connection)
    for name in ("envelope", "withdraw"):
        connection.exec_driver_sql(f"ALTER TABLE opening ADD COLUMN {name} BLOB")
    for index in tables.opening.indexes:
        index.create(connection)
    leaves.name_openings(connection)


def _from_4(connection: Connection) -> None:
    """Version 4 had no board; the first batch comes with the next close."""
    tables.board.create(connection)


_OPENING_OF_3: Final = """
    CREATE TABLE opening (number INTEGER NOT NULL, content BLOB NOT NULL, PRIMARY KEY (number))
"""
_STEPS: Final[dict[str, tuple[str, Callable[[Connection], None]]]] = {
    "1": ("2", _from_1),
    "2": ("3", _from_2),
    "3": ("4", _from_3),
    "4": ("5", _from_4),
}


def _meta(connection: Connection) -> dict[str, str]:
    return {row.key: row.value for row in connection.execute(select(tables.meta))}
