"""Slow visitors, many of them or ill-meaning, do not keep others from sending."""

import contextlib
import os
import re
import select
import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web.follow import Visitor, over_http, urlencoded
from tests.web.serving import answer_to, connect, serving, site_in
from tests.web.test_form_pages import check_of

FORM = "Content-Type: application/x-www-form-urlencoded\r\n"
POST = f"POST /2 HTTP/1.1\r\nHost: a\r\n{FORM}"
BEGUN = {
    "nothing at all": b"",
    "half a request line": b"GET /1 HT",
    "half a head": b"GET /1 HTTP/1.1\r\nHost: a\r\nX: ",
    "half a text": f"{POST}Content-Length: 5000\r\n\r\nnarrative=x".encode(),
    "half a large text": f"{POST}Content-Length: 900000\r\n\r\n".encode() + b"x" * 300_000,
    "an absurd length": f"{POST}Content-Length: 8000000\r\n\r\nnarrative=x".encode(),
    "half a chunk": f"{POST}Transfer-Encoding: chunked\r\n\r\nffff\r\nnarrative=x".encode(),
    "a promise": f"{POST}Content-Length: 5000\r\nExpect: 100-continue\r\n\r\n".encode(),
    "a second request": b"GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /1 HT",
    "an answer that nobody reads": b"GET /1 HTTP/1.1\r\nHost: a\r\n\r\n" * 200,
    "a connection that nobody closes": b"GET /1 HTTP/1.0\r\nHost: a\r\n\r\n",
}
HURRY = "from intake.web import connections as c\nc.FIRST, c.SILENCE, c.WHOLE, c.RATE = {}"


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """One server for the tests that leave nothing behind on it."""
    folder = tmp_path_factory.mktemp("slow") / "site"
    site_in(folder)
    with serving(folder) as (port, _):
        yield port


@pytest.fixture(scope="module")
def hasty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """A server that gives a whole request two seconds."""
    folder = tmp_path_factory.mktemp("hasty") / "site"
    site_in(folder)
    with serving(folder, change=HURRY.format("10.0, 10.0, 2.0, 1000000")) as (port, _):
        yield port


def held_by_the_server(port: int) -> set[int]:
    """The visitors' ports of all connections that a process still has open on this one."""
    rows = [row.split() for row in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    ends = [(row[1], row[2], row[9]) for row in rows]  # ours, theirs, and the socket's number
    return {
        int(theirs.rpartition(":")[2], 16)
        for ours, theirs, inode in ends
        if int(ours.rpartition(":")[2], 16) == port and inode != "0"
    }


@pytest.mark.parametrize("what", BEGUN)
def test_twenty_who_are_slow_do_not_stop_one_who_writes(port: int, what: str) -> None:
    """Who writes is answered while all twenty are still there, and not when they were let go."""
    with contextlib.ExitStack() as opened:
        slow = [opened.enter_context(connect(f":{port}")) for _ in range(20)]
        for connection in slow:
            connection.sendall(BEGUN[what])
        time.sleep(0.5)
        for _ in range(3):
            visitor = Visitor(over_http(port))
            assert visitor.press(check_of(visitor, narrative="text"), "Отправить").status == 200
        assert {connection.getsockname()[1] for connection in slow} <= held_by_the_server(port)


def test_many_who_wait_do_not_use_up_what_a_process_may_open(tmp_path: Path) -> None:
    """A system's usual limit is less than a connection, and an answer that waits, for everybody."""
    site, _ = site_in(tmp_path / "site")
    few = ["sh", "-c", 'ulimit -Sn 48; exec "$0" "$@"']
    with (
        serving(site.folder, few, change="server.__name__") as (port, _),
        contextlib.ExitStack() as slow,
    ):
        for _ in range(60):
            slow.enter_context(connect(f":{port}"))
        visitor = Visitor(over_http(port))
        assert visitor.press(check_of(visitor, narrative="text"), "Отправить").status == 200


def closes_within(connection: socket.socket, seconds: float) -> bool:
    """Whether the server closes it, whatever it may answer."""
    connection.settimeout(seconds)
    try:
        while connection.recv(65536):
            pass
    except TimeoutError:
        return False
    except ConnectionResetError:
        return True
    return True


def test_who_is_silent_is_let_go(tmp_path: Path) -> None:
    """Before the first byte, within a request of every kind, and after it."""
    site, _ = site_in(tmp_path / "site")
    with (
        serving(site.folder, change=HURRY.format("3.0, 3.5, 600.0, 8192")) as (port, _),
        contextlib.ExitStack() as slow,
    ):
        begun = {what: slow.enter_context(connect(f":{port}")) for what in BEGUN}
        for what, connection in begun.items():
            connection.sendall(BEGUN[what])
        time.sleep(0.5)
        held = {what for what, connection in begun.items() if not ended(connection)}
        assert held == set(BEGUN), "nobody is let go at once"
        for what, connection in begun.items():
            assert closes_within(connection, 12), what


def ended(connection: socket.socket) -> bool:
    """Whether the server has closed it already, with all that it sent before."""
    if not select.select([connection], [], [], 0)[0]:
        return False
    return connection.recv(1, socket.MSG_PEEK) == b""


@pytest.mark.parametrize(
    ("what", "start"),
    [
        ("half a head", b"GET /1 HTTP/1.1\r\nX: "),
        ("half a text", f"{POST}Content-Length: 5000\r\n\r\n".encode()),
        ("half a large text", f"{POST}Content-Length: 900000\r\n\r\n".encode()),
        ("half a chunk", f"{POST}Transfer-Encoding: chunked\r\n\r\nffff\r\n".encode()),
    ],
)
def test_a_drip_of_bytes_does_not_hold_a_connection_for_ever(
    hasty: int, what: str, start: bytes
) -> None:
    with connect(f":{hasty}") as connection:
        connection.sendall(start)
        began = time.monotonic()
        with contextlib.suppress(ConnectionError):
            while time.monotonic() - began < 15 and not ended(connection):
                time.sleep(0.2)
                connection.sendall(b"x")
        assert 1.5 < time.monotonic() - began < 10, what


@pytest.mark.parametrize("length", [3000, 300_000])
def test_a_slow_text_arrives_whole(port: int, length: int) -> None:
    """In small pieces over seconds, small enough to be gathered or not."""
    visitor = Visitor(over_http(port))
    page = visitor.get("/1")
    rows = [*page.forms[0].values(), ("narrative", "ж" * (length // 6))]
    rows = [row for row in rows if row != ("narrative", "")]
    body = urlencoded(rows)
    head = f"{POST}Connection: close\r\nCookie: n={visitor.cookies['n']}\r\n"
    request = f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body
    step = len(request) // 30 + 1
    with connect(f":{port}") as connection:
        for start in range(0, len(request), step):
            connection.sendall(request[start : start + step])
            time.sleep(0.05)
        answer = answer_to(connection).decode()
    assert answer.startswith("HTTP/1.1 200 " if length < 100_000 else "HTTP/1.1 400 ")
    assert max(map(len, re.findall("ж+", answer))) == length // 6


def test_a_slow_reader_gets_the_whole_answer(port: int) -> None:
    """Larger than what a connection holds, and taken when most of it has long been made."""
    visitor = Visitor(over_http(port))
    body = urlencoded(visitor.get("/1").forms[0].values())
    body = body.replace(b"narrative=", b"narrative=" + b'"' * 1_000_000)
    cookie = f"Cookie: n={visitor.cookies['n']}\r\n"
    head = f"{POST}Connection: close\r\n{cookie}Content-Length: {len(body)}\r\n\r\n"
    with connect(f":{port}") as connection:
        connection.sendall(head.encode() + body)
        time.sleep(2)
        answer = answer_to(connection)
    said = re.search(rb"Content-Length: (\d+)", answer)
    assert said
    assert len(answer.partition(b"\r\n\r\n")[2]) == int(said[1]) > 5_000_000


def test_requests_one_after_another_on_a_connection_are_all_answered(port: int) -> None:
    """One packet with several, whole and broken off anywhere."""
    get = b"GET /1 HTTP/1.1\r\nHost: a\r\n\r\n"
    chunk = f"{POST}Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n".encode()
    post = f"{POST}Content-Length: 1\r\n\r\nx".encode()
    last = b"GET /1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
    whole = get + chunk + post + get + post + last
    for pieces in (1, 7):
        step = len(whole) // pieces + 1
        with connect(f":{port}") as connection:
            for start in range(0, len(whole), step):
                connection.sendall(whole[start : start + step])
                time.sleep(0.1)
            answer = answer_to(connection)
        assert answer.count(b"HTTP/1.1 ") == 6
        assert answer.count(b"HTTP/1.1 200 OK") == 3


def test_who_asks_before_sending_is_told_to_go_on(port: int) -> None:
    with connect(f":{port}") as connection:
        head = f"{POST}Content-Length: 11\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n"
        connection.sendall(head.encode())
        assert connection.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        assert answer_to(connection, b"narrative=x").startswith(b"HTTP/1.1 ")


@pytest.mark.parametrize("length", ["99999999999999999999", "9" * 3000, str(17 * 1024 * 1024)])
def test_an_absurd_length_is_refused_at_once(port: int, length: str) -> None:
    """While it is still being sent, in an answer that is not lost on its way."""
    with connect(f":{port}") as connection:
        connection.sendall(f"{POST}Content-Length: {length}\r\n\r\n".encode() + b"n" * 900_000)
        time.sleep(1)
        connection.sendall(b"n" * 100_000)
        time.sleep(0.2)
        answer = answer_to(connection, seconds=5)
    said = re.search(rb"Content-Length: (\d+)", answer)
    assert said
    assert answer.startswith((b"HTTP/1.1 413 ", b"HTTP/1.1 400 "))
    assert len(answer.partition(b"\r\n\r\n")[2]) == int(said[1])


def test_more_large_texts_than_threads_take_their_turn(tmp_path: Path) -> None:
    """The fifth waits for a thread of its kind, is not refused, and is answered in the end."""
    site, _ = site_in(tmp_path / "site")
    large = f"{POST}Connection: close\r\nContent-Length: 300000\r\n\r\n".encode()
    with (
        serving(site.folder, change="server.__name__") as (port, _),
        contextlib.ExitStack() as slow,
    ):
        waiting = [slow.enter_context(connect(f":{port}")) for _ in range(12)]
        for connection in waiting:
            connection.sendall(large)
        time.sleep(0.5)
        assert Visitor(over_http(port)).get("/1").status == 200
        for connection in reversed(waiting):
            connection.sendall(b"x" * 300_000)
        for connection in waiting:
            assert answer_to(connection).startswith(b"HTTP/1.1 ")


def test_stopping_waits_for_nobody_who_has_not_begun(tmp_path: Path) -> None:
    """And lets one who has begun finish."""
    site, _ = site_in(tmp_path / "site")
    with (
        serving(site.folder) as (port, server),
        connect(f":{port}") as idle,
        connect(f":{port}") as begun,
    ):
        begun.sendall(b"GET /1 HTTP/1.1\r\nHost:")
        time.sleep(0.5)
        os.kill(server.pid, signal.SIGTERM)
        assert closes_within(idle, 3)
        assert answer_to(begun, b" a\r\n\r\n").startswith(b"HTTP/1.1 200 ")
        before = time.monotonic()
        assert server.wait(20) == 0
        assert time.monotonic() - before < 6
