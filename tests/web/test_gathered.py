"""What arrives is kept in order, found in place, and overwritten when it is handed on."""

import os
import re
import socket
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.web.gathered import PIECE, Gathered, in_memory, out_of_memory

ROOM = 300
ACTS = st.lists(
    st.tuples(
        st.sampled_from(["receive", "put_first", "taken", "copied", "forget"]),
        st.binary(max_size=120),
        st.integers(0, 400),
    ),
    max_size=12,
)


@given(ACTS)
def test_it_holds_what_a_plain_row_of_bytes_would(acts: list[tuple[str, bytes, int]]) -> None:
    """Never more than there is room for, and nothing of it behind its end."""
    here, there = socket.socketpair()
    gathered, plain = Gathered(ROOM), bytearray()
    with here, there:
        here.setblocking(False)
        for act, data, count in acts:
            if act == "receive" and data and len(plain) < ROOM:
                there.send(data)
                came = gathered.receive(here)
                assert came == min(len(data), ROOM - len(plain))
                plain += data[:came]
                if came < len(data):
                    here.recv(ROOM)
            elif act == "put_first":
                fits = len(plain) + len(data) <= ROOM
                assert gathered.put_first(data) == fits
                plain[:0] = data if fits else b""
            elif act == "taken":
                assert gathered.taken(count) == plain[:count]
                del plain[:count]
            elif act == "copied":
                assert out_of_memory(gathered.copied(count)) == plain[:count]
            elif act == "forget":
                gathered.forget(count)
                del plain[:count]
            assert len(gathered) == len(plain)
            if gathered._memory is not None:
                assert gathered._memory[:] == plain + bytes(ROOM - len(plain))
    gathered.close()
    assert len(gathered) == 0


def test_it_is_searched_in_place_and_no_further_than_asked() -> None:
    gathered = Gathered(ROOM)
    assert gathered.search(re.compile(b"")) is None
    assert list(gathered.every(re.compile(b"x"), 10)) == []
    gathered.put_first(b"ab ab ab")
    assert gathered.search(re.compile(b"b")) == (1, 2)
    assert gathered.search(re.compile(b"b"), 1) is None
    assert gathered.search(re.compile(b"b"), begin=2) == (4, 5)
    assert [found.span() for found in gathered.every(re.compile(b"a"), 4)] == [(0, 1), (3, 4)]
    gathered.close()


def test_nobody_there_is_told_apart_from_nothing_yet() -> None:
    here, there = socket.socketpair()
    gathered = Gathered(ROOM)
    with here:
        here.setblocking(False)
        with pytest.raises(BlockingIOError):
            gathered.receive(here)
        there.close()
        assert gathered.receive(here) == 0
    gathered.close()


@pytest.mark.parametrize("length", [0, 1, PIECE * 3 + 1])
def test_a_file_in_memory_has_no_name_and_holds_all(length: int) -> None:
    content = os.urandom(length)
    file = in_memory(content)
    assert str(Path(f"/proc/self/fd/{file}").readlink()).startswith("/memfd:")
    assert os.fstat(file).st_nlink == 0
    assert out_of_memory(file) == content
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(file)
