"""Reaches one host and asks it over HTTP, in bounded time and memory, whatever it answers.

It knows nothing of what is asked, follows no redirection, and never resolves an onion's name.
"""

from __future__ import annotations

import re
import secrets
import socket
import ssl
import time
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPResponse, IncompleteRead
from ipaddress import AddressValueError, IPv6Address
from threading import Timer
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from intake.errors import IntakeError, MalformedError

if TYPE_CHECKING:
    from collections.abc import Sequence

_LABEL: Final = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_HOST: Final = re.compile(rf"(?=.{{1,253}}\Z){_LABEL}(\.{_LABEL})*", re.ASCII)
_URL: Final = re.compile(r"[!-~]+", re.ASCII)
_NOT_AN_ORIGIN: Final = "@?#\\"
_PROXY: Final = re.compile(r"([a-zA-Z0-9.-]{1,253}|\[[0-9a-fA-F:]+\]):([0-9]{1,5})", re.ASCII)
_USUAL: Final = {"http": 80, "https": 443}
_ORIGIN: Final = "write http:// and a host, with a port if need be, and no path"


class UnreachableError(IntakeError):
    """A host, or the proxy before it, did not answer, or not in HTTP, or not to the end."""


@dataclass(frozen=True)
class Address:
    """Where a host listens: the origin of its URLs."""

    scheme: str
    host: str
    port: int

    @classmethod
    def parse(cls, url: str) -> Address:
        """Read `http://HOST`, with a port where it is not the usual one, and nothing after it."""
        address, _ = cls.leading(url)
        if str(address) != url.removesuffix("/").lower():
            raise MalformedError("the site's address is not an origin", _ORIGIN)
        return address

    @classmethod
    def leading(cls, url: str) -> tuple[Address, str]:
        """The address that a URL begins with, and the path after it; `MalformedError` for others.

        A host is labels of letters, digits and hyphens, 1 to 63 bytes each and 253 together, or a
        bracketed IPv6 address. A name and a password, a query and a fragment are refused.
        """
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            raise MalformedError("the address is not a URL", _ORIGIN) from None
        host, usual = parts.hostname or "", _USUAL.get(parts.scheme)
        plain = _URL.fullmatch(url) is not None and not set(url) & set(_NOT_AN_ORIGIN)
        if usual is None or not plain or not _is_host(host) or port == 0:
            raise MalformedError("the address is not one of http", _ORIGIN)
        return cls(parts.scheme, host, port or usual), parts.path

    @property
    def authority(self) -> str:
        """The host, with the port where it is not the usual one."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _USUAL[self.scheme] else f"{host}:{self.port}"

    def __str__(self) -> str:
        return f"{self.scheme}://{self.authority}"


def _is_host(text: str) -> bool:
    if ":" not in text:
        return _HOST.fullmatch(text) is not None
    try:
        return IPv6Address(text).scope_id is None
    except AddressValueError:
        return False


@dataclass(frozen=True)
class SocksAddress:
    """Where a SOCKS5 proxy listens."""

    host: str
    port: int

    @classmethod
    def parse(cls, text: str) -> SocksAddress:
        """Read `HOST:PORT`, as 127.0.0.1:9050."""
        match = _PROXY.fullmatch(text)
        if match is None or not 0 < int(match[2]) < 65536:
            raise MalformedError("a proxy is HOST:PORT", "tor listens on 127.0.0.1:9050")
        return cls(match[1].strip("[]"), int(match[2]))


@dataclass(frozen=True)
class Bounds:
    """What one answer may take: seconds until something comes, seconds in all, bytes of body."""

    patience: float
    longest: float
    size: int


@dataclass(frozen=True)
class Answer:
    """What came: a status, the headers in their order, the body."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes = field(repr=False)

    def values(self, name: str) -> list[str]:
        """Every value of a header, in order."""
        return [value for key, value in self.headers if key.lower() == name.lower()]


class Connection:
    """A connection to one host, kept from one request to the next; behind tor, its own circuit."""

    def __init__(self, address: Address, socks: SocksAddress | None, bounds: Bounds) -> None:
        if socks is None and address.host.endswith(".onion"):
            raise MalformedError(
                "an onion address is reached through tor alone, and there is no --socks",
                "give --socks 127.0.0.1:9050, or 127.0.0.1:9150 while Tor Browser runs",
            )
        self._address = address
        self._bounds = bounds
        self._wire = _Wire(address, socks, bounds.patience)

    def close(self) -> None:
        """End the connection."""
        self._wire.close()

    def ask(
        self, method: str, path: str, rows: Sequence[tuple[str, str]], body: bytes = b""
    ) -> Answer:
        """Send these headers and this body, and no others; raises `UnreachableError`.

        Of a body above the bound one byte more than it is given, and the connection is closed.
        """
        longest = self._bounds.longest
        self._wire.late = time.monotonic() + longest
        # A host could go on for ever, byte by byte, and never be slow.
        end = Timer(longest, self._wire.cut)
        end.start()
        try:
            response = self._answered(method, path, rows, body)
            content = _read(response, self._bounds.size)
            self._wire.left()  # else it may be the cut that ended the answer
        except (OSError, HTTPException) as error:
            self._wire.cut()
            self._wire.close()
            raise UnreachableError(f"{self._address} does not answer") from error
        finally:
            end.cancel()
        if len(content) > self._bounds.size:
            self._wire.close()
        return Answer(response.status, tuple(response.getheaders()), content)

    def _answered(
        self, method: str, path: str, rows: Sequence[tuple[str, str]], body: bytes
    ) -> HTTPResponse:
        used = self._wire.sock is not None
        try:
            return self._sent(method, path, rows, body)
        except (ConnectionError, HTTPException):
            self._wire.close()
            if not used:
                raise
        # A server may close an idle connection just when it is used again.
        return self._sent(method, path, rows, body)

    def _sent(
        self, method: str, path: str, rows: Sequence[tuple[str, str]], body: bytes
    ) -> HTTPResponse:
        self._wire.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        for name, value in rows:
            self._wire.putheader(name, value)
        self._wire.endheaders(body or None)
        return self._wire.getresponse()


class _Wire(HTTPConnection):
    """A connection opened by `late`, on the monotonic clock, straight or through a proxy."""

    def __init__(self, address: Address, socks: SocksAddress | None, patience: float) -> None:
        super().__init__(address.host, address.port, timeout=patience)
        self.late = 0.0
        self._address = address
        self._socks = socks
        self._patience = patience
        self._opened: socket.socket | None = None
        # tor gives streams of one user name a circuit of their own, so that no two share one.
        self._name = secrets.token_hex(8)

    def connect(self) -> None:
        """Open it."""
        self.sock = self._straight() if self._socks is None else self._through(self._socks)
        if self._address.scheme == "https":
            self.sock.settimeout(self.left())  # of the whole handshake
            context = ssl.create_default_context()
            self.sock = context.wrap_socket(self.sock, server_hostname=self._address.host)
        self.sock.settimeout(self._patience)
        self._opened = self.sock
        self.left()  # else the cut came before there was anything to cut

    def left(self) -> float:
        """Seconds to wait for the next thing; `TimeoutError` where there are none."""
        left = self.late - time.monotonic()
        if left <= 0:
            raise TimeoutError("there is no time left for the answer")
        return min(left, self._patience)

    def cut(self) -> None:
        """End it, from another thread, whatever is being waited for."""
        if self._opened is not None:
            with suppress(OSError):
                self._opened.shutdown(socket.SHUT_RDWR)

    def _straight(self) -> socket.socket:
        host, port = self._address.host, self._address.port
        for *_, found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
            with suppress(OSError):
                # One by one: a name may have any number of addresses, and each would have its time.
                return socket.create_connection((str(found[0]), port), self.left())
        raise OSError(f"no address of {host} can be connected to")

    def _through(self, socks: SocksAddress) -> socket.socket:
        # Not at the top: whoever asks without a proxy need not have the package.
        from python_socks import ProxyType
        from python_socks.sync import Proxy

        proxy = Proxy.create(
            ProxyType.SOCKS5,
            socks.host,
            socks.port,
            username=self._name,
            password=self._name,
            rdns=True,
        )
        try:
            return proxy.connect(self._address.host, self._address.port, timeout=self.left())
        except Exception as error:
            # The package has three errors with no common name but this; all mean the same.
            raise OSError(str(error)) from error


def _read(response: HTTPResponse, limit: int) -> bytes:
    """At most one byte more than the limit; raises where an answer breaks off."""
    # Not `read`: to that, a chunk of -1 bytes is one without end.
    space = bytearray(limit + 1)
    size = response.readinto(space)
    if size <= limit and response.length:
        raise IncompleteRead(b"", response.length)
    return bytes(space[:size])
