"""The index names every part of a board by its bytes, and there is one spelling of it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.board import MOST_ROWS, PART, Index, parts_of
from intake.errors import MalformedError
from intake.reply import ROW
from tests.boards import cheap_rows

DEPLOYMENT = "test-abcdefgh"
ROWS = cheap_rows(PART + 2)
INDEX = Index.of(DEPLOYMENT, ROWS)
PARTS = list(parts_of(ROWS))


@given(st.integers(0, 2000), st.data())
def test_an_index_is_read_as_it_was_written(count: int, data: st.DataObject) -> None:
    size = -(-count // PART)
    parts = data.draw(st.lists(st.binary(min_size=32, max_size=32), min_size=size, max_size=size))
    index = Index(DEPLOYMENT, count, tuple(parts))
    assert Index.parse(index.to_bytes()) == index
    assert index.to_bytes().count(b"\n") == 3 + size


@settings(max_examples=8, deadline=None)
@given(st.sampled_from([0, 1, 2, PART - 1, PART, PART + 1, PART + 2]))
def test_its_parts_give_back_the_rows_in_their_order(count: int) -> None:
    rows = ROWS[:count]
    index, parts = Index.of(DEPLOYMENT, rows), list(parts_of(rows))
    assert len(parts) == len(index.parts)
    assert [row for n, part in enumerate(parts) for row in index.rows_in(n, part)] == rows
    assert {len(part) for part in parts[:-1]} <= {PART * ROW}


WHOLE = INDEX.to_bytes()
LINE = WHOLE.splitlines(keepends=True)[3]
REFUSED = {
    "empty": b"",
    "another title": WHOLE.replace(b"board/v1", b"board/v2"),
    "no end of line": WHOLE[:-1],
    "a line more": WHOLE + b"\n",
    "a part more": WHOLE + LINE,
    "a part less": WHOLE.replace(LINE, b""),
    "CR LF": WHOLE.replace(b"\n", b"\r\n"),
    "rows of another number of parts": WHOLE.replace(b"rows 130", b"rows 128"),
    "a second spelling of a number": WHOLE.replace(b"rows 130", b"rows 0130"),
    "a negative number": WHOLE.replace(b"rows 130", b"rows -1"),
    "no number": WHOLE.replace(b"rows 130", b"rows "),
    "too many rows": WHOLE.replace(b"rows 130", b"rows 9999999"),
    "capital letters": WHOLE.replace(LINE, LINE.upper()),
    "a short hash": WHOLE.replace(LINE, LINE[:-2] + b"\n"),
    "another key": WHOLE.replace(b"rows", b"Rows"),
    "no deployment": WHOLE.replace(DEPLOYMENT.encode(), b"test"),
    "not ASCII": WHOLE.replace(b"rows 130", "rows ١٣٠".encode()),
    "a byte before": b"\xef\xbb\xbf" + WHOLE,
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_index_is_refused(name: str) -> None:
    assert REFUSED[name] != WHOLE
    with pytest.raises(MalformedError):
        Index.parse(REFUSED[name])


def test_no_index_has_another_number_of_parts_or_more_rows_than_there_may_be() -> None:
    for rows, parts in ((1, 0), (0, 1), (PART + 1, 1), (PART, 2), (-1, 0)):
        with pytest.raises(MalformedError, match="number of parts"):
            Index(DEPLOYMENT, rows, (bytes(32),) * parts)
    most = -(-MOST_ROWS // PART)
    assert Index.parse(Index(DEPLOYMENT, MOST_ROWS, (bytes(32),) * most).to_bytes())
    with pytest.raises(MalformedError, match="number of parts"):
        Index(DEPLOYMENT, MOST_ROWS + 1, (bytes(32),) * most)
    with pytest.raises(MalformedError, match="32 bytes"):
        Index(DEPLOYMENT, 1, (bytes(31),))


def test_a_part_is_believed_only_in_its_place_and_as_it_is_named() -> None:
    first, second = PARTS
    assert list(INDEX.rows_in(1, second)) == ROWS[PART:]
    wrong = [(0, second), (1, first), (2, second), (-1, second), (0, first[:-1]), (0, first + b"x")]
    wrong += [(0, b""), (0, first[:-1] + bytes([first[-1] ^ 1]))]
    for number, part in wrong:
        with pytest.raises(MalformedError, match="not the one"):
            INDEX.rows_in(number, part)


def test_a_part_of_another_length_is_refused_though_the_index_names_it() -> None:
    """Else a server could give one person a row that is cut, and see what becomes of it."""
    for rows in (ROWS[:2], [ROWS[0][:-1]], [ROWS[0] + b"x"], []):
        part = b"".join(rows)
        index = Index(DEPLOYMENT, 1, Index.of(DEPLOYMENT, [part]).parts)
        with pytest.raises(MalformedError, match="another length"):
            index.rows_in(0, part)
