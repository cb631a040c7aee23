"""What can be relied on of a store that an older version wrote: it opens, with all that is in it."""

import os
import sqlite3
import threading
from hashlib import sha256
from pathlib import Path

import psycopg
import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Connection, create_engine

from intake.epoch import Epoch
from intake.errors import StoreError
from intake.event import Void, Withdrawn, parse_event
from intake.opening import Opening
from intake.reply import ROW
from intake.store import Allowance, Delivered, Store, Stored, in_log, tables, versions
from intake.store.connecting import connected
from intake.tlog.entries import Blinded, EpochClosed
from tests.log.worlds import World, opening_in, status_of
from tests.postgres.clusters import Cluster
from tests.store.engines import rows_at

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


LOGGED = opening_in(NOW.previous, sha256(b"logged").digest()).to_bytes()
OLD = [Void.fresh(NOW.previous).to_bytes(), LOGGED, Void.fresh(NOW.previous).to_bytes()]


def version_3(path: Path) -> None:
    """What version 3 left: the same, and a submission of the week before, which is closed."""
    version_2(path)
    status = status_of(sha256(b"logged").digest()).hex()
    entries = [Blinded(parse_event(opening).commit).to_bytes() for opening in OLD]
    entries.append(EpochClosed(NOW.previous).to_bytes())
    connection = sqlite3.connect(path)
    connection.executescript(
        f"""
        CREATE TABLE entry (number INTEGER NOT NULL, content BLOB NOT NULL, PRIMARY KEY (number));
        CREATE TABLE opening (number INTEGER NOT NULL, content BLOB NOT NULL, PRIMARY KEY (number));
        CREATE TABLE closing (closed VARCHAR NOT NULL, settled VARCHAR NOT NULL);
        ALTER TABLE submission ADD COLUMN leaf INTEGER;
        INSERT INTO closing VALUES ('{NOW.previous}', '{NOW.previous}');
        INSERT INTO submission VALUES (x'0a', x'{status}', x'{sha256(b"logged").hexdigest()}',
          x'{LOGGED.hex()}', x'0e', 1);
        INSERT INTO piece VALUES (8, x'0e', 0, x'{b"logged".hex()}');
        UPDATE meta SET value = '3' WHERE key = 'version';
        """
    )
    connection.executemany("INSERT INTO entry VALUES (?, ?)", enumerate(entries))
    connection.executemany("INSERT INTO opening VALUES (?, ?)", enumerate(OLD))
    connection.commit()
    connection.close()


def version_4(path: Path) -> None:
    """What version 4 left: the same, and what a withdrawal and a release need."""
    version_3(path)
    opening = Opening.parse(LOGGED)
    connection = sqlite3.connect(path)
    connection.executescript(
        f"""
        ALTER TABLE submission ADD COLUMN withdrawn VARCHAR;
        CREATE TABLE event (id BLOB NOT NULL, content BLOB NOT NULL, PRIMARY KEY (id)) WITHOUT ROWID;
        CREATE TABLE statement (id BLOB NOT NULL, content BLOB NOT NULL, PRIMARY KEY (id),
          UNIQUE (content)) WITHOUT ROWID;
        ALTER TABLE opening ADD COLUMN envelope BLOB;
        ALTER TABLE opening ADD COLUMN withdraw BLOB;
        CREATE INDEX ix_opening_envelope ON opening (envelope);
        CREATE INDEX ix_opening_withdraw ON opening (withdraw);
        UPDATE opening SET envelope = x'{opening.envelope.hex()}',
          withdraw = x'{opening.withdraw_commit.hex()}' WHERE number = 1;
        INSERT INTO event VALUES (x'0b', x'{Withdrawn.fresh(NOW, bytes(32), bytes(32)).to_bytes().hex()}');
        INSERT INTO statement VALUES (x'0c', x'0d');
        UPDATE meta SET value = '4' WHERE key = 'version';
        """
    )
    connection.close()


def version_5(path: Path) -> None:
    """What version 5 left: the same, and a board on which one row is and for which one waits."""
    version_4(path)
    connection = sqlite3.connect(path)
    connection.executescript(
        f"""
        CREATE TABLE board (id INTEGER NOT NULL, batch VARCHAR NOT NULL, digest BLOB NOT NULL,
          content BLOB NOT NULL, PRIMARY KEY (id), UNIQUE (digest));
        INSERT INTO board VALUES (3, '{NOW.previous}', x'01', x'02'), (4, '', x'03', x'04');
        UPDATE meta SET value = '5' WHERE key = 'version';
        """
    )
    connection.close()


VERSIONS = {2: version_2, 3: version_3, 4: version_4, 5: version_5}


def test_a_store_of_the_fifth_version_opens_with_its_board(tmp_path: Path) -> None:
    version_5(tmp_path / "store.sqlite")
    with World(tmp_path).store() as store:
        assert (store.board.rows(), store.board.waiting()) == ([b"\x02"], 1)
        assert {one.sealed for one in store} == {SEALED, b"logged"}


def test_a_store_of_the_fourth_version_opens_with_everything_and_an_empty_board(
    tmp_path: Path,
) -> None:
    """Weeks that were closed before have no batch; the next one that is closed has."""
    world = World(tmp_path)
    version_4(tmp_path / "store.sqlite")
    with world.store() as store:
        assert {one.sealed for one in store} == {SEALED, b"logged"}
        assert (len(store.waiting_events()), store.statements()) == (1, [b"\x0d"])
        assert (store.board.rows(), store.board.waiting()) == ([], 0)
        assert store.board.deliver([bytes(ROW)]) == Delivered(1, 0)
    assert world.withdraw(Opening.parse(LOGGED), NOW) == 1
    world.close(NOW)
    with world.store() as store:
        assert len(store.board.rows()) == 16
        assert bytes(ROW) in store.board.rows()


def test_a_store_of_the_third_version_opens_with_its_log_and_can_let_go(tmp_path: Path) -> None:
    """What was logged before is found by what it names: sent again, released, withdrawn."""
    world = World(tmp_path)
    version_3(tmp_path / "store.sqlite")
    opening = Opening.parse(LOGGED)
    with world.store() as store:
        assert sorted(store, key=lambda one: len(one.sealed)) == [
            Stored(LOGGED, b"logged"),
            Stored(OPENING, SEALED),
        ]
        assert [leaf.opening for leaf in store.leaves.leaves()] == [*OLD, None]
        assert (store.leaves.closed(), store.leaves.waiting()) == (NOW.previous, [OPENING])
        assert (store.statements(), store.waiting_events()) == ([], [])
    assert world.release([opening], NOW) == 1
    with world.store() as store:
        assert list(store) == [Stored(OPENING, SEALED)]
        assert store.kept(bytes(16), opening.envelope) == LOGGED
    assert world.withdraw(opening, NOW) == 1
    world.close(NOW)
    with world.store() as store:
        events = [parse_event(leaf.opening) for leaf in store.leaves.leaves() if leaf.opening]
        kinds = [type(event).__name__ for event in events]
        assert sorted(set(kinds)) == ["Collected", "Opening", "Void", "Withdrawn"]
        assert (kinds.count("Opening"), kinds.count("Collected")) == (2, 1)


@pytest.mark.parametrize("block", [1, 2, 3])
def test_openings_are_named_however_many_there_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, block: int
) -> None:
    """They are read a block at a time."""
    monkeypatch.setattr(in_log, "_BLOCK", block)
    version_3(tmp_path / "store.sqlite")
    Store.open(tmp_path / "store.sqlite").close()
    connection = sqlite3.connect(tmp_path / "store.sqlite")
    rows = connection.execute("SELECT envelope, withdraw FROM opening ORDER BY number").fetchall()
    connection.close()
    opening = Opening.parse(LOGGED)
    assert rows == [(None, None), (opening.envelope, opening.withdraw_commit), (None, None)]


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


@pytest.mark.parametrize("version", [1, 2, 3, 4, 5])
def test_what_is_brought_up_has_the_same_columns_as_what_is_made_new(
    tmp_path: Path, version: int
) -> None:
    path, new = tmp_path / "store.sqlite", tmp_path / "new.sqlite"
    VERSIONS[max(version, 2)](path)
    if version == 1:
        make_first(path)
    store = Store.open(path)
    store.keep(os.urandom(16), os.urandom(32), b"x", b"y", Allowance(NOW, 1 << 40))
    store.close()
    Store.create(new, "test-abcdefgh").close()
    if version >= 3:
        connection = sqlite3.connect(path)
        connection.execute("UPDATE closing SET closed = '', settled = ''")
        connection.commit()
        connection.close()
    assert columns(path) == columns(new)


@pytest.mark.parametrize("version", [0, 1, 2, 3, 4, 5])
def test_alembic_finds_nothing_that_the_steps_leave_otherwise(tmp_path: Path, version: int) -> None:
    path = tmp_path / "store.sqlite"
    if version:
        VERSIONS[max(version, 2)](path)
        if version == 1:
            make_first(path)
        Store.open(path).close()
    else:
        Store.create(path, "test-abcdefgh").close()
    with connected(path).connect() as connection:
        assert differences(connection) == []
        connection.exec_driver_sql("ALTER TABLE week ADD COLUMN seconds INTEGER")
        assert len(differences(connection)) == 1  # the twin


def test_on_postgresql_the_same_steps_make_the_same_tables(cluster: Cluster) -> None:
    """A store there begins with the newest version; every later step runs on both engines."""
    with cluster.new_database() as place:
        engine = create_engine("postgresql+psycopg://", creator=lambda: psycopg.connect(place.url))
        with engine.begin() as connection:
            migrate(connection)
            assert differences(connection) == []
            connection.exec_driver_sql("ALTER TABLE week ALTER COLUMN bytes TYPE INTEGER")
            assert len(differences(connection)) == 1  # the twin
        engine.dispose()


def migrate(connection: Connection) -> None:
    """Take every step from nothing."""
    config = Config()
    config.set_main_option("script_location", str(versions._STEPS))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def differences(connection: Connection) -> list[object]:
    """What Alembic would change of a database for it to be what tables.py says."""
    options = {"version_table": "alembic_would_not_look_at_it", "compare_type": True}
    return compare_metadata(MigrationContext.configure(connection, opts=options), tables.metadata)


def test_a_step_that_fails_leaves_the_old_version_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All steps are one transaction: also those before the one that failed."""
    path = tmp_path / "store.sqlite"
    version_2(path)
    before = list(sqlite3.connect(path).iterdump())

    def broken(_: Connection) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as fault:
        fault.setattr(in_log, "name_openings", broken)
        with pytest.raises(ZeroDivisionError):
            Store.open(path)
    assert list(sqlite3.connect(path).iterdump()) == before
    Store.open(path).close()


def test_a_newer_store_is_refused_with_what_to_do(tmp_path: Path) -> None:
    """There is no way back but the backup: an older program must never write into a newer store."""
    path = tmp_path / "store.sqlite"
    Store.create(path, "test-abcdefgh").close()
    rows_at(path, "UPDATE meta SET value = '7' WHERE key = 'version'")
    with pytest.raises(StoreError, match="version 7, not 6") as refused:
        Store.open(path)
    assert "or a newer one" in refused.value.hint


def make_first(path: Path) -> None:
    """Make a store of the second version one of the first."""
    rows_at(path, "DROP TABLE week")
    rows_at(path, "UPDATE meta SET value = '1' WHERE key = 'version'")


def columns(path: Path) -> dict[str, list[tuple[object, ...]]]:
    connection = sqlite3.connect(path)
    names = "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
    found = {
        name: [row[1:4] for row in connection.execute(f"PRAGMA table_info({name})")]
        for (name,) in connection.execute(names)
    }
    indexes = "SELECT tbl_name, name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
    found["indexes"] = sorted(connection.execute(indexes))
    rows = connection.execute("SELECT * FROM closing").fetchall()
    version = connection.execute("SELECT value FROM meta WHERE key = 'version'").fetchone()
    connection.close()
    assert (rows, version) == ([("", "")], ("6",))
    return found
