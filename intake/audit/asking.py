"""Asks a site for its pages and files in the words of Tor Browser, so that it is answered alike.

A server that shows one person another page than everybody should not know an auditor by headers.
It can still know one by timing, or by which files are asked for.
"""

from __future__ import annotations

import re
import secrets
import socket
import ssl
import time
import zlib
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPResponse, IncompleteRead
from http.cookies import CookieError, SimpleCookie
from threading import Timer
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from python_socks import ProxyType
from python_socks.sync import Proxy

from intake.errors import IntakeError, MalformedError

if TYPE_CHECKING:
    from collections.abc import Callable

PATIENCE: Final = 120  # seconds in which something comes; Tor can be slow
LONGEST = 600  # seconds for one answer: a lying site could go on for ever, byte by byte
LIMIT: Final = 8 * 1024 * 1024  # bytes of one answer
# Tor Browser's, on whatever system it runs but for its own name of it; the most common one.
USER_AGENT: Final = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
)
_PAGE: Final = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
_LABEL: Final = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_HOST: Final = re.compile(rf"(?=.{{1,253}}\Z){_LABEL}(\.{_LABEL})*", re.ASCII)
_PROXY: Final = re.compile(r"([a-zA-Z0-9.-]{1,253}|\[[0-9a-fA-F:]+\]):([0-9]{1,5})", re.ASCII)
_HTTP, _HTTPS = 80, 443
_ORIGIN: Final = "write http:// and a host, with a port if need be, and no path"


class UnreachableError(IntakeError):
    """A site, or the proxy before it, did not answer, or not in HTTP."""


@dataclass(frozen=True)
class Address:
    """A site's origin."""

    scheme: str
    host: str
    port: int

    @classmethod
    def parse(cls, url: str) -> Address:
        """Read `http://HOST`, with a port where it is not the usual one, and nothing after it."""
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            raise MalformedError("the site's address is not a URL", _ORIGIN) from None
        host = parts.hostname or ""
        address = cls(parts.scheme, host, port or (_HTTPS if parts.scheme == "https" else _HTTP))
        known = parts.scheme in ("http", "https") and _HOST.fullmatch(host) is not None
        if not known or str(address) != url.removesuffix("/").lower():
            raise MalformedError("the site's address is not an origin", _ORIGIN)
        return address

    @property
    def authority(self) -> str:
        """The host, with the port where it is not the usual one."""
        usual = _HTTPS if self.scheme == "https" else _HTTP
        return self.host if self.port == usual else f"{self.host}:{self.port}"

    def __str__(self) -> str:
        return f"{self.scheme}://{self.authority}"


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
class Answer:
    """What came: a status, the headers in their order, the body unpacked."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes = field(repr=False)

    def values(self, name: str) -> list[str]:
        """Every value of a header, in order."""
        return [value for key, value in self.headers if key.lower() == name.lower()]


@dataclass(frozen=True)
class Kind:
    """What a browser says when it asks for one kind of thing."""

    accept: str
    after: tuple[tuple[str, str], ...]  # the headers that follow the cookie


def _fetch_kind(
    dest: str, mode: str, site: str, *more: tuple[str, str]
) -> tuple[tuple[str, str], ...]:
    return (("Sec-Fetch-Dest", dest), ("Sec-Fetch-Mode", mode), ("Sec-Fetch-Site", site), *more)


_UPGRADE: Final = ("Upgrade-Insecure-Requests", "1")
_BY_HAND: Final = (("Sec-Fetch-User", "?1"), ("Priority", "u=0, i"))
_NO_STORE: Final = (("Priority", "u=4"), ("Pragma", "no-cache"), ("Cache-Control", "no-cache"))
TYPED: Final = Kind(_PAGE, (_UPGRADE, *_fetch_kind("document", "navigate", "none", *_BY_HAND)))
FOLLOWED: Final = Kind(
    _PAGE, (_UPGRADE, *_fetch_kind("document", "navigate", "same-origin", *_BY_HAND))
)
SCRIPT: Final = Kind("*/*", _fetch_kind("script", "no-cors", "same-origin"))
FETCHED: Final = Kind("*/*", _fetch_kind("empty", "cors", "same-origin", *_NO_STORE))


class Visitor:
    """One browser's visit: one connection, its cookies, and behind a proxy a circuit of its own."""

    def __init__(self, address: Address, socks: SocksAddress | None) -> None:
        if socks is None and address.host.endswith(".onion"):
            raise MalformedError(
                "an onion address is reached through tor alone",
                "give --socks 127.0.0.1:9050, or 127.0.0.1:9150 while Tor Browser runs",
            )
        self._address = address
        self._connection = _Connection(address, _opener(address, socks))
        self._cookies: dict[str, str] = {}

    def close(self) -> None:
        """End the connection."""
        self._connection.close()

    def get(self, path: str, kind: Kind) -> Answer:
        """Ask for a path; raises `UnreachableError`."""
        return self._ask("GET", path, kind)

    def post(self, path: str, form: bytes) -> Answer:
        """Send a form's fields, urlencoded, as pressing its button does."""
        return self._ask("POST", path, FOLLOWED, form)

    def _ask(self, method: str, path: str, kind: Kind, body: bytes = b"") -> Answer:
        rows = self._headers(kind, body)
        end = Timer(LONGEST, self._connection.cut)
        late = time.monotonic() + LONGEST
        end.start()
        try:
            try:
                response = self._send(method, path, rows, body)
            except (ConnectionError, HTTPException):
                # The server may close an idle connection just when it is used again.
                self._connection.close()
                if time.monotonic() >= late:
                    raise
                response = self._send(method, path, rows, body)
            content = _read(response)
        except (OSError, HTTPException) as error:
            self._connection.cut()
            self._connection.close()
            raise UnreachableError(
                f"{self._address} does not answer", "see whether it opens in Tor Browser"
            ) from error
        finally:
            end.cancel()
        answer = Answer(
            response.status, tuple(response.getheaders()), self._unpacked(response, content)
        )
        self._take_cookies(answer)
        return answer

    def _send(
        self, method: str, path: str, rows: list[tuple[str, str]], body: bytes
    ) -> HTTPResponse:
        self._connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        for name, value in rows:
            self._connection.putheader(name, value)
        self._connection.endheaders(body or None)
        return self._connection.getresponse()

    def _headers(self, kind: Kind, body: bytes) -> list[tuple[str, str]]:
        """The headers of a request, in the order in which Tor Browser writes them."""
        rows = [
            ("Host", self._address.authority),
            ("User-Agent", USER_AGENT),
            ("Accept", kind.accept),
            ("Accept-Language", "en-US,en;q=0.5"),
            ("Accept-Encoding", "gzip, deflate, br, zstd"),
        ]
        if body:
            rows += [
                ("Content-Type", "application/x-www-form-urlencoded"),
                ("Content-Length", str(len(body))),
                ("Origin", "null"),  # the page before it is sent with no-referrer
            ]
        rows += [("Sec-GPC", "1"), ("Connection", "keep-alive")]
        if self._cookies:
            rows.append(("Cookie", "; ".join(f"{n}={v}" for n, v in self._cookies.items())))
        return [*rows, *kind.after]

    def _unpacked(self, response: HTTPResponse, content: bytes) -> bytes:
        coding = response.getheader("Content-Encoding", "")
        if len(content) > LIMIT:
            self._connection.close()
            raise UnreachableError(f"an answer of {self._address} is longer than {LIMIT} bytes")
        if not coding:
            return content
        unpacker = zlib.decompressobj(16 + zlib.MAX_WBITS)
        try:
            plain = unpacker.decompress(content, LIMIT) if coding == "gzip" else b""
        except zlib.error:
            plain = b""
        if not unpacker.eof or unpacker.unused_data:
            raise UnreachableError(f"an answer of {self._address} cannot be unpacked")
        return plain

    def _take_cookies(self, answer: Answer) -> None:
        for line in answer.values("Set-Cookie"):
            try:
                morsels = SimpleCookie(line).values()
            except CookieError:
                continue  # as a browser does
            self._cookies |= {morsel.key: morsel.coded_value for morsel in morsels}


class _Connection(HTTPConnection):
    """A connection that somebody else opens."""

    def __init__(self, address: Address, opener: Callable[[], socket.socket]) -> None:
        super().__init__(address.host, address.port, timeout=PATIENCE)
        self._opener = opener
        self._opened: socket.socket | None = None

    def connect(self) -> None:
        """Open it."""
        self.sock = self._opened = self._opener()

    def cut(self) -> None:
        """End it, from another thread, whatever is being waited for."""
        if self._opened is not None:
            with suppress(OSError):
                self._opened.shutdown(socket.SHUT_RDWR)


def _read(response: HTTPResponse) -> bytes:
    """At most one byte more than `LIMIT`; raises where an answer breaks off."""
    # Not `read`: to that, a chunk of -1 bytes is one without end.
    space = bytearray(LIMIT + 1)
    size = response.readinto(space)
    if size <= LIMIT and response.length:
        raise IncompleteRead(b"", response.length)
    return bytes(space[:size])


def _opener(address: Address, socks: SocksAddress | None) -> Callable[[], socket.socket]:
    # tor gives streams of one user name a circuit of their own, so that no two audits share one.
    name = secrets.token_hex(8)

    def opened() -> socket.socket:
        if socks is None:
            plain = socket.create_connection((address.host, address.port), PATIENCE)
        else:
            proxy = Proxy.create(
                ProxyType.SOCKS5, socks.host, socks.port, username=name, password=name, rdns=True
            )
            try:
                plain = proxy.connect(address.host, address.port, timeout=PATIENCE)
            except Exception as error:
                # The package has three errors with no common name but this; all mean the same.
                raise OSError(str(error)) from error
            plain.settimeout(PATIENCE)
        if address.scheme == "https":
            return ssl.create_default_context().wrap_socket(plain, server_hostname=address.host)
        return plain

    return opened
