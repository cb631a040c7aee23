import itertools
import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
import traceback
from pathlib import Path

import pytest
from sqlalchemy import Engine, event

from intake.epoch import Epoch
from intake.errors import StoreError
from intake.store import PIECE, Allowance, Place, Store, Stored
from tests.store.engines import blob, columns_at, rows_at

NOW = Epoch.now()
PLENTY = Allowance(NOW, 1 << 40)


@pytest.fixture
def store(place: Place):
    made = Store.create(place, "test-abcdefgh")
    yield made
    made.close()


def row(number: int) -> tuple[bytes, bytes, bytes]:
    return number.to_bytes(16), number.to_bytes(32), b"opening %d\n" % number


def test_what_is_kept_is_given_back_whole_after_the_store_was_closed(place: Place) -> None:
    first = Store.create(place, "test-abcdefgh")
    sealed = os.urandom(70_309)
    assert first.keep(*row(1), sealed, PLENTY)
    first.close()
    again = Store.open(place)
    assert again.deployment == "test-abcdefgh"
    assert list(again) == [Stored(b"opening 1\n", sealed)]
    assert again.sizes() == {b"opening 1\n": 70_309}
    again.close()


def test_the_same_status_or_envelope_again_keeps_the_first(store: Store) -> None:
    assert store.keep(*row(1), b"first", PLENTY)
    assert store.keep(row(1)[0], row(2)[1], b"other", b"second", PLENTY) is None
    assert store.keep(row(2)[0], row(1)[1], b"other", b"second", PLENTY) is None
    assert list(store) == [Stored(b"opening 1\n", b"first")]
    assert store.sweep() == 0


def test_a_large_object_is_staged_in_pieces_and_kept_at_the_end(store: Store) -> None:
    pieces = [os.urandom(PIECE), os.urandom(PIECE), b"end"]
    with store.stage() as staging:
        for piece in pieces:
            staging.add(piece)
        assert store.count() == 0
        assert staging.keep(*row(1), PLENTY)
    assert list(store) == [Stored(b"opening 1\n", b"".join(pieces))]
    assert store.sizes() == {b"opening 1\n": 2 * PIECE + 3}
    assert store.sweep() == 0


def test_an_upload_that_did_not_end_leaves_nothing(store: Store) -> None:
    marker = b"half an upload" * 100
    with pytest.raises(ZeroDivisionError), store.stage() as staging:
        staging.add(marker)
        _ = 1 / 0
    with store.stage() as staging:
        staging.add(marker)
    with store.stage() as staging:
        staging.add(marker)
        assert staging.keep(*row(1), PLENTY)
    with store.stage() as staging:
        staging.add(marker + b"again")
        assert staging.keep(*row(1), PLENTY) is None
    assert [stored.sealed for stored in store] == [marker]
    assert store.sweep() == 0


@pytest.mark.sqlite
def test_what_was_removed_is_overwritten_on_the_disk(store: Store, tmp_path: Path) -> None:
    marker = b"to be overwritten: " + os.urandom(8)
    with store.stage() as staging:
        staging.add(marker * 1000)
    store.close()
    with sqlite3.connect(tmp_path / "store.sqlite") as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    assert all(marker not in path.read_bytes() for path in tmp_path.iterdir())


def test_a_piece_is_at_most_one_mebibyte(store: Store) -> None:
    with store.stage() as staging, pytest.raises(ValueError, match="1 MiB"):
        staging.add(bytes(PIECE + 1))


def test_sweeping_removes_what_a_crash_left_and_nothing_else(store: Store, place: Place) -> None:
    store.keep(*row(1), b"kept", PLENTY)
    for number in range(2):
        for part in (0, 1):
            key, upload = 10 * number + part, f"{number}" * 32
            row_of_piece = f"{key}, {blob(place, upload)}, {part}, {blob(place, '00')}"
            rows_at(
                place, f"INSERT INTO piece (id, upload, number, content) VALUES ({row_of_piece})"
            )
    assert store.sweep() == 2
    assert store.sweep() == 0
    assert [stored.sealed for stored in store] == [b"kept"]


@pytest.mark.sqlite
def test_sweeping_reads_no_row_of_what_is_kept(store: Store, tmp_path: Path) -> None:
    """It looks at indexes alone: every start of a server waits for it, however much is kept."""
    store.stage().__enter__().add(b"abandoned")
    asked: list[tuple[str, object]] = []

    def note(_connection, _cursor, statement: str, parameters: object, *_rest: object) -> None:
        asked.append((statement, parameters))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        assert store.sweep() == 1
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    with sqlite3.connect(tmp_path / "store.sqlite") as connection:
        plans = [
            step[3]
            for statement, parameters in asked
            for step in connection.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
        ]
    connection.close()
    assert any("piece" in step for step in plans)
    assert [
        step for step in plans if step.startswith("SCAN") and "COVERING INDEX" not in step
    ] == []


def test_the_order_of_what_is_given_back_is_not_that_of_arrival(store: Store) -> None:
    numbers = random.sample(range(1000), 50)
    for number in numbers:
        store.keep(*row(number), b"x", PLENTY)
    assert store.openings() == sorted(b"opening %d\n" % n for n in numbers)


def test_row_keys_tell_nothing_of_the_order_of_arrival(store: Store, place: Place) -> None:
    for number in range(200):
        store.keep(*row(number), number.to_bytes(4), PLENTY)
    by_key = rows_at(place, "SELECT content FROM piece ORDER BY id")
    arrivals = [int.from_bytes(content) for (content,) in by_key]
    statuses = rows_at(place, "SELECT status FROM submission ORDER BY id")
    for order in (arrivals, [int.from_bytes(status) for (status,) in statuses]):
        assert sorted(order) == list(range(200))
        rising = sum(a < b for a, b in itertools.pairwise(order))
        # 199 for an order of arrival; 100 +- 4 for a random one.
        assert 60 < rising < 140


def test_no_column_holds_a_time_a_length_or_anything_about_a_client(
    store: Store, place: Place
) -> None:
    store.keep(*row(1), b"x", PLENTY)
    assert columns_at(place) == {
        "meta": ["key", "value"],
        "revision": ["version_num"],
        "submission": ["id", "status", "envelope", "opening", "upload", "leaf", "withdrawn"],
        "piece": ["id", "upload", "number", "content"],
        "week": ["epoch", "bytes", "told"],
        "entry": ["number", "content"],
        "opening": ["number", "content", "envelope", "withdraw"],
        "event": ["id", "content"],
        "statement": ["id", "digest", "content"],
        "board": ["id", "batch", "digest", "content"],
        "closing": ["closed", "settled"],
    }


def test_a_store_that_is_missing_there_already_damaged_or_newer_is_said(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite"
    with pytest.raises(StoreError, match="no store"):
        Store.open(path)
    Store.create(path, "test-abcdefgh").close()
    with pytest.raises(StoreError, match="already"):
        Store.create(path, "test-abcdefgh")
    connection = sqlite3.connect(path)
    connection.execute("UPDATE meta SET value = '7' WHERE key = 'version'")
    connection.commit()
    connection.close()
    with pytest.raises(StoreError, match="version 7"):
        Store.open(path)
    path.write_bytes(b"not a database at all" * 100)
    with pytest.raises(StoreError, match="damaged"):
        Store.open(path)


def test_a_full_disk_is_said_without_a_word_of_what_was_written(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite"
    Store.create(path, "test-abcdefgh").close()
    store = Store.open(path)
    with store._engine.connect() as connection:
        raw = connection.connection.dbapi_connection
        raw.execute("PRAGMA max_page_count = 12")
    words = b"".join((b"SEC", b"RET")) * 20_000
    with pytest.raises(StoreError, match="full") as caught:
        store.keep(*row(1), words, PLENTY)
    assert "SECRET" not in "".join(traceback.format_exception(caught.value))
    assert store.count() == 0
    assert store.sweep() == 0
    store.close()


def test_many_threads_keep_everything_they_were_told_was_kept(store: Store) -> None:
    kept: list[int] = []

    def work(start: int) -> None:
        for number in range(start, start + 20):
            if store.keep(*row(number), os.urandom(2000), PLENTY):
                kept.append(number)

    threads = [threading.Thread(target=work, args=(100 * n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(kept) == [100 * n + i for n in range(6) for i in range(20)]
    assert store.count() == 120


WRITER = """
import os, sys
from pathlib import Path
from intake.epoch import Epoch
from intake.store import Allowance, PostgresPlace, Store
where = sys.argv[1]
store = Store.open(Path(where) if where[0] == "/" else PostgresPlace(where, 1 << 40))
plenty = Allowance(Epoch.now(), 1 << 40)
number = int(sys.argv[2])
while True:
    number += 1
    key = (number.to_bytes(16), number.to_bytes(32), b"%d" % number)
    if number % 3:
        store.keep(*key, number.to_bytes(4) * 20_000, plenty)
    else:
        with store.stage() as staging:
            staging.add(number.to_bytes(4) * 20_000)
            staging.add(number.to_bytes(4) * 20_000)
            staging.keep(*key, plenty)
    os.write(1, b"%d\\n" % number)
"""


@pytest.mark.parametrize("times", [8, pytest.param(150, marks=pytest.mark.long)])
def test_killed_at_any_moment_nothing_acknowledged_is_lost_and_nothing_is_half(
    place: Place, times: int
) -> None:
    Store.create(place, "test-abcdefgh").close()
    where = str(place) if isinstance(place, Path) else place.url
    acknowledged: set[int] = set()
    if times == 8 and not isinstance(place, Path):
        times = 3  # the rest of them by `make long`
    for attempt in range(times):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, where, str(attempt * 100_000)],
            stdout=subprocess.PIPE,
        )
        assert writer.stdout is not None
        for _ in range(random.randint(3, 12)):
            acknowledged.add(int(writer.stdout.readline()))
        writer.send_signal(signal.SIGKILL)
        acknowledged |= {
            int(line)
            for line in writer.stdout.read().splitlines(keepends=True)
            if line.endswith(b"\n")
        }
        writer.wait()
        writer.stdout.close()
    store = Store.open(place)
    found = {int(stored.opening): stored.sealed for stored in store}
    assert acknowledged <= set(found)
    assert len(found) <= len(acknowledged) + times
    for number, sealed in found.items():
        assert sealed == number.to_bytes(4) * (20_000 if number % 3 else 40_000)
    store.sweep()
    ((pieces,),) = rows_at(place, "SELECT count(*) FROM piece")
    assert pieces == sum(1 if number % 3 else 2 for number in found)
    came = sum(map(len, found.values()))
    # With PostgreSQL what a process had counted when it was killed, and not yet kept, stays counted.
    in_vain = 0 if isinstance(place, Path) else times * 160_000
    assert came <= store.taken(Epoch.now()) <= came + in_vain
    store.close()
