"""How an SQLite store is opened, and how every store's errors are told; nothing of what is in it."""

import sqlite3
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import (
    URL,
    ClauseElement,
    Connection,
    CursorResult,
    Dialect,
    Engine,
    create_engine,
    event,
)
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import ConnectionPoolEntry

from intake.errors import StoreError

_SQLITE = sqlite.dialect(paramstyle="qmark")
_DAMAGED = "the store is damaged, or is no store", "restore it from a backup"


class Ready:
    """A statement that is put into SQL once, and not for each letter: that took half the time.

    `postgresql` gives what is said instead to that engine, where it needs other words. It is asked,
    and what knows that engine is loaded, when there is one: few sites have it.
    """

    def __init__(
        self, statement: ClauseElement, postgresql: Callable[[], ClauseElement] | None = None
    ) -> None:
        self._sqlite = _Compiled(statement, _SQLITE)
        self._other = postgresql or (lambda: statement)
        self._postgresql: _Compiled | None = None

    def run(self, connection: Connection, **values: object) -> CursorResult[Any]:
        """Execute it with these values."""
        return connection.exec_driver_sql(*self.said(connection, values))

    def said(
        self, connection: Connection, values: Mapping[str, object]
    ) -> tuple[str, tuple[object, ...]]:
        """Its SQL for this engine, and the values in their order."""
        if connection.dialect.name == _SQLITE.name:
            return self._sqlite.said(values)
        if self._postgresql is None:
            self._postgresql = _Compiled(self._other(), _postgresql())
        return self._postgresql.said(values)


def _postgresql() -> Dialect:
    from sqlalchemy.dialects.postgresql import psycopg

    return psycopg.dialect(paramstyle="format")  # type: ignore[no-untyped-call]


def mark_of(connection: Connection) -> str:
    """What stands for a value in SQL of our own."""
    return "?" if connection.dialect.name == _SQLITE.name else "%s"


class _Compiled:
    def __init__(self, statement: ClauseElement, dialect: Dialect) -> None:
        compiled: Any = statement.compile(dialect=dialect)
        self._sql: str = compiled.string
        self._names: list[str] = compiled.positiontup
        self._constants: dict[str, object] = compiled.params

    def said(self, values: Mapping[str, object]) -> tuple[str, tuple[object, ...]]:
        known = {**self._constants, **values}
        return self._sql, tuple(known[name] for name in self._names)


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
        # KiB: every thread has a connection for weeks, and each piece of a file fills its cache.
        "cache_size = -512",
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
    except UnicodeDecodeError:
        # SQLite quotes a damaged schema in its error, and its driver takes that for UTF-8.
        raise StoreError(*_DAMAGED) from None


def _phrase(cause: Any) -> tuple[str, str]:
    if not isinstance(cause, sqlite3.Error):
        return _phrase_of_state(getattr(cause, "sqlstate", None) or "")
    name = getattr(cause, "sqlite_errorname", "")
    # The second is of a file beside it, which each who opens it needs.
    if name.startswith(("SQLITE_FULL", "SQLITE_IOERR_SHMSIZE")):
        return "the store is full", "free some space on its disk"
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return "the store is busy", "try again"
    if name.startswith(("SQLITE_NOTADB", "SQLITE_CORRUPT")):
        return _DAMAGED
    return f"the store cannot be used ({name or 'unknown error'})", "look at its disk and its owner"


NOT_CONFIRMED = "IN001"  # our own, of a class that PostgreSQL has no state in
_UNREACHABLE = "the store's server cannot be reached", "look whether it runs; then try again"
_BUSY = "the store is busy", "try again"
# By a state, or by the class that it begins with.
_PHRASES = {
    NOT_CONFIRMED: ("the store's second copy did not confirm what was written", "try again"),
    "53100": ("the store is full", "free some space on its disk"),
    **dict.fromkeys(("55P03", "40", "25P03", "53300"), _BUSY),
    "25006": ("the store's server is a copy that takes nothing", "name the server that writes"),
    "28": ("the store's server does not know us", "look at pg_hba.conf and pg_ident.conf"),
    "3D": ("the store's server has no such database", "make it: see deploy/postgresql.md"),
    "42501": ("the store's server does not let us", "give the rights of deploy/postgresql.md"),
    **dict.fromkeys(("XX001", "XX002"), _DAMAGED),
    **dict.fromkeys(("", "08", "57"), _UNREACHABLE),
}


def _phrase_of_state(state: str) -> tuple[str, str]:
    """PostgreSQL's own words are never said: they can hold a row."""
    unknown = f"the store cannot be used ({state})", "look at the server's disk and its rights"
    return _PHRASES.get(state) or _PHRASES.get(state[:2]) or unknown
