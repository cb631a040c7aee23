"""How the store's database is opened, and how its errors are told; nothing of what is in it."""

import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, ClauseElement, Connection, CursorResult, Engine, create_engine, event
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import ConnectionPoolEntry

from intake.errors import StoreError

_DIALECT = sqlite.dialect(paramstyle="qmark")


class Ready:
    """A statement that is put into SQL once, and not for each letter: that took half the time."""

    def __init__(self, statement: ClauseElement) -> None:
        compiled: Any = statement.compile(dialect=_DIALECT)
        self._sql: str = compiled.string
        self._names: list[str] = compiled.positiontup
        self._constants: dict[str, object] = compiled.params

    def run(self, connection: Connection, **values: object) -> CursorResult[Any]:
        """Execute it with these values."""
        known = self._constants | values
        return connection.exec_driver_sql(self._sql, tuple(known[name] for name in self._names))


def connected(path: Path) -> Engine:
    """The engine of the database at `path`, which is made where nothing is there."""
    # Parameters are rows of ciphertext and openings: they never stand in an error's text.
    engine = create_engine(
        # In a URL's text a path with `?` or `%` would name another file, or none.
        URL.create("sqlite", database=str(path)),
        hide_parameters=True,
        connect_args={"timeout": 15.0},
        max_overflow=-1,  # as many connections as threads: nobody is turned away for want of one
    )
    event.listen(engine, "connect", _set_pragmas)
    return engine


def _set_pragmas(connection: sqlite3.Connection, _: ConnectionPoolEntry) -> None:
    for pragma in (
        "journal_mode = WAL",
        "synchronous = FULL",  # acknowledged means durable
        "secure_delete = ON",
        "temp_store = MEMORY",
        "trusted_schema = OFF",
    ):
        connection.execute(f"PRAGMA {pragma}")


@contextmanager
def telling() -> Generator[None]:
    """Turn the database's errors into ours, which say nothing of what was being written."""
    try:
        yield
    except DBAPIError as error:
        raise StoreError(*_phrase(error.orig)) from None


def _phrase(cause: Any) -> tuple[str, str]:
    name = getattr(cause, "sqlite_errorname", "")
    if name.startswith("SQLITE_FULL"):
        return "the store is full", "free some space on its disk"
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return "the store is busy", "try again"
    if name.startswith(("SQLITE_NOTADB", "SQLITE_CORRUPT")):
        return "the store is damaged, or is no store", "restore it from a backup"
    return f"the store cannot be used ({name or 'unknown error'})", "look at its disk and its owner"
