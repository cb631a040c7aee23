"""Asks for every page once before anybody comes, so that no reader begins with what all need.

Whatever is worked out at its first use (a verified roster, the words of a language, the list of a
code's words) is worked out here and shared by every process. It sends nothing and keeps nothing.
"""

import re
from collections.abc import Mapping
from io import BytesIO
from typing import Any, Final
from urllib.parse import urlencode
from wsgiref.types import WSGIApplication

from intake.author import Author
from intake.codename import Codename
from intake.container import Mode
from intake.epoch import Epoch
from intake.errors import IntakeError
from intake.seal import seal
from intake.testimony import Testimony
from intake.web import error_pages
from intake.web.antiforgery import COOKIE
from intake.web.languages import LANGUAGES
from intake.web.site import Site, today_in_utc

_TOKEN: Final = re.compile(r'name="csrf_token" value="([^"]+)"')
_GIVEN: Final = re.compile(rf"{COOKIE}=([0-9a-f]+)")
_WORDS: Final = "-"


def rehearse(app: WSGIApplication, site: Site) -> None:
    """Do so, as far as it goes: what does not work now is told to whoever comes."""
    try:
        for lang in LANGUAGES:
            _Visit(app, site.settings.address).write(lang)
        _seal(site)
    except IntakeError as error:
        error_pages.log(error)


def _seal(site: Site) -> None:
    today = today_in_utc()
    roster = site.named(site.current().roster.digest, today)
    testimony = Testimony.from_answers(next(iter(LANGUAGES)), {"narrative": _WORDS}, ())
    author = Author.fresh(Epoch.of(today))
    seal(testimony, roster, mode=Mode.SERVER, today=today, author=author)


class _Visit:
    """One visitor of the application, without a connection."""

    def __init__(self, app: WSGIApplication, host: str) -> None:
        self._app = app
        self._host = host
        self._nonce = ""

    def write(self, lang: str) -> None:
        """The form, its check, and a Send whose page has lost its secrets; then the other pages."""
        found = _TOKEN.search(self._ask("GET", "/1"))
        if found is None:
            return  # it says why, to whoever asks
        form = {"csrf_token": found[1], "lang": lang, "narrative": _WORDS, "resend": ""}
        for path in ("/1", "/2", "/3"):
            self._ask("POST", path, form)
        self._ask("POST", "/s", {**form, "letter": _WORDS})
        words = " ".join(Codename.fresh().words)
        for code, go in (
            (_WORDS, "open"),
            (words, "more"),
            (words, "choices"),
            (words, "withdraw"),
        ):
            self._ask("POST", "/r", {**form, "code": code, "go": go})

    def _ask(self, method: str, path: str, form: Mapping[str, str] | None = None) -> str:
        body = urlencode(form or {}).encode()
        environ: dict[str, Any] = {
            "REQUEST_METHOD": method,
            "PATH_INFO": path,
            "SCRIPT_NAME": "",
            "QUERY_STRING": "",
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_HOST": self._host,
            "HTTP_COOKIE": f"{COOKIE}={self._nonce}",
            "CONTENT_TYPE": "application/x-www-form-urlencoded" if body else "",
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": BytesIO(body),
            "wsgi.errors": BytesIO(),
            "wsgi.multithread": True,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
        }
        return b"".join(self._app(environ, self._start)).decode()

    def _start(self, _status: str, headers: list[tuple[str, str]], _failed: Any = None) -> Any:
        for name, value in headers:
            if name.lower() == "set-cookie" and (given := _GIVEN.match(value)):
                self._nonce = given[1]
