"""After a week's close the site's disk tells nothing of the order in which testimonies came."""

import datetime as dt
import os
import random
import sqlite3
import threading
from contextlib import suppress
from itertools import combinations
from pathlib import Path

import pytest

from intake.errors import StoreError
from intake.store import EpochClosedError, settling, sqlite_file
from tests.log.worlds import FIRST, World

COUNT = 48
SIZE = 65_000  # bytes
REPEATED = 200  # so that no page ends within each of them


def arrivals(world: World, count: int = COUNT) -> list[bytes]:
    """Objects of 70 kB that end with a mark each, 200 times, in the order in which they come."""
    marks = [os.urandom(24) for _ in range(count)]
    for mark in marks:
        world.add(sealed=os.urandom(SIZE) + mark * REPEATED)
    return marks


def places(path: Path, marks: list[bytes]) -> list[int]:
    """Where each mark lies in the file, the last time if it is there more than once."""
    content = path.read_bytes()
    return [content.rfind(mark) for mark in marks]


def tau(values: list[int]) -> float:
    """Kendall's: 1 for an order of arrival, -1 for the reverse, near 0 for chance."""
    pairs = list(combinations(values, 2))
    return sum(1 if a < b else -1 for a, b in pairs) / len(pairs)


def test_where_objects_lie_in_a_closed_store_tells_no_order_of_arrival(world: World) -> None:
    """Kendall's tau of 48 has a standard deviation of 0.1. Before the close the order is plain."""
    marks = arrivals(world)
    store = world.path / "store.sqlite"
    assert tau(places(store, marks)) > 0.6
    world.close()
    found = places(store, marks)
    assert min(found) > 0
    assert abs(tau(found)) < 0.5
    connection = sqlite3.connect(store)
    query = "SELECT leaf FROM submission JOIN piece USING (upload) ORDER BY piece.id"
    in_file = [number for (number,) in connection.execute(query)]
    query = "SELECT leaf FROM submission JOIN piece USING (upload) WHERE substr(content, -24) = ?"
    in_log = [connection.execute(query, (mark,)).fetchone()[0] for mark in marks]
    connection.close()
    assert sorted(in_log) == sorted(in_file)
    assert abs(tau(in_log)) < 0.5  # nor do the log's numbers
    assert abs(tau(in_file)) < 0.5  # nor do they tell where an object lies


def test_nothing_of_the_old_order_is_left_beside_the_store(world: World) -> None:
    marks = arrivals(world, 8)
    # A server that runs on keeps its connection, and with it the log of changes.
    with world.store() as serving:
        assert serving.count() == 8
        world.close()
        beside = {path.name: path for path in world.path.iterdir() if path.is_file()}
        assert set(beside) == {"store.sqlite", "store.sqlite-wal", "store.sqlite-shm"}
        assert beside["store.sqlite-wal"].stat().st_size == 0
        assert serving.count() == 8
    content = (world.path / "store.sqlite").read_bytes()
    assert all(REPEATED - 5 < content.count(mark) <= REPEATED for mark in marks)
    assert [path.name for path in world.path.iterdir() if path.is_file()] == ["store.sqlite"]


def test_file_times_are_those_of_the_weeks_end(world: World) -> None:
    world.add()
    world.close()
    found = (world.path / "store.sqlite").stat()
    end = dt.datetime(2026, 11, 23, tzinfo=dt.UTC).timestamp()
    assert (found.st_mtime, found.st_atime) == (end, end)


def test_a_store_is_written_anew_once_for_each_close(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[int] = []
    real = sqlite_file.written_anew
    monkeypatch.setattr(sqlite_file, "written_anew", lambda *words: (done.append(1), real(*words)))
    world.close()
    with world.log() as log:
        log.settle()
    assert done == [1]
    world.close(FIRST.next)
    assert done == [1, 1]


def test_a_run_that_ended_before_it_set_the_times_is_made_good_by_the_next(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else the file would tell for a week, or for good, when the close was."""
    path = world.path / "store.sqlite"
    with monkeypatch.context() as ending:
        ending.setattr(sqlite_file, "left_at", lambda *_: None)
        world.close()
    assert path.stat().st_mtime != FIRST.end.timestamp()
    with world.log() as log:
        assert log.close_due(FIRST.next) == ()
        log.settle()
    assert path.stat().st_mtime == FIRST.end.timestamp()


def test_a_reader_in_the_way_is_said_and_the_old_order_is_gone_with_the_next_run(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the log of changes holds lies there in the order of arrival."""
    monkeypatch.setattr(settling, "_PATIENCE", 0.2)
    path = world.path / "store.sqlite"
    marks = arrivals(world, 4)
    with world.log() as log:
        log.close_due(FIRST.next)
        log.stage()
        reader = sqlite3.connect(path, isolation_level=None)
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM meta").fetchone()
        with pytest.raises(StoreError, match="the store is busy"):
            log.settle()
        assert log.close_due(FIRST.next) == ()
        reader.execute("ROLLBACK")
        log.settle()
        log.settle()
        reader.close()
    assert path.stat().st_mtime == FIRST.end.timestamp()
    assert all(path.read_bytes().count(mark) <= REPEATED for mark in marks)


def test_without_room_for_two_copies_nothing_is_written_anew_and_it_is_said(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With one byte less than it asks for, it begins nothing; with as many, it is done."""
    marks = arrivals(world, 8)
    path, free = world.path / "store.sqlite", [0]
    monkeypatch.setattr(settling, "_free", lambda _: free[0])
    with world.log() as log:
        log.close_due(FIRST.next)
        log.stage()
    before = places(path, marks)
    pages = pages_of(path)
    exact = 2 * pages * (4096 + 24) + (64 << 20)
    for free[0] in (0, exact - 1):
        with world.log() as log, pytest.raises(StoreError, match="too little room") as caught:
            log.settle()
        assert caught.value.hint.startswith(f"free {-(-exact // 1_000_000)} MB")
        assert "`intake epoch` again" in caught.value.hint
        with world.store() as store:
            assert store.leaves.settled() != FIRST
        assert places(path, marks) == before
    free[0] = exact
    world.close()
    with world.store() as store:
        assert store.leaves.settled() == FIRST


def pages_of(path: Path) -> int:
    connection = sqlite3.connect(path)
    names = ("page_count", "freelist_count", "page_size")
    count, unused, size = (connection.execute(f"PRAGMA {n}").fetchone()[0] for n in names)
    connection.close()
    assert size == 4096
    return int(count - unused)


def test_the_copy_is_a_nameless_file_beside_the_store_and_not_in_memory(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    arrivals(world, 30)
    seen: set[str] = set()
    real = settling._connected

    def watched(path: Path) -> sqlite3.Connection:
        connection = real(path)
        connection.set_progress_handler(look, 10)
        return connection

    def look() -> None:
        for link in Path("/proc/self/fd").iterdir():
            with suppress(FileNotFoundError):
                seen.add(str(link.readlink()))

    monkeypatch.setattr(settling, "_connected", watched)
    world.close()
    nameless = [name for name in seen if name.endswith(" (deleted)") and "etilqs" in name]
    assert nameless
    assert all(Path(name).parent == world.path for name in nameless)


def test_a_store_that_another_holds_for_long_is_closed_and_settled_later(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settling, "_PATIENCE", 0.2)
    kept = world.add()
    holder = sqlite3.connect(world.path / "store.sqlite", isolation_level=None)
    with world.log() as log:
        log.close_due(FIRST.next)
        log.stage()
        holder.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="could not be written anew"):
            log.settle()
    holder.execute("ROLLBACK")
    holder.close()
    with world.store() as store:
        assert store.leaves.settled() != FIRST
    world.close()
    world.check([kept])


def test_submissions_that_come_while_a_week_is_closed_are_in_it_or_in_the_next(
    world: World,
) -> None:
    """Many threads keep while weeks are closed and written anew: nothing is lost, or in twice."""
    kept: list[object] = []
    ended = threading.Event()

    def come() -> None:
        while not ended.is_set():
            kept.append(world.add())

    threads = [threading.Thread(target=come) for _ in range(3)]
    for thread in threads:
        thread.start()
    epoch = FIRST
    for _ in range(3):
        world.close(epoch)
        epoch = epoch.next
    ended.set()
    for thread in threads:
        thread.join()
    world.close(epoch)
    assert len(kept) > 3
    world.check(kept)  # type: ignore[arg-type]


def test_nothing_can_be_kept_in_a_closed_week_and_the_open_one_is_named(world: World) -> None:
    from intake.store import Allowance

    world.close()
    with world.store() as store:
        row = (os.urandom(16), os.urandom(32), b"opening", b"sealed")
        with pytest.raises(EpochClosedError) as caught:
            store.keep(*row, Allowance(FIRST, 1 << 40))
        assert caught.value.open == FIRST.next
        with store.stage() as staging, pytest.raises(EpochClosedError):
            staging.add(b"sealed")
            staging.keep(*row[:3], Allowance(FIRST, 1 << 40))
        assert (store.count(), store.sweep(), store.taken(FIRST)) == (0, 0, 0)


def test_random_orders_pass_and_orders_of_arrival_do_not() -> None:
    """The measure itself: it must see what it is to see."""
    assert tau(list(range(COUNT))) == 1
    assert abs(tau(random.sample(range(COUNT), COUNT))) < 0.5
