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
    for table in (tables.entry, tables.opening, tables.closing):
        table.create(connection)
    leaves.begin(connection, None)


_STEPS: Final[dict[str, tuple[str, Callable[[Connection], None]]]] = {
    "1": ("2", _from_1),
    "2": ("3", _from_2),
}


def _meta(connection: Connection) -> dict[str, str]:
    return {row.key: row.value for row in connection.execute(select(tables.meta))}
