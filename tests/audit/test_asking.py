"""How the audit asks: through a proxy with names unresolved, and as a browser would."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest

from intake.audit import asking
from intake.audit.asking import COOKIE, COOKIES, FETCHED, TYPED, USER_AGENT, Visitor
from intake.audit.cli import read_reference
from intake.audit.site_check import Reference, check_site
from intake.errors import MalformedError
from intake.reaching import Address, SocksAddress, UnreachableError
from tests.audit.conftest import Audited
from tests.socks import socks_to


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
        *("GET /", "POST /1", "POST /1", "GET /ce", "GET /en", "GET /r/en", "GET /r/ru", "GET /ru"),
        *("GET /s/en", "GET /s/ru", "GET /leave", "GET /roots", "GET /phrases", "GET /seal"),
        *("GET /roster.note", "GET /words", "GET /stretch"),
        *("GET /offline", "GET /offline", "GET /.well"),
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


@contextmanager
def setting(*answers: list[str]) -> Iterator[tuple[str, list[str]]]:
    """A site whose answers set these cookies, one list an answer; and what it was sent of them."""
    listener, sent = socket.create_server(("127.0.0.1", 0)), list[str]()

    def serve() -> None:
        connection, _ = listener.accept()
        with connection, connection.makefile("rb") as lines:
            for rows in answers:
                asked = [line.decode() for line in iter(lines.readline, b"\r\n")]
                sent.append("".join(row[8:].strip() for row in asked if row.startswith("Cookie:")))
                head = "".join(f"Set-Cookie: {row}\r\n" for row in rows)
                connection.sendall(f"HTTP/1.1 200 X\r\nContent-Length: 0\r\n{head}\r\n".encode())

    server = threading.Thread(target=serve, daemon=True)
    server.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}", sent
        server.join(10)
    finally:
        listener.close()


def test_a_site_cannot_make_requests_longer_and_longer_by_cookies() -> None:
    """As in a browser: none longer than 4,096 bytes with its name, 150 of them, the newest."""
    full, over = "x" * (COOKIE - 1), "x" * COOKIE
    rounds = [[f"c{number}_{at}=v" for at in range(60)] for number in range(4)]
    rounds[3].append("c1_31=again")
    answers = ([f"a={full}", f"b={over}"], *rounds, [])
    with setting(*answers) as (url, sent), visiting(url) as visitor:
        for _ in answers:
            visitor.get("/x", FETCHED)
    assert sent[:2] == ["", f"a={full}"]
    assert sent[2].startswith(f"a={full}; c0_0=v; c0_1=v; ")
    kept = sent[-1].split("; ")
    every = [row for rows in rounds for row in rows if row != "c1_31=v"]
    assert kept == every[-COOKIES:]
    assert kept[-1] == "c1_31=again"
    assert len(kept) == 150


def test_a_connection_that_the_server_closed_is_opened_again(audited: Audited) -> None:
    """An idle connection may end at any time; that is no finding."""
    with visiting(audited.url) as visitor:
        reference = Reference.of_site(visitor)
        sock = visitor._connection._wire.sock
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
        ("http://[::1]:8000", "[::1]:8000"),
    ],
)
def test_an_address_reads_back(url: str, authority: str) -> None:
    """The Host header is what a browser would write."""
    address = Address.parse(url)
    assert address.authority == authority
    assert str(address) == url.removesuffix("/")


@pytest.mark.parametrize(
    "url",
    [
        "http://a..b",
        "http://abcd.onion/path",
        "http://abcd.onion:80",
        "http://a@abcd.onion",
        f"http://{'a' * 64}.org",
        "http://abcd.onion?",
        "ftp://abcd.onion",
        "http://abcd.onion:0",
        "abcd.onion",
    ],
)
def test_what_is_not_an_origin_is_refused(url: str) -> None:
    """Before anything is asked or resolved."""
    with pytest.raises(MalformedError, match=r"the (site's )?address is not"):
        Address.parse(url)


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
        (b"HTTP/1.1 200 X\r\nConnection: close\r\n\r\n", b"a"),
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
