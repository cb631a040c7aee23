"""What can be relied on of the board in the store: each week one batch, and no row tells anything."""

import itertools
import os
import sqlite3
import threading
from collections import Counter
from itertools import combinations
from pathlib import Path

import pytest

from intake.author import Holder
from intake.board import decoy
from intake.epoch import Epoch
from intake.reply import ROW, check_row, replies_on
from intake.store import Delivered, Place, PostgresPlace, board
from tests.boards import cheap_row, cheap_rows
from tests.log.worlds import FIRST, World
from tests.panel import make_panel
from tests.store.engines import rows_at

COUNT = 48
REPEATED = 200  # so that no page of the file ends within each of them


@pytest.fixture
def world(tmp_path: Path, place: Place) -> World:
    return World.make(tmp_path / "site", place=place if isinstance(place, PostgresPlace) else None)


def deliver(world: World, rows: list[bytes]) -> Delivered:
    with world.store() as store:
        return store.board.deliver(rows)


def on_board(world: World) -> list[bytes]:
    with world.store() as store:
        return store.board.rows()


def batches(world: World) -> dict[str, int]:
    """How many rows each batch has; those that wait under an empty name."""
    return dict(
        rows_at(world.kept_at, "SELECT batch, count(*) FROM board GROUP BY batch ORDER BY batch")
    )


# Delivered


@pytest.mark.repeated
@pytest.mark.parametrize("count", [1, 95, 96, 97, 193])
def test_rows_wait_for_the_close_and_are_taken_once(world: World, count: int) -> None:
    rows = cheap_rows(count)
    assert deliver(world, rows[1:]) == Delivered(count - 1, 0)
    assert deliver(world, rows) == Delivered(1, count - 1)
    assert deliver(world, [rows[0], rows[0]]) == Delivered(0, 2)
    assert on_board(world) == []
    assert batches(world) == {"": count}
    world.close()
    assert set(rows) <= set(on_board(world))
    assert deliver(world, rows) == Delivered(0, count)
    assert "" not in batches(world)


def test_one_of_another_length_is_refused_and_nothing_of_it_kept(world: World) -> None:
    for row in (bytes(ROW - 1), bytes(ROW + 1), b""):
        with pytest.raises(ValueError, match=str(ROW)):
            deliver(world, [cheap_row(), row])
    assert batches(world) == {}


# Batches


@pytest.mark.repeated
@pytest.mark.parametrize(("delivered", "size"), [(0, 16), (1, 16), (16, 16), (17, 32), (33, 48)])
def test_a_batch_is_what_waited_and_decoys_to_a_multiple_of_16(
    world: World, delivered: int, size: int
) -> None:
    rows = cheap_rows(delivered)
    deliver(world, rows)
    world.close()
    found = on_board(world)
    assert batches(world) == {str(FIRST): size}
    assert len(set(found)) == len(found) == size
    assert set(rows) <= set(found)
    assert found == sorted(found)
    for row in found:
        check_row(row)
    assert len({row[:16] for row in found}) == size


@pytest.mark.repeated
def test_every_week_that_is_closed_has_one_batch_for_ten_weeks_and_decoys_stay_the_same(
    world: World,
) -> None:
    """Those of several weeks are made in one run; a batch leaves with the ninth further close."""
    weeks = [FIRST]
    for _ in range(13):
        weeks.append(weeks[-1].next)
    row = cheap_row()
    deliver(world, [row])
    with world.log() as log:
        assert log.close_due(weeks[3]) == tuple(weeks[:3])
        assert log.close_due(weeks[3]) == ()
    assert batches(world) == {str(week): 16 for week in weeks[:3]}
    first = set(on_board(world))
    assert row in first
    world.close(weeks[8])
    assert batches(world) == {str(week): 16 for week in weeks[:9]}
    assert first < set(on_board(world))
    world.close(weeks[9])
    assert row not in on_board(world)
    assert batches(world) == {str(week): 16 for week in weeks[1:10]}
    assert deliver(world, [row]) == Delivered(1, 0)
    world.close(weeks[12])
    assert batches(world) == {str(week): 16 for week in weeks[4:13]}


@pytest.mark.repeated
def test_batches_go_over_the_end_of_a_year(world: World) -> None:
    world.close(Epoch(2027, 2))
    assert list(batches(world))[-1] == "2027-W02"
    assert len(batches(world)) == 9


@pytest.mark.parametrize("at", [1, 8, 15])
def test_a_close_that_ends_among_the_decoys_did_nothing_and_is_done_by_the_next(
    world: World, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    rows, made = cheap_rows(16), itertools.count(1)
    kept = world.add()
    deliver(world, [*rows, cheap_row()])

    def ending() -> bytes:
        if next(made) == at:
            raise KeyboardInterrupt
        return decoy()

    with monkeypatch.context() as crash:
        crash.setattr(board, "decoy", ending)
        with pytest.raises(KeyboardInterrupt):
            world.close()
    assert batches(world) == {"": 17}
    with world.store() as store:
        assert store.leaves.closed() != FIRST
    world.close()
    assert batches(world) == {str(FIRST): 32}
    world.check([kept])


def test_what_is_delivered_while_weeks_are_closed_is_on_the_board_once(world: World) -> None:
    rows = [cheap_rows(30) for _ in range(2)]
    threads = [threading.Thread(target=deliver, args=(world, some)) for some in rows]
    for thread in threads:
        thread.start()
    world.close()
    world.close(FIRST.next)
    for thread in threads:
        thread.join()
    world.close(FIRST.next.next)
    found = Counter(on_board(world))
    assert set(rows[0]) | set(rows[1]) <= set(found)
    assert set(found.values()) == {1}
    assert all(size % 16 == 0 for size in batches(world).values())


# What it tells


def tau(values: list[int]) -> float:
    """Kendall's: 1 for an order of delivery, near 0 for chance, with a deviation of 0.1 for 48."""
    pairs = list(combinations(values, 2))
    return sum(1 if a < b else -1 for a, b in pairs) / len(pairs)


def delivered_in_order(world: World) -> list[bytes]:
    """Marks at the rows' ends, in the order in which the rows come, each on its own."""
    marks = [os.urandom(24) for _ in range(COUNT)]
    with world.store() as store:
        for mark in marks:
            store.board.deliver([cheap_row(end=mark * REPEATED)])
    return marks


def orders(world: World, marks: list[bytes]) -> dict[str, float]:
    """What whoever takes the disk can order rows by: the place in the file, the key, the board."""
    path = world.path / "store.sqlite"
    content = path.read_bytes()
    places = [content.rfind(mark) for mark in marks]
    assert min(places) > 0
    connection = sqlite3.connect(path)
    ends = {end: n for n, end in enumerate(marks)}
    keys = [ends.get(end) for (end,) in connection.execute(_ENDS)]
    connection.close()
    served = [row[-24:] for row in on_board(world)]
    return {
        "place": tau(places),
        "key": tau([n for n in keys if n is not None]),
        "board": tau([served.index(mark) for mark in marks]),
    }


_ENDS = "SELECT substr(content, -24) FROM board ORDER BY id"


@pytest.mark.sqlite
def test_after_the_close_neither_file_nor_key_nor_board_tells_the_order_of_delivery(
    world: World,
) -> None:
    marks = delivered_in_order(world)
    content = (world.path / "store.sqlite").read_bytes()
    assert tau([content.rfind(mark) for mark in marks]) > 0.6
    with world.store() as serving:  # a server that runs on keeps the log of changes there
        assert serving.board.waiting() == COUNT
        world.close()
        assert (world.path / "store.sqlite-wal").stat().st_size == 0
    assert all(abs(found) < 0.5 for found in orders(world, marks).values())


@pytest.mark.sqlite
def test_keys_in_order_of_delivery_are_seen(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin: rows that are numbered as they come lie so in the file, however it is rewritten."""
    numbers = itertools.count(1)
    monkeypatch.setattr(board.secrets, "randbits", lambda _: next(numbers))
    marks = delivered_in_order(world)
    world.close()
    found = orders(world, marks)
    assert found["place"] > 0.9
    assert found["key"] == 1


def test_a_decoy_is_from_outside_like_any_row_and_a_reply_to_nobody() -> None:
    rows = [decoy() for _ in range(3)]
    holder = Holder(bytes(32))
    for row in rows:
        check_row(row)
    assert {len(row) for row in rows} == {ROW}
    # The hint, the stanza's argument and body, the header's code and the payload: nothing twice.
    pieces = [piece for row in rows for piece in (row[:16], *row[16:1650].split()[2:], row[-64:])]
    fresh = [piece for piece in pieces if piece not in (b"mlkem768x25519", b"---", b"->")]
    assert len(set(fresh)) == len(fresh)
    assert replies_on(rows, holder, make_panel().roster) == []
