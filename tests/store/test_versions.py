"""What can be relied on of a store that an older version wrote: it opens, with all that is in it."""

import os
import sqlite3
import threading
from hashlib import sha256
from pathlib import Path

import pytest

from intake.epoch import Epoch
from intake.store import Allowance, Store, Stored
from tests.log.worlds import World, opening_in

NOW = Epoch(2026, 47)
SEALED = os.urandom(100)
OPENING = opening_in(NOW, sha256(SEALED).digest()).to_bytes()


def version_2(path: Path) -> None:
    """What version 2 of the schema left, with one submission and 100 bytes counted."""
    connection = sqlite3.connect(path)
    connection.executescript(
        f"""
        CREATE TABLE meta (key VARCHAR NOT NULL, value VARCHAR NOT NULL, PRIMARY KEY (key)) WITHOUT ROWID;
        CREATE TABLE submission (id BLOB NOT NULL, status BLOB NOT NULL, envelope BLOB NOT NULL,
          opening BLOB NOT NULL, upload BLOB NOT NULL, PRIMARY KEY (id), UNIQUE (status),
          UNIQUE (envelope), UNIQUE (upload)) WITHOUT ROWID;
        CREATE TABLE piece (id INTEGER NOT NULL, upload BLOB NOT NULL, number INTEGER NOT NULL,
          content BLOB NOT NULL, PRIMARY KEY (id));
        CREATE INDEX ix_piece_upload ON piece (upload);
        CREATE TABLE week (epoch INTEGER NOT NULL, bytes INTEGER NOT NULL, told INTEGER NOT NULL,
          PRIMARY KEY (epoch));
        INSERT INTO meta VALUES ('version', '2'), ('deployment', 'test-abcdefgh');
        INSERT INTO submission VALUES (x'01', x'02', x'03', x'{OPENING.hex()}', x'04');
        INSERT INTO piece VALUES (7, x'04', 0, x'{SEALED.hex()}');
        INSERT INTO week VALUES ({NOW.number}, 100, 2);
        """
    )
    connection.close()


def test_a_store_of_the_second_version_opens_with_everything_and_closes_its_week(
    tmp_path: Path,
) -> None:
    world = World(tmp_path)
    version_2(tmp_path / "store.sqlite")
    with world.store() as store:
        assert list(store) == [Stored(OPENING, SEALED)]
        assert (store.taken(NOW), store.tell(NOW, 2), store.tell(NOW, 3)) == (100, False, True)
        assert store.leaves.waiting() == [OPENING]
        assert (store.leaves.count(), store.leaves.closed()) == (0, None)
    later = world.add(NOW)
    world.close(NOW)
    with world.store() as store:
        openings = [leaf.opening for leaf in store.leaves.leaves()]
        assert openings.count(OPENING) == openings.count(later.to_bytes()) == 1
        assert Stored(OPENING, SEALED) in list(store)


def test_two_that_open_it_at_once_bring_it_up_once(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite"
    version_2(path)
    opened: list[Store] = []
    threads = [threading.Thread(target=lambda: opened.append(Store.open(path))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [store.count() for store in opened] == [1] * 4
    for store in opened:
        assert store.leaves.count() == 0
        store.close()


@pytest.mark.parametrize("version", [1, 2])
def test_what_is_brought_up_has_the_same_columns_as_what_is_made_new(
    tmp_path: Path, version: int
) -> None:
    path, new = tmp_path / "store.sqlite", tmp_path / "new.sqlite"
    version_2(path)
    if version == 1:
        connection = sqlite3.connect(path)
        connection.executescript(
            "DROP TABLE week; UPDATE meta SET value = '1' WHERE key = 'version'"
        )
        connection.close()
    store = Store.open(path)
    store.keep(os.urandom(16), os.urandom(32), b"x", b"y", Allowance(NOW, 1 << 40))
    store.close()
    Store.create(new, "test-abcdefgh").close()
    assert columns(path) == columns(new)


def columns(path: Path) -> dict[str, list[tuple[object, ...]]]:
    connection = sqlite3.connect(path)
    names = "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
    found = {
        name: [row[1:4] for row in connection.execute(f"PRAGMA table_info({name})")]
        for (name,) in connection.execute(names)
    }
    rows = connection.execute("SELECT * FROM closing").fetchall()
    version = connection.execute("SELECT value FROM meta WHERE key = 'version'").fetchone()
    connection.close()
    assert (rows, version) == ([("", "")], ("3",))
    return found
