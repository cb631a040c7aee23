"""How the audit asks: through a proxy with names unresolved, and as a browser would."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

import pytest

from intake.audit import asking
from intake.audit.asking import TYPED, USER_AGENT, Address, SocksAddress, UnreachableError, Visitor
from intake.audit.cli import read_reference
from intake.audit.site_check import Reference, check_site
from tests.audit.conftest import Audited


@dataclass
class Socks:
    """A small SOCKS5 proxy (RFC 1928, 1929): every connection leads to one port of this machine."""

    port: int
    asked: list[tuple[bytes, int]] = field(default_factory=list)  # the names, as they came
    names: list[bytes] = field(default_factory=list)  # of the users


def _exactly(stream: socket.socket, size: int) -> bytes:
    data = b""
    while len(data) < size:
        data += (more := stream.recv(size - len(data)))
        assert more
    return data


def _copy(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while piece := source.recv(65536):
            sink.sendall(piece)
        sink.shutdown(socket.SHUT_WR)


def _serve(client: socket.socket, socks: Socks, behind: int) -> None:
    version, count = _exactly(client, 2)
    assert version == 5
    assert 2 in _exactly(client, count)  # with a name and a password, which part the circuits
    client.sendall(b"\x05\x02")
    _, size = _exactly(client, 2)
    socks.names.append(_exactly(client, size))
    _exactly(client, _exactly(client, 1)[0])
    client.sendall(b"\x01\x00")
    assert _exactly(client, 4) == b"\x05\x01\x00\x03"  # connect, to a name
    name = _exactly(client, _exactly(client, 1)[0])
    socks.asked.append((name, int.from_bytes(_exactly(client, 2), "big")))
    with socket.create_connection(("127.0.0.1", behind)) as site:
        client.sendall(b"\x05\x00\x00\x01" + bytes(6))
        back = threading.Thread(target=_copy, args=(site, client))
        back.start()
        _copy(client, site)
        back.join()
    client.close()


@contextmanager
def socks_to(behind: int) -> Iterator[Socks]:
    """Such a proxy, until the end of the block."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        socks = Socks(listener.getsockname()[1])
        threads: list[threading.Thread] = []

        def listen() -> None:
            with suppress(OSError):
                while True:
                    client, _ = listener.accept()
                    threads.append(threading.Thread(target=_serve, args=(client, socks, behind)))
                    threads[-1].start()

        loop = threading.Thread(target=listen)
        loop.start()
        yield socks
        listener.shutdown(socket.SHUT_RDWR)
        loop.join()
        for thread in threads:
            thread.join()


@contextmanager
def visiting(url: str, socks: SocksAddress | None = None) -> Iterator[Visitor]:
    """A visitor, until the end of the block."""
    visitor = Visitor(Address.parse(url), socks)
    yield visitor
    visitor.close()


def test_through_a_proxy_names_go_unresolved_and_each_audit_has_its_own_circuit(
    audited: Audited,
) -> None:
    """The onion's name reaches the proxy as it is, with a user name that differs each time."""
    with socks_to(audited.port) as socks:
        for _ in range(2):
            with visiting("http://abcd.onion", SocksAddress("127.0.0.1", socks.port)) as visitor:
                reference = Reference.of_site(visitor)
                assert list(check_site(visitor, reference)) == []
    assert set(socks.asked) == {(b"abcd.onion", 80)}
    assert len(set(socks.names)) == 2
    assert all(len(name) == 16 for name in socks.names)
    assert {dict(told.headers)["Host"] for told in audited.asked} == {"abcd.onion"}


def test_the_site_is_asked_as_a_person_goes_and_for_its_list_last(audited: Audited) -> None:
    """The pages, then scripts, then the rest; who asks for the manifest first gives itself away."""
    manifest = audited.write()
    with visiting(audited.url) as visitor:
        assert list(check_site(visitor, read_reference(manifest))) == []
    asked = [f"{told.method} {told.path.partition('-')[0]}" for told in audited.asked]
    assert asked == [
        *("GET /", "POST /1", "POST /1", "GET /ce", "GET /en", "GET /ru", "GET /s/en", "GET /s/ru"),
        *("GET /roots", "GET /phrases", "GET /seal"),
        *("GET /roster.note", "GET /offline", "GET /offline", "GET /.well"),
    ]


def test_every_request_bears_tor_browsers_headers_in_its_order(audited: Audited) -> None:
    """Nothing of Python shows, and a cookie that was set comes back in its place."""
    with visiting(audited.url) as visitor:
        assert list(check_site(visitor, Reference.of_site(visitor))) == []
    usual = ["Host", "User-Agent", "Accept", "Accept-Language", "Accept-Encoding"]
    for told in audited.asked:
        names = [name for name, _ in told.headers]
        values = dict(told.headers)
        assert names[:5] == usual
        assert values["User-Agent"] == USER_AGENT
        assert len(set(names)) == len(names)
        assert not any("python" in value.lower() for value in values.values())
    first, *later = [t for t in audited.asked if t.method == "POST"]
    assert "Cookie" not in dict(first.headers)
    assert all(dict(told.headers)["Cookie"].startswith("n=") for told in later)
    names = [name for name, _ in later[0].headers]
    assert names[names.index("Connection") + 1] == "Cookie"


def test_a_connection_that_the_server_closed_is_opened_again(audited: Audited) -> None:
    """An idle connection may end at any time; that is no finding."""
    with visiting(audited.url) as visitor:
        reference = Reference.of_site(visitor)
        sock = visitor._connection.sock
        if sock is not None:
            sock.shutdown(socket.SHUT_RDWR)
        assert list(check_site(visitor, reference)) == []


@pytest.mark.parametrize(
    ("url", "authority"),
    [
        ("http://abcd.onion", "abcd.onion"),
        ("http://abcd.onion:8080/", "abcd.onion:8080"),
        ("https://example.org", "example.org"),
        ("https://example.org:444", "example.org:444"),
    ],
)
def test_an_address_reads_back(url: str, authority: str) -> None:
    """The Host header is what a browser would write."""
    address = Address.parse(url)
    assert address.authority == authority
    assert str(address) == url.removesuffix("/")


@contextmanager
def answering(first: bytes, then: bytes) -> Iterator[str]:
    """A site that begins each answer with `first` and goes on with `then`, for ever if there is any."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer() -> None:
            while True:
                try:
                    client, _ = listener.accept()
                except OSError:
                    return
                client.settimeout(5)
                with client, suppress(OSError):
                    client.recv(65536)
                    client.sendall(first)
                    while then:
                        client.sendall(then)

        loop = threading.Thread(target=answer)
        loop.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        listener.shutdown(socket.SHUT_RDWR)
        loop.join()


CHUNKED = b"HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    ("first", "then"),
    [
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        (CHUNKED + b"-FFFFFFFF\r\n", b"\r\n-FFFFFFFF\r\n"),
        (CHUNKED + b"-1\r\n", b"a" * 65536),
        (CHUNKED + b"-5\r\nabc", b""),
        (b"HTTP/1.1 200 X\r\nContent-Length: 5\r\n\r\nabc", b""),
    ],
)
def test_a_lying_site_neither_holds_nor_fills_the_auditor(
    monkeypatch: pytest.MonkeyPatch, first: bytes, then: bytes
) -> None:
    """An answer without end, or that breaks off, is no answer: in bounded time and memory."""
    monkeypatch.setattr(asking, "LONGEST", 1)
    with (
        answering(first, then) as url,
        visiting(url) as visitor,
        pytest.raises(UnreachableError),
    ):
        visitor.get("/", TYPED)
