"""Makes sure that a form was filled in on this site, with one cookie that holds a nonce alone.

Flask-WTF signs the nonce into each page's token; this module keeps everything else out of the
cookie: no time, no signature, nothing that differs between two visits of one person.
"""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any, cast

import flask_wtf.csrf  # pyright: ignore[reportMissingTypeStubs]
from flask import Flask, Request, Response
from flask.sessions import SessionInterface, SessionMixin
from werkzeug.exceptions import BadRequest

COOKIE = "n"
TIME_LIMIT = timedelta(days=7)  # a text may be written slowly; pages hold no other limit
_FIELD = "csrf_token"
_NONCE = re.compile(r"[0-9a-f]{40}", re.ASCII)

_csrf = cast("Any", flask_wtf.csrf)  # it has no types

TokenError: type[BadRequest] = _csrf.CSRFError


class NonceSession(SessionMixin):
    """A session that can hold the anti-forgery nonce and refuses everything else."""

    def __init__(self, nonce: str | None) -> None:
        self._nonce = nonce
        self.modified = False

    def __getitem__(self, key: str) -> str:
        if key != _FIELD or self._nonce is None:
            raise KeyError(key)
        return self._nonce

    def __setitem__(self, key: str, value: str) -> None:
        if key != _FIELD or not _NONCE.fullmatch(value):
            raise ValueError("the session holds the anti-forgery nonce alone")
        self._nonce = value
        self.modified = True

    def __delitem__(self, key: str) -> None:
        raise ValueError("the session holds the anti-forgery nonce alone")

    def __iter__(self) -> Iterator[str]:
        return iter(() if self._nonce is None else (_FIELD,))

    def __len__(self) -> int:
        return 0 if self._nonce is None else 1


class NonceCookie(SessionInterface):
    """Reads and writes the cookie `n`.

    A nonce that came is never replaced, so that two pages open side by side both work. It needs no
    signature: only together with a token signed over it does it open anything.
    """

    def open_session(self, app: Flask, request: Request) -> NonceSession:  # noqa: ARG002
        nonce = request.cookies.get(COOKIE, "")
        return NonceSession(nonce if _NONCE.fullmatch(nonce) else None)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:  # noqa: ARG002
        if session.modified:
            response.set_cookie(COOKIE, session[_FIELD], path="/", httponly=True, samesite="Strict")


class Guard:
    """Refuses every POST without a fresh token, but those that are exempt, with `TokenError`."""

    def __init__(self, app: Flask, key: bytes) -> None:
        app.secret_key = key
        app.session_interface = NonceCookie()
        app.config["WTF_CSRF_TIME_LIMIT"] = int(TIME_LIMIT.total_seconds())
        # Pages are sent with no-referrer, so there is no Referer to be strict about.
        app.config["WTF_CSRF_SSL_STRICT"] = False
        self._protect = _csrf.CSRFProtect(app)

    def exempt(self, view: Callable[..., object]) -> None:
        """Let this view, which keeps and sends nothing, be reached without a token."""
        self._protect.exempt(view)

    def token(self) -> str:
        """A token for the page that is being made."""
        return cast("str", _csrf.generate_csrf())
