"""Seats of all processes together: never more than there are, and each is free when its holders are gone."""

import os
import signal
import threading
import time

import pytest

from intake.web.seats import Seats


def test_none_has_a_seat_twice_and_one_that_is_closed_is_free() -> None:
    seats = Seats(2)
    first, second = seats.take(), seats.take()
    assert len(seats) == 2
    assert first is not None
    assert second is not None
    assert seats.take() is None
    os.close(first)
    third = seats.take()
    assert third is not None
    assert seats.take() is None
    os.close(second)
    os.close(third)


def test_a_seat_is_a_childs_to_its_end_whoever_else_closes_it() -> None:
    """So a reader's seat, which whoever forks it took, is free when the reader is gone."""
    seats = Seats(1)
    mine = seats.wait()
    assert mine is not None
    child = os.fork()
    if child == 0:  # pragma: no cover
        time.sleep(60)
        os._exit(0)
    os.close(mine)
    assert seats.take() is None
    began = time.monotonic()
    assert seats.wait(0.1) is None
    assert time.monotonic() - began >= 0.1
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    again = seats.wait(10)
    assert again is not None
    os.close(again)


def test_a_child_that_takes_one_leaves_fewer_to_its_parent() -> None:
    """A lock on what was inherited would be both's."""
    seats = Seats(1)
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:  # pragma: no cover
        os.write(writing, b"x" if seats.take() is not None else b"-")
        time.sleep(60)
        os._exit(0)
    assert os.read(reading, 1) == b"x"
    assert seats.take() is None
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    assert seats.take() is not None


@pytest.mark.parametrize("number", [1, 2])
def test_whoever_waits_has_it_once_a_holder_is_gone_and_not_before(number: int) -> None:
    seats = Seats(number)
    children = []
    for _ in range(number):
        reading, writing = os.pipe()
        children.append(os.fork())
        if children[-1] == 0:  # pragma: no cover
            os.write(writing, b"x" if seats.take() is not None else b"-")
            time.sleep(60)
            os._exit(0)
        assert os.read(reading, 1) == b"x"
    given: list[int | None] = []
    waiting = threading.Thread(target=lambda: given.append(seats.wait()))
    waiting.start()
    time.sleep(0.3)
    assert given == []
    os.kill(children[-1], signal.SIGKILL)
    os.waitpid(children[-1], 0)
    waiting.join(30)
    (mine,) = given
    assert mine is not None
    assert seats.take() is None
    os.close(mine)
    again = seats.take()
    assert again is not None
    os.close(again)
    for child in children[:-1]:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
