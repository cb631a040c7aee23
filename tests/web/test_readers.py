"""Who reads what people write: never too many, gone after the answer, and missed by nobody when killed."""

import contextlib
import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from http.client import HTTPException
from pathlib import Path

import pytest

from intake.store import Store
from intake.web.gathered import in_memory, out_of_memory
from intake.web.handing import GoneError, Job, Jobs, Report, pair
from intake.web.seats import READERS
from tests.web.follow import Page, Visitor, over_http, urlencoded
from tests.web.memory import children_of, is_alive, readers_of
from tests.web.serving import answer_to, connect, serving, site_in, until
from tests.web.test_form_pages import check_of

FORM = "Content-Type: application/x-www-form-urlencoded\r\n"
POST = f"POST /2 HTTP/1.1\r\nHost: a\r\n{FORM}Connection: close\r\n"
LARGE = f"{POST}Content-Length: 300000\r\n\r\n".encode()
MARKER = "planted-words-zqx"
SEND = "Отправить"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    site_in(tmp_path / "site")
    return tmp_path / "site"


@contextlib.contextmanager
def reading(port: int, pid: int) -> Iterator[tuple[socket.socket, int]]:
    """A connection on which half of a large text came, and the one reader that waits for the rest."""
    with connect(f":{port}") as connection:
        connection.sendall(LARGE + b"x" * 999)
        reader = _only_reader_of(pid)
        # Forked is not yet at it: killed then, it leaves the request to the next. What comes now, it reads.
        connection.sendall(b"x")
        until(lambda: _is_read(connection, port))
        yield connection, reader


def _only_reader_of(pid: int) -> int:
    seen: list[int] = []

    def is_alone() -> bool:
        seen[:] = readers_of(pid)
        return len(seen) == 1

    until(is_alone)
    return seen[0]


def _is_read(connection: socket.socket, port: int) -> bool:
    """Whether the other side has taken all that was sent on a connection (proc(5), `net/tcp`)."""
    ends = f":{port:04X}", f":{connection.getsockname()[1]:04X}"
    rows = [row.split() for row in Path("/proc/net/tcp").read_text("ascii").splitlines()[1:]]
    (queued,) = (row[4] for row in rows if (row[1][-5:], row[2][-5:]) == ends)
    return queued.endswith(":00000000")


def worker_of(pid: int) -> tuple[int, int]:
    """The one worker of a server, and who forks its readers, when both are there."""
    until(lambda: any(children_of(worker) for worker in children_of(pid)))
    (worker,) = children_of(pid)
    (parent,) = children_of(worker)
    return worker, parent


def most_at_once(folder: Path, change: str) -> int:
    """The most readers there ever were while 40 sent at once; all of them were answered."""
    most = 0
    with serving(folder, change=change) as (port, server):
        stop = threading.Event()

        def watch() -> None:
            nonlocal most
            while not stop.is_set():
                most = max(most, sum(map(is_alive, readers_of(server.pid))))

        watcher = threading.Thread(target=watch)
        watcher.start()
        body = urlencoded([("narrative", "text")])
        request = f"{POST}Content-Length: {len(body)}\r\n\r\n".encode() + body
        try:
            with contextlib.ExitStack() as many:
                asking = [many.enter_context(connect(f":{port}")) for _ in range(40)]
                for connection in asking:
                    connection.sendall(request)
                for connection in asking:
                    assert answer_to(connection).startswith(b"HTTP/1.1 403 ")
        finally:
            stop.set()
            watcher.join()
        until(lambda: readers_of(server.pid) == [], 5)
    return most


def test_there_are_never_more_readers_than_there_may_be(folder: Path) -> None:
    """Of two workers together; and without the bound there are: the twin forks for whoever comes."""
    few = "from intake.web import app\napp.READERS = {}"
    slow = """
import time
from intake.web.form_pages import FormPages
stale = FormPages.stale
FormPages.stale = lambda *words: time.sleep(0.3) or stale(*words)
"""
    assert max(2, len(os.sched_getaffinity(0))) == READERS
    two = """
run = server.run
server.run = lambda site, address, _: run(site, address, 2)
"""
    assert most_at_once(folder, few.format(3) + slow + two) == 3
    assert most_at_once(folder, few.format(100) + slow + two) > 6


def test_a_long_request_takes_no_reader_from_those_who_send_a_text(folder: Path) -> None:
    """There is one alone for texts, and as long as somebody sends a document it is free."""
    change = "from intake.web import app\napp.READERS = 1"
    with (
        serving(folder, change=change) as (port, server),
        reading(port, server.pid),
    ):
        visitor = Visitor(over_http(port))
        assert visitor.press(check_of(visitor, narrative="text"), SEND).status == 200


def test_a_reader_that_nobody_needs_is_gone_at_once(folder: Path) -> None:
    """Another worker may wait for its place; and the twin that stays for half a second is found."""
    stays = "from intake.web import reading\nreading.LINGER = 9"
    assert _stayed(folder, "server.__name__") < _stayed(folder, stays)


def _stayed(folder: Path, change: str) -> float:
    """The least of how many seconds a reader was there after an answer."""
    times = []
    with serving(folder, change=change) as (port, server):
        for _ in range(4):
            assert check_of(Visitor(over_http(port)), narrative="text").status == 200
            began = time.monotonic()
            until(lambda: not any(map(is_alive, readers_of(server.pid))))
            times.append(time.monotonic() - began)
    return min(times)


FAILING = """
import os
from intake.web import reading
class Failing:
    left = {}
    def __getattr__(self, name):
        return getattr(os, name)
    def fork(self):
        if self.left:
            self.left -= 1
            raise BlockingIOError(11, "no more processes")
        return os.fork()
reading.os = Failing()
"""


def test_where_no_reader_can_be_forked_a_text_waits_and_is_not_lost(folder: Path) -> None:
    """And the operator is told. The twin can fork none at all, and answers nobody."""
    log = folder.with_name("log")
    with serving(folder, change=FAILING.replace("{}", "3"), log=log) as (port, _):
        visitor = Visitor(over_http(port))
        assert visitor.press(check_of(visitor, narrative="text"), SEND).status == 200
    assert "BlockingIOError at" in log.read_text()
    body = urlencoded([("narrative", "text")])
    request = f"{POST}Content-Length: {len(body)}\r\n\r\n".encode() + body
    with (
        serving(folder, change=FAILING.replace("{}", "10**9")) as (port, _),
        connect(f":{port}") as connection,
        pytest.raises(TimeoutError),
    ):
        answer_to(connection, request, 1)


def test_a_reader_that_is_killed_is_missed_by_nobody_else(folder: Path) -> None:
    with (
        serving(folder, change="server.__name__") as (port, server),
        reading(port, server.pid) as (connection, reader),
    ):
        os.kill(reader, signal.SIGKILL)
        with contextlib.suppress(ConnectionError):
            assert answer_to(connection) == b""
        until(lambda: readers_of(server.pid) == [])
        visitor = Visitor(over_http(port))
        for _ in range(6):  # more than may read a large one at once: none is counted for ever
            with reading(port, server.pid) as (_, other):
                os.kill(other, signal.SIGKILL)
            until(lambda: readers_of(server.pid) == [])
        assert visitor.press(check_of(visitor, narrative="text"), SEND).status == 200


def test_readers_that_hang_have_an_end_and_then_others_are_read(folder: Path) -> None:
    """They hold every place that there is for texts, of all workers together."""
    hangs = """
import time
from intake.web import reading
from intake.web.form_pages import FormPages
reading._SLACK = 2
FormPages.stale = lambda *_: time.sleep(600)
"""
    body = urlencoded([("narrative", "text")])
    request = f"{POST}Content-Length: {len(body)}\r\n\r\n".encode() + body
    with serving(folder, change=hangs) as (port, server), contextlib.ExitStack() as many:
        hanging = [many.enter_context(connect(f":{port}")) for _ in range(READERS)]
        for connection in hanging:
            connection.sendall(request)
        until(lambda: len(readers_of(server.pid)) == READERS)
        visitor = Visitor(over_http(port))
        assert visitor.press(check_of(visitor, narrative="text"), SEND).status == 200
        for connection in hanging:
            with contextlib.suppress(ConnectionError):
                assert answer_to(connection) == b""


def test_killed_before_it_answers_it_keeps_one_of_two_sends(folder: Path) -> None:
    """At the worst moment: it is kept, and nobody was told. Sent again it is the same one."""
    late = """
import time
from intake.web.form_pages import FormPages
send = FormPages.send
def slow(self):
    answer = send(self)
    time.sleep(60 if Path(sys.argv[1] + ".late").exists() else 0)
    return answer
FormPages.send = slow
"""
    with serving(folder, change=late) as (port, server):
        visitor = Visitor(over_http(port))
        check = check_of(visitor, narrative="text")
        store = Store.open(folder / "store.sqlite")
        late_now = folder.with_name("site.late")
        late_now.touch()
        sending = threading.Thread(target=pressed, args=(visitor, check))
        sending.start()
        until(lambda: store.count() == 1)
        late_now.unlink()
        for reader in readers_of(server.pid):
            os.kill(reader, signal.SIGKILL)
        sending.join(30)
        again = Visitor(over_http(port))
        again.cookies = visitor.cookies
        assert again.press(check, SEND).status == 200
        assert store.count() == 1
        store.close()


def pressed(visitor: Visitor, check: Page) -> None:
    """Press Send, whatever comes of it."""
    with contextlib.suppress(OSError, HTTPException):
        visitor.press(check, SEND)


def test_without_who_forks_them_a_worker_ends_and_another_takes_its_place(folder: Path) -> None:
    with serving(folder, change="server.__name__") as (port, server):
        worker, parent = worker_of(server.pid)
        os.kill(parent, signal.SIGKILL)
        until(lambda: worker not in children_of(server.pid))
        until(lambda: len(children_of(server.pid)) == 1)
        visitor = Visitor(over_http(port))
        assert visitor.press(check_of(visitor, narrative="text"), SEND).status == 200


def test_without_its_worker_nothing_is_left_of_it(folder: Path) -> None:
    with serving(folder, change="server.__name__") as (port, server):
        worker, parent = worker_of(server.pid)
        with reading(port, server.pid) as (connection, reader):
            os.kill(worker, signal.SIGKILL)
            until(lambda: not Path(f"/proc/{parent}").exists())
            connection.sendall(b"x" * 300_000)
            until(lambda: not Path(f"/proc/{reader}").exists())


def test_told_to_end_the_server_lets_a_reader_finish(folder: Path) -> None:
    """Also where every process is told, as systemd does it."""
    with (
        serving(folder, change="server.__name__") as (port, server),
        reading(port, server.pid) as (connection, _),
    ):
        os.killpg(server.pid, signal.SIGTERM)
        time.sleep(0.5)
        answer = answer_to(connection, b"x" * 299_000)
        assert answer.startswith(b"HTTP/1.1 4")
        assert server.wait(20) == 0


def test_an_answer_that_nobody_takes_holds_no_reader(folder: Path) -> None:
    with serving(folder, change="server.__name__") as (port, server):
        visitor = Visitor(over_http(port))
        body = urlencoded(visitor.get("/1").forms[0].values())
        body = body.replace(b"narrative=", b"narrative=" + b'"' * 1_000_000)
        head = f"{POST}Cookie: n={visitor.cookies['n']}\r\nContent-Length: {len(body)}\r\n\r\n"
        with connect(f":{port}") as connection:
            connection.sendall(head.encode() + body)
            until(lambda: len(readers_of(server.pid)) == 1)
            until(lambda: readers_of(server.pid) == [])
            answer = answer_to(connection)
        assert answer.count(b"&#34;") == 1_000_000
        assert answer.endswith(b"-->")


def test_what_fails_in_readers_is_said_once_by_class_and_line(folder: Path) -> None:
    """Each is a process of its own, and a line for each would be an access log."""
    change = f"""
from intake.web.form_pages import FormPages
def check(self):
    raise ValueError("{MARKER}")
FormPages.check = check
"""
    log = folder.with_name("log")
    with serving(folder, change=change, log=log) as (port, server):
        for _ in range(3):
            assert check_of(Visitor(over_http(port)), narrative=MARKER).status == 500
            until(lambda: readers_of(server.pid) == [])
    assert log.read_text().splitlines() == ["builtins.ValueError at <string>:10"]


def test_what_is_handed_over_arrives_whole_or_the_other_side_is_gone() -> None:
    ours, theirs = pair()
    jobs = Jobs()
    with ours, theirs:
        assert jobs.take() is None
        words = in_memory(b"some words")
        assert jobs.give(Job(True, False, 2.5, ours.fileno(), words, theirs.fileno()))
        os.close(words)
        assert jobs.is_waited_for()
        job = jobs.take()
        assert job is not None
        assert jobs.take(0.01) is None
        assert (job.large, job.alive, job.patience) == (True, False, 2.5)
        assert out_of_memory(job.gathered) == b"some words"
        os.close(job.connection)
        os.close(job.channel)
        lines = [("log", "x" * 10_000)] * 100
        Report(True, in_memory(b"an answer"), 9, b"next", lines).hand(theirs)
        report = Report.of(ours)
        assert (report.keep, report.size, report.unread) == (True, 9, b"next")
        assert out_of_memory(report.rest) == b"an answer"
        assert report.lines == [("log", "x" * 500)] * 20
        ours.setblocking(False)
        with pytest.raises(BlockingIOError):
            Report.of(ours)
        theirs.shutdown(socket.SHUT_RD)
        with pytest.raises(GoneError):
            Report(True, in_memory(b""), 0, b"").hand(ours)
    with pytest.raises((GoneError, OSError)):
        Report.of(ours)


def test_more_wait_for_a_reader_than_a_queue_holds_and_none_is_half_there() -> None:
    """Who gives one too many is told so, and keeps it."""
    jobs = Jobs()
    words = in_memory(b"x")
    ours, theirs = pair()
    with ours, theirs:
        given = 0
        while jobs.give(Job(False, True, given, ours.fileno(), words, theirs.fileno())):
            given += 1
            assert given < 100_000
        for number in range(given):
            job = jobs.take()
            assert job is not None
            assert job.patience == number
            for one in (job.connection, job.gathered, job.channel):
                os.close(one)
        assert jobs.take() is None
    os.close(words)
