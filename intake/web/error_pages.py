"""What a person sees where there is no page, or where something is broken: one calm sentence.

What is logged of a failure is its class and the line it came from: a message may hold testimony.
"""

import logging
import traceback
from pathlib import Path

from flask import Flask, Response
from werkzeug.exceptions import HTTPException

from intake.errors import EndedError, FullError, RosterError, StoreError
from intake.web.pages import page
from intake.web.request import drain

LOGGER = "intake.web"
_log = logging.getLogger(LOGGER)
_told: set[str] = set()
_WORDS = {404: "error.404", 405: "error.404", 413: "error.large"}


def describe(error: BaseException) -> str:
    """An exception's class and the line that raised it, and nothing else of it."""
    last = traceback.extract_tb(error.__traceback__)[-1:]
    where = "".join(f" at {Path(frame.filename).name}:{frame.lineno}" for frame in last)
    return f"{type(error).__module__}.{type(error).__qualname__}{where}"


def log(error: BaseException) -> None:
    """Tell the operator that something failed: once in a process for each class and line.

    With an expired roster every request fails, and a line for each would be an access log.
    """
    tell(describe(error))


def tell(text: str) -> None:
    """Say such a description, once in a process."""
    if text not in _told:
        _told.add(text)
        _log.error("%s", text)


class ErrorPages:
    """The pages for whatever no other page answers."""

    def __init__(self, lang: str) -> None:
        self._lang = lang

    def register(self, app: Flask) -> None:
        """Answer for all of `app`."""
        app.register_error_handler(HTTPException, self.refused)
        app.register_error_handler(StoreError, self.down)
        app.register_error_handler(RosterError, self.down)

    def refused(self, error: HTTPException) -> Response:
        """No such page, too much, or nothing that a form sends."""
        if error.code == 413:
            drain()
        status = error.code or 500
        response = page(
            "note.html", lang=self._lang, words=_WORDS.get(status, "error.down"), status=status
        )
        allowed = error.get_headers()
        response.headers.extend([row for row in allowed if row[0] == "Allow"])
        return response

    def down(self, error: Exception) -> Response:
        """The store or the roster cannot be used, before anyone wrote anything."""
        if not isinstance(error, FullError):  # of that, `tell_of_budget` tells
            log(error)
        return page("note.html", lang=self._lang, words=_down(error), status=503)


def _down(error: Exception) -> str:
    # Nobody wrote anything yet: there is nothing to send again.
    return words_of(error) if isinstance(error, EndedError) else "error.down"


def words_of(error: Exception) -> str:
    """The words for what was not taken: pressed again at once, some would be refused again."""
    if isinstance(error, EndedError):
        return "error.ended"
    return "error.down" if isinstance(error, FullError | RosterError) else "error.retry"
