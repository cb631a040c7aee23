"""Asks a site for its pages and files in the words of Tor Browser, so that it is answered alike.

A server that shows one person another page than everybody should not know an auditor by headers.
It can still know one by timing, or by which files are asked for.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass, replace
from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING, Final

from intake.reaching import Bounds, Connection, UnreachableError

if TYPE_CHECKING:
    from intake.reaching import Address, Answer, SocksAddress

PATIENCE: Final = 120  # seconds in which something comes; Tor can be slow
LONGEST = 600  # seconds for one answer: a lying site could go on for ever, byte by byte
LIMIT: Final = 8 * 1024 * 1024  # bytes of one answer
COOKIE: Final = 4_096  # bytes of a name and its value; a browser drops a longer one
COOKIES: Final = 150  # the oldest leave; without a bound a site could make each request longer
# Tor Browser's, on whatever system it runs but for its own name of it; the most common one.
USER_AGENT: Final = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
)
_FORM: Final = "application/x-www-form-urlencoded"
_SEALED: Final = "application/octet-stream"
_PAGE: Final = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


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


@dataclass(frozen=True)
class _Upload:
    """A body, and what a browser says of it."""

    body: bytes
    type: str
    origin: str
    more: tuple[tuple[str, str], ...] = ()


class Visitor:
    """One browser's visit: one connection, its cookies, and behind a proxy a circuit of its own."""

    def __init__(self, address: Address, socks: SocksAddress | None) -> None:
        self._address = address
        self._connection = Connection(address, socks, Bounds(PATIENCE, LONGEST, LIMIT))
        self._cookies: dict[str, str] = {}

    def close(self) -> None:
        """End the connection."""
        self._connection.close()

    def get(self, path: str, kind: Kind) -> Answer:
        """Ask for a path; raises `UnreachableError`."""
        return self._ask("GET", path, kind)

    def post(self, path: str, form: bytes) -> Answer:
        """Send a form's fields, urlencoded, as pressing its button does."""
        # The page before it is sent with no-referrer, so a browser hides its origin too.
        return self._ask("POST", path, FOLLOWED, _Upload(form, _FORM, "null"))

    def hand_in(self, path: str, letter: bytes, token: str) -> Answer:
        """Send a sealed letter, as the page's script does."""
        upload = _Upload(letter, _SEALED, str(self._address), (("X-CSRFToken", token),))
        return self._ask("POST", path, FETCHED, upload)

    def _ask(self, method: str, path: str, kind: Kind, upload: _Upload | None = None) -> Answer:
        rows, body = self._headers(kind, upload), b"" if upload is None else upload.body
        try:
            packed = self._connection.ask(method, path, rows, body)
        except UnreachableError as error:
            raise UnreachableError(error.phrase, "see whether it opens in Tor Browser") from error
        answer = replace(packed, body=self._unpacked(packed))
        self._take_cookies(answer)
        return answer

    def _headers(self, kind: Kind, upload: _Upload | None) -> list[tuple[str, str]]:
        """The headers of a request, in the order in which Tor Browser writes them."""
        rows = [
            ("Host", self._address.authority),
            ("User-Agent", USER_AGENT),
            ("Accept", kind.accept),
            ("Accept-Language", "en-US,en;q=0.5"),
            ("Accept-Encoding", "gzip, deflate, br, zstd"),
        ]
        if upload is not None:
            rows += [
                ("Content-Type", upload.type),
                *upload.more,
                ("Content-Length", str(len(upload.body))),
                ("Origin", upload.origin),
            ]
        rows += [("Sec-GPC", "1"), ("Connection", "keep-alive")]
        if self._cookies:
            rows.append(("Cookie", "; ".join(f"{n}={v}" for n, v in self._cookies.items())))
        return [*rows, *kind.after]

    def _unpacked(self, answer: Answer) -> bytes:
        content, coding = answer.body, ", ".join(answer.values("Content-Encoding"))
        if len(content) > LIMIT:
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
            for morsel in morsels:
                name, value = morsel.key, morsel.coded_value
                if len(name) + len(value) <= COOKIE:
                    self._cookies.pop(name, None)  # one that is set again is the newest
                    self._cookies[name] = value
        for name in list(self._cookies)[:-COOKIES]:
            del self._cookies[name]
