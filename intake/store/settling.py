"""Writes the database anew after an epoch, so that neither it nor its times tell an order of arrival.

Large rows lie on the disk in the order in which they came, whatever their keys. Written anew they
lie in the order of the keys, which are random. What a disk itself still holds of freed blocks, and
the time at which its file system says that a file's entry changed, are beyond us.
"""

import os
import shutil
import sqlite3
from collections.abc import Generator
from contextlib import closing, contextmanager
from pathlib import Path

from intake.epoch import Epoch
from intake.errors import StoreError

_PATIENCE = 60.0  # seconds
_FRAME = 24  # bytes that the log of changes has before each page
# Bytes for what comes meanwhile. A store's own, for the layers above know of none below it; as many
# as a server keeps free on the disk before it takes anything (intake/budget.py).
_SPARE = 64 << 20


def written_anew(path: Path, epoch: Epoch) -> None:
    """Rewrite, empty the log of changes, and note that it was done.

    1. there must be room; 2. the rows, in the order of their random keys; 3. the log of changes,
    which holds them in the old order too, is emptied; 4. it is noted.

    Where a crash ends it before (4), it is done again. Raises `StoreError` where the store is in
    use for a minute, or the disk has no room for a second copy and a third.
    """
    with _telling(), closing(_connected(path)) as connection, _beside(connection, path.parent):
        # (1)
        _check_room(connection, path.parent)
        # (2)
        connection.execute("VACUUM")
        # (3)
        _empty_log(connection)
        # (4)
        connection.execute("UPDATE closing SET settled = ?", (str(epoch),))


def left_at(path: Path, epoch: Epoch) -> None:
    """Empty the log of changes, and let the files' times be the epoch's end; as often as one likes.

    Raises `StoreError` where the store is in use for a minute.
    """
    with _telling(), closing(_connected(path)) as connection:
        _empty_log(connection)
    # When the last connection is closed: that may be the one that removes the log of changes.
    _set_times(path, epoch)


@contextmanager
def _telling() -> Generator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise StoreError(
            f"the store could not be written anew ({_name(error)})",
            "it needs free room, twice as much as it is large; then run `intake epoch` again",
        ) from None


def _check_room(connection: sqlite3.Connection, folder: Path) -> None:
    """SQLite writes a copy, and then all of that once more into its log of changes."""
    pages, unused, size = (
        int(connection.execute(f"PRAGMA {name}").fetchone()[0])
        for name in ("page_count", "freelist_count", "page_size")
    )
    copy = (pages - unused) * (size + _FRAME)
    needed = 2 * copy + _SPARE
    if _free(folder) < needed:
        raise StoreError(
            "the disk has too little room to write the store anew; the week is closed all the same",
            f"free {-(-needed // 1_000_000)} MB, about twice its size, and run `intake epoch` again",
        )


def _free(folder: Path) -> int:
    return shutil.disk_usage(folder).free


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
    end = epoch.end
    for file in path.parent.glob(f"{path.name}*"):
        os.utime(file, (end.timestamp(), end.timestamp()))
