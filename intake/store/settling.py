"""Writes the database anew after an epoch, so that neither it nor its times tell an order of arrival.

Large rows lie on the disk in the order in which they came, whatever their keys. Written anew they
lie in the order of the keys, which are random. What a disk itself still holds of freed blocks, and
the time at which its file system says that a file's entry changed, are beyond us.
"""

import datetime as dt
import os
import sqlite3
from collections.abc import Generator
from contextlib import closing, contextmanager
from pathlib import Path

from intake.epoch import Epoch
from intake.errors import StoreError

_PATIENCE = 60.0  # seconds


def written_anew(path: Path, epoch: Epoch) -> None:
    """Rewrite, empty the log of changes, note that it was done, and set the files' times.

    1. the rows, in the order of their random keys; 2. the log of changes, which holds them in the
    old order too, is emptied; 3. it is noted; 4. the file times become the epoch's end.

    Where a crash ends it before (3), it is done again. Raises `StoreError` where the store is in
    use for a minute, or the disk has no room for a second copy.
    """
    try:
        with closing(_connected(path)) as connection, _beside(connection, path.parent):
            # (1)
            connection.execute("VACUUM")
            # (2)
            _empty_log(connection)
            # (3)
            connection.execute("UPDATE closing SET settled = ?", (str(epoch),))
            _empty_log(connection)
    except sqlite3.Error as error:
        raise StoreError(
            f"the store could not be written anew ({_name(error)})",
            "it needs as much free room as it is large; then run `intake epoch` again",
        ) from None
    # (4)
    _set_times(path, epoch)


def _name(error: sqlite3.Error) -> str:
    return getattr(error, "sqlite_errorname", "") or "unknown error"


def _connected(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=_PATIENCE, isolation_level=None)
    for pragma in ("synchronous = FULL", "secure_delete = ON", "trusted_schema = OFF"):
        connection.execute(f"PRAGMA {pragma}")
    # Not in memory, which a large store would fill.
    connection.execute("PRAGMA temp_store = FILE")
    return connection


@contextmanager
def _beside(connection: sqlite3.Connection, folder: Path) -> Generator[None]:
    """Let SQLite put its copy, a nameless file, on the store's own disk and nowhere else.

    The pragma is a deprecated one. Where it is gone the copy, ciphertext like the store, lies in
    the system's own folder for such files. The environment's word is read too early to be of use.
    """
    _set_temporary(connection, str(folder))
    try:
        yield
    finally:
        _set_temporary(connection, "")


def _set_temporary(connection: sqlite3.Connection, folder: str) -> None:
    quoted = folder.replace("'", "''")
    connection.execute(f"PRAGMA temp_store_directory = '{quoted}'")


def _empty_log(connection: sqlite3.Connection) -> None:
    busy = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    if busy:
        raise StoreError("the store is busy", "run `intake epoch` again")


def _set_times(path: Path, epoch: Epoch) -> None:
    end = dt.datetime.combine(epoch.monday + dt.timedelta(weeks=1), dt.time(), dt.UTC)
    for file in path.parent.glob(f"{path.name}*"):
        os.utime(file, (end.timestamp(), end.timestamp()))
