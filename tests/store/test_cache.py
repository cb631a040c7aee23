"""What threads that took files in go on to hold: the store's connections live as long as they do."""

import subprocess
import sys
from pathlib import Path

from intake.store import Store

# Eight threads, as many as a worker has, each take pieces of a file in, and stay.
TAKING = """
import os, sys, threading
from pathlib import Path
from intake.store import PIECE, Store, connecting
from intake.web.freed_memory import give_back
{}
give_back()
store = Store.open(Path(sys.argv[1]))
def held():
    rows = Path("/proc/self/smaps_rollup").read_text().splitlines()
    return sum(int(row.split()[1]) for row in rows if row.startswith("Private_")) // 1024
both = threading.Barrier(9, timeout=60)
def take(pieces):
    both.wait()
    with store.stage() as upload:
        for _ in range(pieces): upload.add(os.urandom(PIECE))
    both.wait()
    both.wait()
def all_take(pieces):
    threads = [threading.Thread(target=take, args=(pieces,)) for _ in range(8)]
    for thread in threads: thread.start()
    both.wait()
    both.wait()
    found = held()
    both.wait()
    for thread in threads: thread.join()
    return found
before = held()
print(all_take(6) - before)
"""
# As SQLite has it.
ROOMY = """
ours = connecting._set_pragmas
def as_it_is(connection, row):
    ours(connection, row)
    connection.execute("PRAGMA cache_size = -2000")
connecting._set_pragmas = as_it_is
"""


def more_than_before(folder: Path, change: str) -> int:
    """MiB of its own that a process holds when its threads have taken 48 MiB in."""
    path = folder / f"{len(change)}.sqlite"
    Store.create(path, "test-abcdefgh").close()
    words = [sys.executable, "-c", TAKING.format(change), str(path)]
    return int(subprocess.run(words, capture_output=True, check=True, timeout=120).stdout)


def test_a_connection_keeps_little_of_what_went_through_it(tmp_path: Path) -> None:
    kept = more_than_before(tmp_path, "")
    assert kept < more_than_before(tmp_path, ROOMY) - 3
