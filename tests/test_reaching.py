"""What can be relied on when a stranger's host is asked: whom one talks to, and when it ends."""

import datetime as dt
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import SimpleNamespace

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

from intake import reaching
from intake.errors import MalformedError
from intake.reaching import Address, Bounds, Connection, SocksAddress, UnreachableError

OK = b"HTTP/1.1 200 X\r\nContent-Length: 2\r\nA: 1\r\na: 2\r\n\r\nhi"
BOUNDS = Bounds(patience=1.0, longest=2.0, size=4)


def certificate(folder: Path) -> Path:
    """A certificate for 127.0.0.1 that signs itself, and its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "test")])
    now = dt.datetime.now(dt.UTC)
    place = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([place]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, SHA256())
    )
    path = folder / "certificate.pem"
    pem = serialization.Encoding.PEM
    plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    path.write_bytes(key.private_bytes(pem, *plain) + made.public_bytes(pem))
    return path


@contextmanager
def host(
    answer: bytes, certified: Path | None = None, times: int = 1, came: list[int] | None = None
) -> Iterator[int]:
    """Answers so many requests of each connection with these bytes, then hangs up; its port.

    The port of each connection that came is added to `came`.
    """
    context = None
    if certified is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certified)
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            while True:
                try:
                    client, (_, other) = listener.accept()
                except OSError:
                    return
                client.settimeout(5)
                if came is not None:
                    came.append(other)
                with suppress(OSError):
                    if context is not None:
                        client = context.wrap_socket(client, server_side=True)
                    for _ in range(times):
                        if client.recv(65536):
                            client.sendall(answer)
                client.close()

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()


def ask(connection: Connection) -> tuple[int, bytes]:
    answer = connection.ask("GET", "/", (("Host", "x"),))
    return answer.status, answer.body


def test_a_host_is_talked_to_over_tls_only_where_its_certificate_is_trusted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And is for that very host."""
    path = certificate(tmp_path)
    with host(OK, path) as port:
        for name, trusted, reached in (
            ("127.0.0.1", path, True),
            ("127.0.0.1", tmp_path / "none.pem", False),
            ("localhost", path, False),
        ):
            monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
            connection = Connection(Address("https", name, port), None, BOUNDS)
            if reached:
                assert ask(connection) == (200, b"hi")
            else:
                with pytest.raises(UnreachableError, match=f"{name}:{port} does not answer"):
                    ask(connection)
            connection.close()


def test_a_handshake_that_never_ends_has_its_time() -> None:
    """A host that takes the connection and says nothing, in TLS or out of it."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        for scheme in ("http", "https"):
            address = Address(scheme, "127.0.0.1", silent.getsockname()[1])
            connection = Connection(address, None, Bounds(0.3, 2.0, 4))
            begin = time.monotonic()
            with pytest.raises(UnreachableError):
                ask(connection)
            assert 0.2 < time.monotonic() - begin < 1.5


def test_a_connection_is_kept_and_opened_again_once_where_the_host_hung_up() -> None:
    """But a new one that breaks off is not tried twice."""
    came: list[int] = []
    with host(OK, times=2, came=came) as port:
        connection = Connection(Address("http", "127.0.0.1", port), None, BOUNDS)
        assert [ask(connection) for _ in range(5)] == [(200, b"hi")] * 5
        connection.close()
    assert len(came) == 3
    came.clear()
    with host(b"", came=came) as port:
        connection = Connection(Address("http", "127.0.0.1", port), None, BOUNDS)
        with pytest.raises(UnreachableError):
            ask(connection)
    assert len(came) == 1


def test_every_value_of_a_header_and_one_byte_above_the_bound_are_given() -> None:
    """So that whoever asks can refuse what is too long, and nobody has to hold more."""
    with host(OK) as port:
        connection = Connection(Address("http", "127.0.0.1", port), None, BOUNDS)
        assert connection.ask("GET", "/", ()).values("A") == ["1", "2"]
        connection.close()
    for size, given in ((1, b"hi"), (2, b"hi"), (0, b"h")):
        with host(OK) as port:
            address = Address("http", "127.0.0.1", port)
            connection = Connection(address, None, Bounds(1.0, 2.0, size))
            assert ask(connection) == (200, given)
            connection.close()


def test_a_name_with_many_addresses_has_no_more_time_than_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each is tried, within the time of the whole answer."""
    tried: list[float] = []
    clock = SimpleNamespace(monotonic=lambda: sum(tried))

    def never(_: object, timeout: float) -> socket.socket:
        tried.append(timeout)
        raise TimeoutError

    found = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 80))
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [found] * 100)
    monkeypatch.setattr(socket, "create_connection", never)
    monkeypatch.setattr(reaching, "time", clock)
    connection = Connection(Address("http", "many.test", 80), None, Bounds(0.3, 0.8, 4))
    with pytest.raises(UnreachableError):
        ask(connection)
    assert tried == pytest.approx([0.3, 0.3, 0.2])


def test_the_second_address_is_taken_where_the_first_does_not_answer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As a name with an IPv6 address that leads nowhere."""
    with host(OK) as port:
        found = [
            (socket.AF_INET6, socket.SOCK_STREAM, 6, "", ("::1", port, 0, 0)),
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port)),
        ]
        resolve = socket.getaddrinfo
        monkeypatch.setattr(
            socket,
            "getaddrinfo",
            lambda name, *a, **k: found if name == "two.test" else resolve(name, *a, **k),
        )
        connection = Connection(Address("http", "two.test", port), None, BOUNDS)
        assert ask(connection) == (200, b"hi")
        connection.close()


def test_an_onion_is_never_looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a proxy it is refused before anything is opened."""
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: pytest.fail("looked up"))
    address = Address.parse("http://ABCD.onion")
    with pytest.raises(MalformedError, match="through tor alone"):
        Connection(address, None, BOUNDS)


@pytest.mark.parametrize("text", ["127.0.0.1:9050", "[::1]:9050", "tor:9050"])
def test_a_proxy_is_a_host_and_a_port(text: str) -> None:
    socks = SocksAddress.parse(text)
    assert text in (f"{socks.host}:{socks.port}", f"[{socks.host}]:{socks.port}")


@pytest.mark.parametrize("text", ["", "tor", "tor:0", "tor:65536", "::1:9050", "a b:1", "x:1\n"])
def test_anything_else_is_no_proxy(text: str) -> None:
    with pytest.raises(MalformedError, match="HOST:PORT"):
        SocksAddress.parse(text)
