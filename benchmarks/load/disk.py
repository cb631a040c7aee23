"""What the disk gives when nothing is done but to keep: the peer of a rate of submissions."""

import os
import sqlite3
import time
from contextlib import closing
from pathlib import Path


def bare_commits(folder: Path, size: int, seconds: float) -> float:
    """How many rows of so many random bytes SQLite commits a second, one each, WAL and FULL."""
    path = folder / "bare.sqlite"
    rows = [os.urandom(size) for _ in range(16)]
    count = 0
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("CREATE TABLE kept (sealed BLOB NOT NULL)")
        begun = time.perf_counter()
        while (took := time.perf_counter() - begun) < seconds:
            connection.execute("INSERT INTO kept VALUES (?)", (rows[count % len(rows)],))
            count += 1
    path.unlink()
    return count / took
