"""The page that takes sealed letters: from the script, and from people who sealed elsewhere.

It never sees a testimony: what comes in is sealed already, or is refused.
"""

from typing import BinaryIO, cast

from flask import Blueprint, Response, abort, request
from werkzeug.exceptions import InternalServerError

from intake.age import sealed_length
from intake.errors import (
    FullError,
    IntakeError,
    MalformedError,
    ProofError,
    RosterError,
    StoreError,
)
from intake.opening import MAX_HEAD
from intake.web.antiforgery import Guard, TokenError
from intake.web.error_pages import words_of
from intake.web.languages import LANGUAGES
from intake.web.letter_text import BareAgeError, read_head, read_letter
from intake.web.pages import page, plain
from intake.web.public_files import PublicFiles
from intake.web.reception import Reception, sent_page
from intake.web.request import MAX_FORM, drain
from intake.web.settings import Settings

COMMAND = "intake seal --roster roster.note --fingerprint DIGITS IN OUT"
_REVIEWERS = 32  # the most that a roster can name
_ROOM = 64 * 1024  # bytes of a form around its letter
_SEALED = "application/octet-stream"
_HOW = ("error.roster", "error.bare", "error.letter")  # where sealing it as the page says helps


class LetterPage:
    """`/s`: one page, and one way in for every sealed object."""

    def __init__(
        self, settings: Settings, files: PublicFiles, reception: Reception, guard: Guard
    ) -> None:
        self._settings = settings
        self._files = files
        self._reception = reception
        self._guard = guard
        largest = MAX_HEAD + sealed_length(_REVIEWERS, settings.largest)
        # Armor is 65 characters for 48 bytes, 66 with CR LF.
        self._most = max(MAX_FORM, largest * 66 // 48 + _ROOM)

    def blueprint(self) -> Blueprint:
        """`/s`, and `/s/ru`, `/s/en` in that language."""
        pages = Blueprint("letter", __name__)
        pages.add_url_rule("/s", view_func=self.empty)
        pages.add_url_rule(f"/s/<any({','.join(LANGUAGES)}):lang>", view_func=self.empty)
        pages.add_url_rule("/s", "take", self.take, methods=["POST"])
        pages.url_value_preprocessor(self._allow)
        pages.register_error_handler(TokenError, self.stale)
        pages.register_error_handler(InternalServerError, self.crashed)
        return pages

    def empty(self, lang: str | None = None) -> Response:
        """The page with nothing in it."""
        return self._page(lang or self._settings.language)

    def contents(self) -> dict[str, bytes]:
        """The empty page of each language by its path, with no token, as the manifest lists it."""
        empty = {lang: self._page(lang, pasted="", token="") for lang in LANGUAGES}
        return {f"/s/{lang}": response.get_data() for lang, response in empty.items()}

    def take(self) -> Response:
        """Take a letter: a stream from the script, or a form with a file or a text."""
        if request.mimetype == _SEALED:
            return self._take_stream()
        return self._take_form()

    def stale(self, _error: Exception) -> Response:
        """The token was missing or old: a fresh one to the script, the page again to a person."""
        if request.mimetype == _SEALED:
            drain()
            return plain(self._guard.token(), 403)
        return self._page(_lang(self._settings), problem="error.retry", status=403)

    def crashed(self, _error: InternalServerError) -> Response:
        """Something here is broken: give back what was pasted. It may have been kept before."""
        if request.method != "POST":
            return page("note.html", lang=self._settings.language, words="error.down", status=500)
        if request.mimetype == _SEALED:
            return plain("something here is broken", 500)
        return self._page(_lang(self._settings), problem="error.unknown", status=500)

    def _allow(self, _endpoint: str | None, _values: object) -> None:
        request.max_content_length = self._most
        request.max_form_memory_size = self._most

    def _take_stream(self) -> Response:
        length = request.content_length
        if length is None:
            abort(411)
        try:
            head, body, rest = read_head(cast("BinaryIO", request.stream), length)
            acknowledged = self._reception.take_stream(head, body, rest)
        except FullError as error:
            return _refused(error, 507)
        except StoreError as error:
            return _refused(error, 503)
        except (MalformedError, RosterError, ProofError) as error:
            return _refused(error, 400)
        return plain(acknowledged, 200)

    def _take_form(self) -> Response:
        lang = _lang(self._settings)
        chosen = request.files.get("file")
        pasted = request.form.get("letter", "")
        content = chosen.read() if chosen and chosen.filename else pasted.encode()
        if not content.strip():
            return self._page(lang, problem="error.no_letter", status=400)
        try:
            acknowledged = self._reception.take(read_letter(content))
        except StoreError as error:
            return self._page(lang, problem=words_of(error), pasted=pasted, status=503)
        except RosterError:
            return self._page(lang, problem="error.roster", pasted=pasted, status=400)
        except BareAgeError:
            return self._page(lang, problem="error.bare", pasted=pasted, status=400)
        except (MalformedError, ProofError):
            return self._page(lang, problem="error.letter", pasted=pasted, status=400)
        return sent_page(lang, "sent.p1", acknowledged)

    def _page(
        self,
        lang: str,
        *,
        problem: str = "",
        pasted: str | None = None,
        token: str | None = None,
        status: int = 200,
    ) -> Response:
        published = self._files.standing()
        return page(
            "letter.html",
            lang=lang,
            error=bool(problem),
            status=status,
            problem=problem,
            how=problem in _HOW,
            pasted=request.form.get("letter", "") if pasted is None else pasted,
            command=COMMAND,
            fingerprint=published and published.fingerprint,
            token=self._guard.token() if token is None else token,
        )


def _lang(settings: Settings) -> str:
    asked = request.form.get("lang", "")
    return asked if asked in LANGUAGES else settings.language


def _refused(error: IntakeError, status: int) -> Response:
    drain()
    return plain(error.phrase, status)
