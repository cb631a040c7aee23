"""What the main loop takes for a whole request, a thread never has to wait for."""

import itertools
import socket
import time
from collections.abc import Callable, Iterator

import pytest
from gunicorn.config import Config
from gunicorn.http.errors import ParseException
from gunicorn.http.parser import RequestParser
from hypothesis import given
from hypothesis import strategies as st

from intake.web.connections import (
    GATHER,
    MAX_HEAD,
    Arrival,
    Connection,
    PacedSocket,
    TooSlowError,
)

NAMES = ["Content-Length", "content-length ", "CONTENT-LENGTH", "X", "Transfer-Encoding", "Expect"]
VALUES = [
    "0",
    "5",
    " 7",
    "\t9 ",
    "+5",
    "-5",
    "5, 5",
    "0x5",
    "٣",
    "²",
    "chunked",
    "100-continue",
    "",
]
ENDS = ["\r\n", "\n", "\r", "\r\n ", "\r\n\r\n", "\n\n"]
HEADERS = st.lists(
    st.tuples(st.sampled_from(NAMES), st.sampled_from(VALUES), st.sampled_from(ENDS)), max_size=4
)


@pytest.fixture
def pair() -> Iterator[tuple[Connection, socket.socket]]:
    here, there = socket.socketpair()
    connection = Connection(Config(), here, "/s")
    yield connection, there
    connection.close()
    there.close()


def arrival_of(data: bytes) -> Arrival:
    here, there = socket.socketpair()
    connection = Connection(Config(), here, "/s")
    connection.arrived.put_first(data)
    found = connection.arrival()
    connection.close()
    there.close()
    return found


class WaitedError(Exception):
    """gunicorn asked for more."""


def reads_without_waiting(data: bytes) -> bool:
    """Whether gunicorn's own parser needs no byte more for the request and its body."""

    def source() -> Iterator[bytes]:
        yield data
        raise WaitedError

    try:
        request = next(RequestParser(Config(), source(), ""))
        request.body.read()
    except WaitedError:
        return False
    except (ParseException, StopIteration, OSError):
        return True
    return True


@given(
    st.sampled_from(["", "\r\n", "\n"]),
    st.sampled_from(["POST /2 HTTP/1.1", "GET / HTTP/1.0", "content-length: 5"]),
    HEADERS,
    st.binary(max_size=12),
)
def test_what_is_all_there_for_us_is_all_there_for_gunicorn(
    before: str, line: str, headers: list[tuple[str, str, str]], body: bytes
) -> None:
    """However the head is spelled: else a thread would wait after all."""
    rows = "".join(f"{name}:{value}{end}" for name, value, end in headers)
    data = f"{before}{line}\r\n{rows}\r\n".encode() + body
    if arrival_of(data) is Arrival.ALL:
        assert reads_without_waiting(data)


def test_a_request_is_part_all_or_large() -> None:
    def post(length: object, body: int) -> bytes:
        return f"POST / HTTP/1.1\r\nContent-Length: {length}\r\n\r\n".encode() + b"x" * body

    head = len(post(GATHER, 0))
    assert arrival_of(b"") is Arrival.PART
    assert arrival_of(b"GET / HTTP/1.1\r\nX: ") is Arrival.PART
    assert arrival_of(b"GET / HTTP/1.1\r\n\r\n") is Arrival.ALL
    assert arrival_of(b"x" * MAX_HEAD) is Arrival.PART
    assert arrival_of(b"x" * (MAX_HEAD + 1)) is Arrival.LARGE
    assert arrival_of(post(5, 4)) is Arrival.PART
    assert arrival_of(post(5, 5)) is Arrival.ALL
    assert arrival_of(post(5, 9)) is Arrival.ALL
    assert arrival_of(post(GATHER - head, 1)) is Arrival.PART
    assert arrival_of(post(GATHER - head, GATHER)) is Arrival.ALL
    assert arrival_of(post(GATHER, 1)) is Arrival.LARGE
    for length in ("9" * 18, "9" * 19, "9" * 5000, "-1", "x", "5\r\nContent-Length: 5"):
        assert arrival_of(post(length, 1)) is Arrival.LARGE, length


def test_a_connection_never_knows_who_is_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        there = socket.create_connection(listener.getsockname())
        accepted, _ = listener.accept()
        connection = Connection(Config(), accepted, listener.getsockname())
        assert connection.client == ""
        connection.close()
        there.close()


def test_reading_past_the_deadline_is_a_lost_connection(
    pair: tuple[Connection, socket.socket],
) -> None:
    connection, there = pair
    there.sendall(b"late")
    connection.sock.deadline = 0.0
    with pytest.raises(TooSlowError) as error:
        connection.sock.recv(4)
    assert error.value.errno  # gunicorn asks for it
    connection.sock.deadline = float("inf")
    assert connection.sock.recv(4) == b"late"


@given(st.lists(st.binary(max_size=300_000), max_size=6))
def test_what_is_sent_arrives_whole_and_in_order(pieces: list[bytes]) -> None:
    """However much of it does not fit at once."""
    here, there = socket.socketpair()
    with PacedSocket(here) as sender, there:
        for piece in pieces:
            sender.sendall(piece)
        there.setblocking(False)
        got = b""
        for _ in itertools.repeat(None, 10_000):
            done = sender.flush()
            try:
                got += there.recv(65_536)
            except BlockingIOError:
                if done:
                    break
        assert got == b"".join(pieces)


PAGE = "GET /1 HTTP/1.1\r\nHost: a\r\nCookie: n=0\r\n\r\n"
SEALED = (
    "POST /s HTTP/1.1\r\nContent-Type: application/octet-stream\r\nContent-Length: 3\r\n\r\nage"
)
WORDLESS = {
    "a page": PAGE,
    "a page's head": PAGE.replace("GET", "HEAD"),
    "a file": PAGE.replace(" /1", " /seal-0af3.js"),
    "what is sealed": SEALED,
    "a page, and a next request": PAGE + PAGE.replace("GET", "POST"),
    "what is sealed, in capitals and blanks": SEALED.replace(
        ": application", ":APPLICATION"
    ).replace("stream", "stream \t"),
}
MAY_BEAR_WORDS = {
    "a form": "POST /2 HTTP/1.1\r\nContent-Length: 3\r\n\r\nx=y",
    "a form for letters": SEALED.replace("application/octet-stream", "multipart/form-data"),
    "a withdrawal": SEALED.replace("/s", "/r"),
    "two types": SEALED.replace("Content-Type", "Content-Type: text/plain\r\nContent-Type"),
    "a type in the body": SEALED.replace("-Type", "-Kind")
    + "\r\nContent-Type: application/octet-stream",
    "a type with more": SEALED.replace("stream", "stream; charset=x"),
    "a type with more before": SEALED.replace("application", "x application"),
    "words in the address": PAGE.replace(" /1", " /1?narrative=x"),
    "letters in the address": PAGE.replace(" /1", " /%D0%B6"),
    "a page with a body": PAGE.replace("Host: a", "Content-Length: 3") + "x=y",
    "a page that goes on": PAGE.replace("Host: a", "Transfer-Encoding: chunked") + "0\r\n\r\n",
    "another method": PAGE.replace("GET", "PUT"),
    "an empty line before": "\r\n" + PAGE,
    "no version": PAGE.replace(" HTTP/1.1", ""),
    "bare line feeds": PAGE.replace("\r\n", "\n"),
    "no end": PAGE[:-4],
    "nothing": "",
}


@pytest.mark.parametrize("what", [*WORDLESS, *MAY_BEAR_WORDS])
def test_only_what_can_bear_no_words_is_answered_where_words_would_stay(
    pair: tuple[Connection, socket.socket], what: str
) -> None:
    connection, _ = pair
    connection.arrived.put_first((WORDLESS | MAY_BEAR_WORDS)[what].encode())
    connection.arrival()
    assert connection.is_wordless() == (what in WORDLESS)


BLANKS = " " * (MAX_HEAD - 1000)
LONG_LINES = {
    "a type": PAGE.replace("Host: a", f"Content-Type: a{BLANKS}b"),
    "a type of what is sealed": SEALED.replace(" application", f"{BLANKS}x application"),
    "a type with blanks behind": SEALED.replace("stream", f"stream{BLANKS}x"),
    "a length": PAGE.replace("Host: a", f"Content-Length:{BLANKS}x"),
    "a length with blanks behind": PAGE.replace("Host: a", f"Content-Length: 1{BLANKS}x"),
    "an address": PAGE.replace(" /1", " /" + "1" * len(BLANKS)),
}


@pytest.mark.parametrize("what", LONG_LINES)
def test_no_line_takes_the_main_loop_longer_than_it_is_long(
    pair: tuple[Connection, socket.socket], what: str
) -> None:
    """While it looks at one, nobody else is served: a second look at each blank took minutes."""
    connection, _ = pair
    for method in ("GET", "POST"):
        connection.arrived.put_first(LONG_LINES[what].replace("GET", method).encode())
        assert _seconds(connection.arrival) < 0.2
        assert _seconds(connection.is_wordless) < 0.2
        connection.arrived.forget(len(connection.arrived))
        connection.begin(1)


def test_what_comes_a_byte_at_a_time_is_not_looked_through_again_for_each(
    pair: tuple[Connection, socket.socket],
) -> None:
    """And the end of the head is found wherever it is cut."""
    connection, there = pair
    for cut in range(1, 5):
        head = PAGE[:-4].encode() + b"X" * 50_000
        connection.arrived.put_first(head)
        assert connection.arrival() is Arrival.PART
        before = time.thread_time()
        for _ in range(2000):
            connection.arrival()
        assert time.thread_time() - before < 0.2
        end = b"\r\n\r\n"
        for piece in (end[:cut], end[cut:]):
            there.sendall(piece)
            assert connection.arrival() is Arrival.PART or not piece
            if piece:
                connection.sock.receive_into(connection.arrived)
        assert connection.arrival() is Arrival.ALL
        assert connection.request_length == len(head) + 4
        connection.arrived.forget(len(connection.arrived))
        connection.begin(1)


def _seconds(step: Callable[[], object]) -> float:
    """Of a core, whatever else the machine does."""
    before = time.thread_time()
    step()
    return time.thread_time() - before


def test_a_thread_gets_its_request_and_nothing_of_the_next(
    pair: tuple[Connection, socket.socket],
) -> None:
    connection, _ = pair
    connection.arrived.put_first(f"{PAGE}POST /2 HTTP/1.1\r\n".encode())
    assert connection.arrival() is Arrival.ALL
    connection.init()
    assert connection.unread() == PAGE.encode()
    assert connection.arrived.taken(100) == b"POST /2 HTTP/1.1\r\n"
