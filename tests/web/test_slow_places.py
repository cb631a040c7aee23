"""Who takes the places for documents and hardly sends anything loses one to somebody who waits, and never else."""

import contextlib
import select
import socket
import threading
import time
from collections.abc import Iterator

import pytest
from gunicorn.config import Config

from intake.web import pacing
from intake.web.connections import Connection
from intake.web.long_requests import LARGE, LongRequests
from intake.web.pacing import Count, Pace
from tests.web.serving import answer_to, connect, serving, site_in
from tests.web.test_slow_visitors import POST, ended

SECONDS = 3.0  # in which a place is looked at, here
CHANGE = f"from intake.web import pacing\npacing.WINDOW = {SECONDS}"
TYPE = "Content-Type: application/octet-stream\r\n"
# With a reader of their own, and with a thread.
KINDS = {
    "a long text": f"{POST}Connection: close\r\nContent-Length: 900000\r\n\r\nn=".encode(),
    "a sealed file": f"POST /s HTTP/1.1\r\nHost: a\r\n{TYPE}Content-Length: 900000\r\n\r\ntest".encode(),
}
HONEST = f"{POST}Connection: close\r\nContent-Length: 300000\r\n\r\n".encode()


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    folder = tmp_path_factory.mktemp("places") / "site"
    site_in(folder)
    log = folder.parent / "log"
    with serving(folder, change=CHANGE, log=log) as (port, _):
        yield port
    # Who was let go left, as far as the operator is told.
    assert "Error" not in log.read_text()


@contextlib.contextmanager
def sending(port: int, start: bytes, each: int, pause: float, number: int = LARGE):
    """So many who take a place and send so much after each pause, until the block ends."""
    stop = threading.Event()
    with contextlib.ExitStack() as opened:
        taken = [opened.enter_context(connect(f":{port}")) for _ in range(number)]
        for connection in taken:
            connection.sendall(start)

        def send() -> None:
            while not stop.wait(pause):
                for connection in taken:
                    with contextlib.suppress(OSError):
                        connection.sendall(b"x" * each)

        thread = threading.Thread(target=send)
        thread.start()
        opened.callback(thread.join)
        opened.callback(stop.set)
        time.sleep(0.5)
        yield taken


def still(taken: list) -> int:
    return sum(not ended(connection) for connection in taken)


@pytest.mark.parametrize("kind", KINDS)
def test_a_drip_in_every_place_gives_one_to_who_waits(port: int, kind: str) -> None:
    """And no more than one: the others stay, as long as nobody else waits."""
    with sending(port, KINDS[kind], 1, 0.3) as taken:
        time.sleep(2 * SECONDS)
        assert still(taken) == LARGE, "nobody waited"
        began = time.monotonic()
        with connect(f":{port}") as honest:
            assert answer_to(honest, HONEST + b"x" * 300_000).startswith(b"HTTP/1.1 ")
        assert time.monotonic() - began < SECONDS
        time.sleep(SECONDS)
        assert still(taken) == LARGE - 1


@pytest.mark.parametrize("kind", KINDS)
def test_who_keeps_up_a_modest_rate_keeps_the_place_though_somebody_waits(
    port: int, kind: str
) -> None:
    """In pieces, with silence between them for half of the time that is looked at."""
    each = int(1.5 * pacing.LEAST * SECONDS / 2) + 1
    with (
        sending(port, KINDS[kind], each, SECONDS / 2 - 0.1) as taken,
        connect(f":{port}") as waiting,
    ):
        waiting.sendall(HONEST)
        time.sleep(3 * SECONDS)
        assert still(taken) == LARGE
        assert not ended(waiting)


def test_who_waits_for_a_place_is_not_slow_meanwhile(port: int) -> None:
    """Eight who are slow: four at a time are looked at, from when they are read."""
    with (
        sending(port, KINDS["a long text"], 1, 0.3) as first,
        sending(port, KINDS["a long text"], 1, 0.3) as then,
    ):
        time.sleep(SECONDS + 1.5)
        assert still(first) == 0
        assert still(then) == LARGE
    # Nobody is missed: the places are there again.
    with connect(f":{port}") as honest:
        assert answer_to(honest, HONEST + b"x" * 300_000).startswith(b"HTTP/1.1 ")


@pytest.fixture
def places() -> Iterator[tuple[LongRequests, list[Connection], float]]:
    """A worker's places, all taken by who sends nothing, and whoever is waited for since when."""
    with contextlib.ExitStack() as opened:
        requests, taken = LongRequests(), list[Connection]()
        for _ in range(LARGE + 2):
            ours, theirs = socket.socketpair()
            opened.callback(theirs.close)
            taken.append(Connection(Config(), ours, None))
            opened.callback(taken[-1].close)
            assert requests.take(taken[-1]) is (len(taken) <= LARGE)
        begun = time.monotonic()
        for one in taken[:LARGE]:
            assert one.sock.count is not None
            opened.enter_context(contextlib.suppress(ValueError))  # who left is counted no more
            opened.enter_context(one.sock.count.waiting())
        yield requests, taken, begun


def gone(taken: list[Connection]) -> list[int]:
    """Whose connection is shut."""
    return [n for n, one in enumerate(taken) if select.select([one.sock], [], [], 0)[0]]


def test_for_each_who_waits_one_is_let_go_the_slowest_first(
    places: tuple[LongRequests, list[Connection], float],
) -> None:
    """And no other before that one has left."""
    requests, taken, begun = places
    first, second = requests.waiting
    requests.waiting.pop()
    for later, shut in ((1, []), (59, []), (61.5, [2]), (62, [2]), (63, [2])):
        for one, came in zip(taken[:LARGE], (3, 2, 1, 4), strict=True):
            assert one.sock.count is not None
            one.sock.count.add(came)
        requests.let_go(begun + later)
        assert gone(taken) == shut, later
    requests.waiting.append(second)
    requests.let_go(begun + 64)
    assert gone(taken) == [1, 2]
    # Who left makes room for who came first, and is watched no more.
    assert requests.leave(taken[2]) is first
    assert (taken[2].sock.count, taken[2].large) == (None, False)
    assert requests.leave(taken[2]) is None
    assert requests.take(first)
    requests.let_go(begun + 65)
    assert gone(taken) == [1, 2]


def test_only_the_time_in_which_they_are_waited_for_is_theirs() -> None:
    """A reader that is busy with the store reads nothing, and nobody is slow for that."""
    count = Count()
    other = Count(count.descriptor)
    pace = Pace(other)
    pace.look(time.monotonic() + 1000)
    assert not pace.is_slow()
    assert not other.is_waited_for
    with count.waiting():
        begun = time.monotonic()
        for later, slow in ((10, False), (59, False), (60, True), (90, True)):
            pace.look(begun + later)
            assert pace.is_slow() is slow
        count.add(round(pacing.LEAST * pacing.WINDOW))
        pace.look(begun + 91)
        assert not pace.is_slow()
        pace.look(begun + 152)
        assert pace.is_slow()
    # All of it came at last, and is being kept.
    pace.look(begun + 153)
    assert not pace.is_slow()
    assert other.waited(begun + 1000) < 1
    assert other.came == pacing.LEAST * pacing.WINDOW
    other._numbers.release()
    count.close()
