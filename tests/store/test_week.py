"""What can be relied on of the one number that the store counts: the bytes of this week."""

import datetime as dt
import os
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.epoch import Epoch
from intake.errors import FullError
from intake.store import Allowance, Place, Store
from tests.store.engines import rows_at

NOW = Epoch(2026, 47)
PLENTY = Allowance(NOW, 1 << 40)


def after(weeks: int) -> Epoch:
    return Epoch.of(NOW.monday + dt.timedelta(weeks=weeks))


@pytest.fixture
def store(place: Place) -> Iterator[Store]:
    made = Store.create(place, "test-abcdefgh")
    yield made
    made.close()


def fresh() -> tuple[bytes, bytes, bytes]:
    return os.urandom(16), os.urandom(32), os.urandom(40)


def test_every_byte_of_a_week_is_counted_and_what_was_sent_again_once(store: Store) -> None:
    first = fresh()
    assert store.keep(*first, b"x" * 100, PLENTY) == 100
    assert store.keep(*first, b"x" * 100, PLENTY) is None
    assert store.keep(*fresh(), b"x" * 10, PLENTY) == 110
    with store.stage() as staging:
        staging.add(b"x" * 1000)
        staging.add(b"x" * 1)
        assert staging.keep(*fresh(), PLENTY) == 1111
    with store.stage() as staging:
        staging.add(b"x" * 5000)
        assert staging.keep(*first, PLENTY) is None
    with store.stage() as staging:
        staging.add(b"x" * 5000)
    assert store.taken(NOW) == 1111


def test_at_the_limit_nothing_more_is_kept_but_what_is_kept_can_be_sent_again(
    store: Store,
) -> None:
    first = fresh()
    assert store.keep(*first, b"x" * 100, Allowance(NOW, 100)) == 100
    for below in (99, 100):
        with pytest.raises(FullError):
            store.keep(*fresh(), b"y", Allowance(NOW, below))
        with store.stage() as staging:
            staging.add(b"y")
            with pytest.raises(FullError):
                staging.keep(*fresh(), Allowance(NOW, below))
    assert store.keep(*first, b"x" * 100, Allowance(NOW, 100)) is None
    assert (store.count(), store.taken(NOW), store.sweep()) == (1, 100, 0)
    assert store.keep(*fresh(), b"y", Allowance(NOW, 101)) == 101


def test_a_new_week_begins_with_nothing_and_forgets_the_one_before(
    store: Store, place: Place
) -> None:
    store.keep(*fresh(), b"x" * 100, Allowance(NOW, 100))
    assert store.taken(after(1)) == 0
    assert store.keep(*fresh(), b"x" * 7, Allowance(after(1), 100)) == 7
    rows = rows_at(place, "SELECT * FROM week")
    assert rows == [(after(1).number, 7, 0)]


def test_a_worker_whose_week_ends_a_moment_later_counts_with_the_others(store: Store) -> None:
    store.keep(*fresh(), b"x" * 5, Allowance(after(1), 100))
    assert store.keep(*fresh(), b"x" * 3, PLENTY) == 8
    assert store.taken(NOW) == store.taken(after(1)) == 8


@pytest.mark.parametrize("weeks", [2, 900])
def test_a_clock_that_was_ahead_does_not_close_the_site_when_it_is_right_again(
    store: Store, weeks: int
) -> None:
    store.keep(*fresh(), b"x" * 100, Allowance(after(weeks), 200))
    assert store.taken(NOW) == 0
    assert store.keep(*fresh(), b"x", Allowance(NOW, 100)) == 1


def test_each_step_of_a_week_is_told_once_and_never_a_lower_one(store: Store, place: Place) -> None:
    other = Store.open(place)
    store.keep(*fresh(), b"x" * 5, PLENTY)
    assert store.tell(NOW, 2)
    assert not other.tell(NOW, 2)
    assert not other.tell(NOW, 1)
    assert other.tell(NOW, 3)
    assert not store.tell(NOW, 3)
    assert store.taken(NOW) == 5
    assert store.tell(after(1), 1)
    assert not other.tell(after(1), 1)
    assert (store.taken(NOW), store.taken(after(1))) == (0, 0)
    other.close()


def test_many_at_once_never_exceed_the_limit_by_more_than_the_last_of_them(store: Store) -> None:
    full: list[int] = []
    kept: list[int] = []

    def work() -> None:
        for _ in range(10):
            try:
                kept.append(store.keep(*fresh(), b"x" * 10, Allowance(NOW, 295)) or 0)
            except FullError:
                full.append(1)

    threads = [threading.Thread(target=work) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(kept) == list(range(10, 301, 10))
    assert len(full) == 20
    assert (store.count(), store.taken(NOW)) == (30, 300)


def version_1(path: Path) -> None:
    """What version 1 of the schema left, with one submission."""
    connection = sqlite3.connect(path)
    connection.executescript(
        """
        CREATE TABLE meta (key VARCHAR NOT NULL, value VARCHAR NOT NULL, PRIMARY KEY (key)) WITHOUT ROWID;
        CREATE TABLE submission (id BLOB NOT NULL, status BLOB NOT NULL, envelope BLOB NOT NULL,
          opening BLOB NOT NULL, upload BLOB NOT NULL, PRIMARY KEY (id), UNIQUE (status),
          UNIQUE (envelope), UNIQUE (upload)) WITHOUT ROWID;
        CREATE TABLE piece (id INTEGER NOT NULL, upload BLOB NOT NULL, number INTEGER NOT NULL,
          content BLOB NOT NULL, PRIMARY KEY (id));
        CREATE INDEX ix_piece_upload ON piece (upload);
        INSERT INTO meta VALUES ('version', '1'), ('deployment', 'test-abcdefgh');
        INSERT INTO submission VALUES (x'01', x'02', x'03', 'opening', x'04');
        INSERT INTO piece VALUES (7, x'04', 0, 'sealed');
        """
    )
    connection.close()


def test_a_store_of_the_first_version_opens_with_everything_and_counts_from_then_on(
    tmp_path: Path,
) -> None:
    path = tmp_path / "store.sqlite"
    version_1(path)
    opened: list[Store] = []
    threads = [threading.Thread(target=lambda: opened.append(Store.open(path))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [store.deployment for store in opened] == ["test-abcdefgh"] * 4
    assert [store.count() for store in opened] == [1] * 4
    assert opened[0].taken(NOW) == 0
    assert opened[1].keep(*fresh(), b"x" * 5, PLENTY) == 5
    assert opened[2].taken(NOW) == 5
    for store in opened:
        store.close()
    again = Store.open(path)
    assert (again.count(), again.taken(NOW)) == (2, 5)
    again.close()


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(1, 50)), max_size=12))
@settings(max_examples=15, deadline=None)
def test_for_any_weeks_in_order_the_sum_is_that_of_the_last(
    tmp_path_factory: pytest.TempPathFactory, arrivals: list[tuple[int, int]]
) -> None:
    store = Store.create(tmp_path_factory.mktemp("week") / "store.sqlite", "test-abcdefgh")
    week, sums = 0, {0: 0}
    for later, size in arrivals:
        week += later
        sums[week] = sums.get(week, 0) + size
        assert store.keep(*fresh(), b"x" * size, Allowance(after(week), 1 << 40)) == sums[week]
    assert store.taken(after(week)) == sums[week]
    store.close()
