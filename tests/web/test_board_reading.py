"""The board that pages without script read: whole, as it is now, or none at all."""

import threading
from pathlib import Path

import pytest

from intake.board import PART
from intake.errors import StoreError
from intake.web import board_reading
from intake.web.board_reading import BoardReading
from tests.web.returning import nobodys_rows, write_board

NAME = "test-abcdefgh"


def reading(tmp_path: Path) -> BoardReading:
    return BoardReading(tmp_path / "board", NAME)


def test_where_there_is_no_board_there_are_no_rows(tmp_path: Path) -> None:
    assert list(reading(tmp_path).rows()) == []
    (tmp_path / "board").mkdir()
    assert list(reading(tmp_path).rows()) == []


@pytest.mark.parametrize("count", [0, 1, PART, PART + 1, 3 * PART])
def test_it_has_every_row_of_every_part(tmp_path: Path, count: int) -> None:
    rows = nobodys_rows(count)
    write_board(tmp_path, NAME, rows)
    assert list(reading(tmp_path).rows()) == sorted(rows)


def test_it_is_read_again_when_it_changes_and_only_then(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the file of the index has the same time: every file's is that of a week's end."""
    board = reading(tmp_path)
    times = []
    real = BoardReading._rows_of
    monkeypatch.setattr(
        BoardReading, "_rows_of", lambda self, found: times.append(1) or real(self, found)
    )
    for n in range(3):
        rows = nobodys_rows(16)
        write_board(tmp_path, NAME, rows)
        for path in (tmp_path / "board").iterdir():
            import os

            os.utime(path, (0, 0))
        for _ in range(3):
            assert list(board.rows()) == sorted(rows)
        assert len(times) == n + 1
    (tmp_path / "board" / "index").unlink()
    assert list(board.rows()) == []


@pytest.mark.parametrize("name", ["index", "0", "1"])
@pytest.mark.parametrize("fault", ["cut", "gone", "of another site"])
def test_what_is_no_board_gives_no_rows_and_no_half_of_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, fault: str
) -> None:
    monkeypatch.setattr(board_reading, "_PAUSE", 0)
    board = reading(tmp_path)
    write_board(tmp_path, NAME, nobodys_rows(16))
    assert board.rows()
    write_board(
        tmp_path, "test-zzzzzzzz" if fault == "of another site" else NAME, nobodys_rows(140)
    )
    path = tmp_path / "board" / name
    if fault == "cut":
        path.write_bytes(path.read_bytes()[:-1])
    elif fault == "gone" and name != "index":
        path.unlink()
    elif fault == "gone":
        path.unlink()
        path.mkdir()
    with pytest.raises(StoreError):
        board.rows()
    rows = nobodys_rows(16)
    if path.is_dir():
        path.rmdir()
    write_board(tmp_path, NAME, rows)
    assert list(board.rows()) == sorted(rows)


def test_a_board_that_is_just_being_exchanged_is_waited_for(tmp_path: Path) -> None:
    """Its parts are changed before its index is."""
    board = reading(tmp_path)
    write_board(tmp_path, NAME, nobodys_rows(16))
    board.rows()
    old = (tmp_path / "board" / "index").read_bytes()
    rows = nobodys_rows(32)
    write_board(tmp_path, NAME, rows)
    new = (tmp_path / "board" / "index").read_bytes()
    assert old != new
    fresh = reading(tmp_path)
    (tmp_path / "board" / "index").write_bytes(old)
    timer = threading.Timer(0.05, lambda: (tmp_path / "board" / "index").write_bytes(new))
    timer.start()
    assert list(fresh.rows()) == sorted(rows)
    timer.join()
