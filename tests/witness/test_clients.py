"""What any client may ask of a witness, and what hostile ones do not get."""

import socket
import time
from contextlib import closing
from http.client import HTTPConnection

import pytest

from intake.tlog.witness import REQUEST_LIMIT, parse_answer
from intake.witness.serving import CONNECTIONS, WitnessServer
from tests.web.serving import answer_to, connect
from tests.witness.conftest import Partner, asking, running


def request(*lines: str, body: bytes = b"") -> bytes:
    """A request as it stands on the wire."""
    return "\r\n".join([*lines, "Host: w", "", ""]).encode() + body


BAD: dict[str, tuple[bytes, int]] = {
    "another path": (request("POST / HTTP/1.1", "Content-Length: 0"), 404),
    "another method": (request("GET /add-checkpoint HTTP/1.1"), 501),
    "no length": (request("POST /add-checkpoint HTTP/1.1"), 411),
    "two lengths": (
        request("POST /add-checkpoint HTTP/1.1", "Content-Length: 1", "Content-Length: 1"),
        411,
    ),
    "chunks": (
        request("POST /add-checkpoint HTTP/1.1", "Transfer-Encoding: chunked", "Content-Length: 0"),
        411,
    ),
    "no number": (request("POST /add-checkpoint HTTP/1.1", "Content-Length: +1"), 413),
    "too long": (
        request("POST /add-checkpoint HTTP/1.1", f"Content-Length: {REQUEST_LIMIT + 1}"),
        413,
    ),
    "not HTTP": (b"hello\r\n\r\n", 400),
    "a head without end": (b"POST /add-checkpoint HTTP/1.1\r\n" + b"a: b\r\n" * 200 + b"\r\n", 431),
}


@pytest.mark.parametrize("what", BAD)
def test_what_is_no_request_is_answered_shortly_and_the_connection_closed(
    partner: Partner, what: str
) -> None:
    """Nothing that was sent stands in the answer."""
    sent, status = BAD[what]
    with running(partner) as server:
        answer = heard(server, sent)
    # What is not HTTP at all gets no head: as in HTTP/0.9.
    begin = b"400\n" if what == "not HTTP" else b"HTTP/1.1 %d " % status
    assert answer.startswith(begin)
    assert what == "not HTTP" or b"\r\nConnection: close\r\n" in answer
    assert len(answer) < 400
    assert b"hello" not in answer


def heard(server: WitnessServer, request: bytes = b"") -> bytes:
    """All that it answers to this before it closes the connection."""
    with closing(connect(f"127.0.0.1:{server.server_address[1]}")) as connection:
        return answer_to(connection, request)


def test_requests_follow_each_other_on_one_connection(partner: Partner) -> None:
    """Keep-alive, as the specification asks."""
    with running(partner) as server:
        connection = HTTPConnection("127.0.0.1", server.server_address[1], timeout=30)
        for old, size in ((0, 8), (8, 9), (9, 40)):
            connection.request("POST", "/add-checkpoint", asking(old, size).to_bytes())
            answer = connection.getresponse()
            assert (answer.status, len(parse_answer(answer.read()))) == (200, 2)
            assert answer.getheader("Connection") is None
        connection.close()


def test_the_longest_request_is_read(partner: Partner) -> None:
    """At the limit it is judged; the limit itself is the specification's."""
    with running(partner) as server:
        connection = HTTPConnection("127.0.0.1", server.server_address[1], timeout=30)
        connection.request("POST", "/add-checkpoint", bytes(REQUEST_LIMIT))
        assert connection.getresponse().status == 400
        connection.close()
    assert REQUEST_LIMIT == 1_004_096


def test_a_request_that_is_cut_short_is_not_judged(partner: Partner) -> None:
    """Even where what came of it would be one."""
    body = asking(0, 8).to_bytes()
    length = f"Content-Length: {len(body) + 1}"
    with running(partner) as server:
        bind = f"127.0.0.1:{server.server_address[1]}"
        with closing(connect(bind)) as connection:
            connection.sendall(request("POST /add-checkpoint HTTP/1.1", length, body=body))
            connection.shutdown(socket.SHUT_WR)
            answer = answer_to(connection)
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert answer.endswith(b"\r\n\r\nthe request is cut short\n")


def test_a_client_that_sends_a_byte_now_and_then_does_not_hold_a_connection(
    partner: Partner,
) -> None:
    """In the head, in the body, or saying nothing at all: closed when its time is over."""
    head = request("POST /add-checkpoint HTTP/1.1", "Content-Length: 500")
    with running(partner, 0.5) as server:
        for start in (b"", b"POST /add", head):
            begun = time.monotonic()
            connection = connect(f"127.0.0.1:{server.server_address[1]}")
            connection.sendall(start)
            connection.settimeout(0.1)
            while time.monotonic() < begun + 5:
                try:
                    connection.sendall(b"x" if start else b"")
                    if connection.recv(1000) == b"":
                        break
                except TimeoutError:
                    continue
                except OSError:
                    break
            connection.close()
            assert time.monotonic() < begun + 4


def test_a_client_whose_time_is_over_is_closed_without_a_word(
    partner: Partner, capsys: pytest.CaptureFixture[str]
) -> None:
    """To the client, and to the operator: it is no mistake of the program."""
    with running(partner, 0) as server:
        assert heard(server) == b""
    assert capsys.readouterr().err == ""


def test_more_connections_than_there_is_room_for_are_closed_and_the_rest_served(
    partner: Partner,
) -> None:
    """Idle ones hold their room for a moment and no longer."""
    with running(partner, 2) as server:
        bind = f"127.0.0.1:{server.server_address[1]}"
        idle = [connect(bind) for _ in range(CONNECTIONS)]
        time.sleep(0.3)
        assert heard(server) == b""
        for connection in idle:
            connection.settimeout(10)
            assert connection.recv(1) == b""
            connection.close()
        deadline = time.monotonic() + 10
        while True:
            connection = HTTPConnection("127.0.0.1", server.server_address[1], timeout=30)
            try:
                connection.request("POST", "/add-checkpoint", asking(0, 8).to_bytes())
                assert connection.getresponse().status == 200
                break
            except OSError:
                assert time.monotonic() < deadline
            finally:
                connection.close()
