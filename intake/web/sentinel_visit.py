"""Visits a running site as a person without script does: one address, one browser, its own forms.

It speaks to this machine alone, and says of itself only what was planted for the visit.
"""

import re
import socket
from collections.abc import Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.client import HTTPConnection, HTTPException
from http.cookies import SimpleCookie
from urllib.parse import urlencode

from intake.errors import IntakeError
from intake.web.listening import Loopback, UnixPath
from intake.web.sentinel_words import Planted

_PATIENCE = 60.0  # seconds
_MOST_PAGES = 100
_LONG = "narrative"
_HOST = re.compile(r"[A-Za-z0-9.-]+(:[0-9]+)?", re.ASCII)
_OK = 200
_TAKEN = 2  # hundred and something: with a receipt or without
_FORM = "application/x-www-form-urlencoded"


class VisitError(IntakeError):
    """The site does not answer, or not as a site of this version does."""


@dataclass
class _Form:
    action: str
    rows: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    texts: list[str] = field(default_factory=list[str])
    buttons: list[dict[str, str]] = field(default_factory=list[dict[str, str]])

    def leading(self, path: str, value: str = "") -> dict[str, str] | None:
        """The button that sends to this path, with this value."""
        for button in self.buttons:
            found = button.get("formaction", self.action)
            if found == path and button.get("value", "") == value:
                return button
        return None


class _Page(HTMLParser):
    """The forms of a page, as a browser with script switched off has them."""

    def __init__(self, content: str) -> None:
        super().__init__()
        self.forms: list[_Form] = []
        self._open: _Form | None = None
        self._inert = 0
        self.feed(content)
        self.close()

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        """Take note of a form and of what is in it."""
        words = {name: value or "" for name, value in attrs}
        self._inert += tag == "template"
        if self._inert:
            return
        if tag == "form":
            self._open = _Form(words.get("action", ""))
            self.forms.append(self._open)
        elif self._open is not None:
            self._take(self._open, tag, words)

    def handle_endtag(self, tag: str) -> None:
        """Take note of the end of a form."""
        self._inert -= tag == "template"
        if tag == "form":
            self._open = None

    @staticmethod
    def _take(form: _Form, tag: str, words: dict[str, str]) -> None:
        name, kind = words.get("name", ""), words.get("type", "")
        if tag == "button" and kind != "button":
            form.buttons.append(words)
        elif tag == "textarea" or (tag == "input" and kind in ("", "text")):
            form.texts.append(name)
        elif tag == "input" and (kind == "hidden" or "checked" in words):
            form.rows.append((name, words.get("value", "")))

    def leading(self, path: str, value: str = "") -> tuple[_Form, dict[str, str]] | None:
        """The form, and its button, that send to this path."""
        for form in self.forms:
            button = form.leading(path, value)
            if button is not None:
                return form, button
        return None


class Visit:
    """One visit, from the planted address where there are addresses."""

    def __init__(self, address: Loopback | UnixPath, host: str, planted: Planted) -> None:
        self._address = address
        self._planted = planted
        host = host if _HOST.fullmatch(host) else "localhost"
        self._headers = {
            "Host": host,
            "User-Agent": planted.user_agent,
            "X-Forwarded-For": planted.forwarded,
            "X-Real-IP": planted.forwarded,
            "Forwarded": f'for="[{planted.forwarded}]"',
            "Referer": f"http://{host}/{planted.latin}",
        }
        self._cookies: dict[str, str] = {}

    def wander(self) -> None:
        """Ask for pages that are not there, with the words in their addresses."""
        self._ask("GET", f"/{self._planted.latin}")
        self._ask("GET", f"/1?{urlencode({'q': self._planted.phrase})}")

    def write(self, text: str, *, send: bool) -> None:
        """Fill in every page of the form to the last, which shows it all again; and `send` it.

        `text` is the long answer; the short ones are the planted words.

        Raises `VisitError` where the pages do not lead there.
        """
        page = self._page("GET", "/1")
        for _ in range(_MOST_PAGES):
            last = page.leading("/3")
            if last is not None:
                if send:
                    self._press(*last, text)
                return
            further = page.leading("/2") or page.leading("/1", "next")
            if further is None:
                break
            page = self._press(*further, text)
        raise VisitError("the form could not be followed to its last page", "see `intake doctor`")

    def hand_in(self, letter: bytes) -> None:
        """Send a sealed letter as the script sends it; raises `VisitError` where it is refused."""
        found = self._page("GET", "/s").forms
        token = dict(found[0].rows).get("csrf_token", "") if found else ""
        more = {"Content-Type": "application/octet-stream", "X-CSRFToken": token}
        status, _ = self._ask("POST", "/s", letter, more)
        if status // 100 != _TAKEN:
            raise VisitError(f"the site refused a sealed letter (HTTP {status})")

    def _press(self, form: _Form, button: dict[str, str], text: str) -> _Page:
        short = self._planted.phrase  # there is room for the words alone
        texts = [(name, text if name == _LONG else short) for name in form.texts if name]
        rows = [*form.rows, *texts]
        if "name" in button:
            rows.append((button["name"], button.get("value", "")))
        body = urlencode(rows).encode()
        path = button.get("formaction", form.action)
        return self._page("POST", path, body, {"Content-Type": _FORM})

    def _page(
        self, method: str, path: str, body: bytes = b"", more: dict[str, str] | None = None
    ) -> _Page:
        status, content = self._ask(method, path, body, more)
        if status != _OK:
            raise VisitError(f"the site answered {method} {path} with HTTP {status}")
        return _Page(content.decode("utf-8", "replace"))

    def _ask(
        self, method: str, path: str, body: bytes = b"", more: dict[str, str] | None = None
    ) -> tuple[int, bytes]:
        headers = self._headers | (more or {})
        if self._cookies:
            headers["Cookie"] = "; ".join(f"{n}={v}" for n, v in self._cookies.items())
        connection = _Connection(self._address, self._planted.source)
        try:
            connection.request(method, path, body or None, headers)
            answer = connection.getresponse()
            content = answer.read()
        except (OSError, HTTPException):
            raise VisitError(
                f"no site answers at {self._address}", "say where it listens: --bind"
            ) from None
        finally:
            connection.close()
        for line in answer.headers.get_all("Set-Cookie", []):
            self._cookies |= {m.key: m.coded_value for m in SimpleCookie(line).values()}
        return answer.status, content


class _Connection(HTTPConnection):
    """To a port, from the planted address, or to a socket in a folder."""

    def __init__(self, address: Loopback | UnixPath, source: str) -> None:
        self._to = address
        host = address.host if isinstance(address, Loopback) else "localhost"
        port = address.port if isinstance(address, Loopback) else None
        mine = (source, 0) if isinstance(address, Loopback) and ":" not in host else None
        super().__init__(host, port, timeout=_PATIENCE, source_address=mine)

    def connect(self) -> None:
        """Connect."""
        if isinstance(self._to, Loopback):
            super().connect()
            return
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(_PATIENCE)
        self.sock.connect(self._to.path)
