"""Looks at every request before any page does, and refuses what is not the desk's own window.

Other programs, other users' programs and pages of other sites may all reach a port of this machine.
What is refused gets one short page that says nothing of the case.
"""

import hmac
import re
import secrets
from collections.abc import Callable, Iterable
from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

COOKIE: Final = "desk"
ENTER: Final = "/enter"
BODY_LIMIT: Final = 2 * 1024 * 1024  # bytes of a request: seven long answers, six bytes a letter
FORM: Final = "application/x-www-form-urlencoded"
# What a form sends, and what the page's script does, which browsers call by its encoding too.
_FORMS: Final = frozenset({FORM, f"{FORM};charset=UTF-8"})
_METHODS: Final = frozenset({"GET", "POST"})
_OURS: Final = frozenset({"same-origin", "none"})
# The file that hands the token over is of no origin.
_HANDED_OVER: Final = frozenset({"same-origin", "none", "cross-site"})
_LENGTH: Final = re.compile(r"0|[1-9][0-9]{0,9}", re.ASCII)

HEADERS: Final = (
    (
        "Content-Security-Policy",
        (
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
            "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; "
            "require-trusted-types-for 'script'; trusted-types 'none'"
        ),
    ),
    ("Cache-Control", "no-store"),
    ("Referrer-Policy", "same-origin"),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Cross-Origin-Embedder-Policy", "require-corp"),
    (
        "Permissions-Policy",
        "camera=(), clipboard-read=(), display-capture=(), geolocation=(), microphone=()",
    ),
    ("X-DNS-Prefetch-Control", "off"),
)
"""What every answer carries, whoever made it."""


class Pass:
    """The secrets of one run: a token for the window, good once, and what it is given for it."""

    def __init__(self) -> None:
        self.token: str | None = secrets.token_urlsafe(32)
        self.cookie = secrets.token_urlsafe(32)
        self.csrf = secrets.token_urlsafe(32)
        self.entered = False

    def enter(self, token: str) -> bool:
        """Whether this is the token; from then on nothing is."""
        if self.token is None or not _same(token, self.token):
            return False
        self.token = None
        self.entered = True
        return True

    def expire(self) -> None:
        """Let nobody enter any more."""
        self.token = None

    def has_entered(self, cookie: str) -> bool:
        """Whether this cookie was given for the token."""
        return self.entered and _same(cookie, self.cookie)

    def is_meant(self, csrf: str) -> bool:
        """Whether a form with this value was on one of our pages."""
        return _same(csrf, self.csrf)


def _same(given: str, known: str) -> bool:
    return hmac.compare_digest(given.encode(), known.encode())


class Gate:
    """The WSGI application in front of the pages. `authority` is the address, with its port."""

    def __init__(self, pages: "WSGIApplication", authority: str, entry: Pass) -> None:
        self._pages = pages
        self._authority = authority
        self._entry = entry

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        def start(
            status: str, headers: list[tuple[str, str]], exc_info: object = None, /
        ) -> Callable[[bytes], object]:
            del exc_info  # it names what the pages were doing
            return start_response(status, [*headers, *HEADERS])

        refusal = self.refusal(environ)
        if refusal is None:
            return self._pages(environ, start)
        status, phrase = refusal
        return short_page(start, status, phrase)

    def refusal(self, environ: "WSGIEnvironment") -> tuple[str, str] | None:
        """The status and the phrase with which a request is refused, or None.

        1. its method is one that pages have;
        2. it is for this very address, so that no name leads here (DNS rebinding);
        3. the browser says that no other site made it;
        4. nor does its origin;
        5. its body is a form of a size that forms have;
        6. it has the cookie, or is to get it.
        """
        method, host = environ.get("REQUEST_METHOD"), environ.get("HTTP_HOST")
        enters = method == "POST" and environ.get("PATH_INFO") == ENTER
        ours = f"http://{self._authority}"
        # (1)
        if method not in _METHODS:
            return "405 Method Not Allowed", "There is no such method here."
        # (2)
        if host != self._authority:
            return "421 Misdirected Request", "This is not the address asked for."
        # (3)
        if environ.get("HTTP_SEC_FETCH_SITE") not in (_HANDED_OVER if enters else _OURS):
            return "403 Forbidden", "Another site, or no browser, asked for this."
        # (4)
        if environ.get("HTTP_ORIGIN", ours) not in ({ours, "null"} if enters else {ours}):
            return "403 Forbidden", "Another site asked for this."
        # (5), (6)
        entered = enters or self._entry.has_entered(_cookie(environ))
        stranger = ("403 Forbidden", "This window was not opened by the desk.")
        return _body(environ) or (None if entered else stranger)


def _body(environ: "WSGIEnvironment") -> tuple[str, str] | None:
    length = str(environ.get("CONTENT_LENGTH") or "")
    if environ.get("REQUEST_METHOD") == "GET":
        if length not in {"", "0"} or "HTTP_TRANSFER_ENCODING" in environ:
            return "400 Bad Request", "There is a body where none belongs."
        return None
    if "HTTP_TRANSFER_ENCODING" in environ or not _LENGTH.fullmatch(length):
        return "411 Length Required", "The length of the form is missing."
    if int(length) > BODY_LIMIT:
        return "413 Content Too Large", "The form is too large."
    if environ.get("CONTENT_TYPE") not in _FORMS:
        return "415 Unsupported Media Type", "This is no form of the desk."
    return None


def _cookie(environ: "WSGIEnvironment") -> str:
    try:
        found = SimpleCookie(str(environ.get("HTTP_COOKIE", ""))).get(COOKIE)
    except CookieError:
        return ""
    return "" if found is None else found.value


def short_page(start: "StartResponse", status: str, phrase: str) -> list[bytes]:
    """The answer to what is refused."""
    body = f"<!doctype html><html lang=en><title>Refused</title><p>{phrase}</p>\n".encode()
    start(
        status, [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(body)))]
    )
    return [body]
