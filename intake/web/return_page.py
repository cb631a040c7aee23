"""The page for whoever has a code: messages, more to write, other choices, and taking it back.

Every eight words lead to the same page. Without script each of its buttons carries the code along,
and nothing on this side remembers it; with script the page asks for nothing because of a code.
"""

from collections.abc import Callable
from contextlib import suppress
from typing import Final

from flask import Blueprint, Response, request
from werkzeug.exceptions import InternalServerError

from intake.author import COUNTERS, WITHDRAW_SIZE
from intake.codename import Codename, NotACodeError
from intake.errors import EndedError, FullError, MalformedError, RosterError, StoreError
from intake.testimony import AnswersError
from intake.web import error_pages
from intake.web.antiforgery import Guard, TokenError
from intake.web.error_pages import words_of
from intake.web.languages import LANGUAGES
from intake.web.pages import page, plain
from intake.web.reception import Reception, sent_page
from intake.web.request import drain
from intake.web.return_acts import GoneError, Once, ReturnActs
from intake.web.return_views import Posted, ReturnViews
from intake.web.settings import Settings
from intake.web.stretching import BusyError

SECRETS: Final = COUNTERS * WITHDRAW_SIZE  # bytes of a withdrawal by script: always as many
_SECRETS_TYPE: Final = "application/octet-stream"
_PRESS: Final = "error.press"


class ReturnPage:
    """`/r`: one page, and one way in for every withdrawal."""

    def __init__(
        self,
        settings: Settings,
        reception: Reception,
        acts: ReturnActs,
        views: ReturnViews,
        guard: Guard,
    ) -> None:
        self._settings = settings
        self._reception = reception
        self._acts = acts
        self._views = views
        self._guard = guard

    def blueprint(self) -> Blueprint:
        """`/r`, and `/r/ru`, `/r/en` in that language."""
        pages = Blueprint("return", __name__)
        pages.add_url_rule("/r", view_func=self.empty)
        pages.add_url_rule(f"/r/<any({','.join(LANGUAGES)}):lang>", view_func=self.empty)
        pages.add_url_rule("/r", "take", self.take, methods=["POST"])
        pages.register_error_handler(TokenError, self.stale)
        pages.register_error_handler(InternalServerError, self.crashed)
        return pages

    def empty(self, lang: str | None = None) -> Response:
        """The page with nothing in it."""
        return self._views.enter(Posted(lang or self._settings.language))

    def contents(self) -> dict[str, bytes]:
        """The empty page of each language by its path, with no token, as the manifest lists it."""
        empty = {lang: self._views.enter(Posted(lang), token="") for lang in LANGUAGES}
        return {f"/r/{lang}": response.get_data() for lang, response in empty.items()}

    def take(self) -> Response:
        """Do what the button says, for the code beside it; or withdraw what a script sends."""
        if request.mimetype == _SECRETS_TYPE:
            return self._take_secrets()
        posted = self._posted()
        if posted.switch and posted.at == "enter":
            return self._views.enter(posted)
        try:
            codename = Codename.parse(posted.code)
        except NotACodeError as error:
            return self._views.enter(posted, wrong=error, status=400)
        posted = posted.of(codename)
        if posted.switch and posted.at != "opened":
            return self._again(posted)
        return self._act(posted.go)(posted, codename)

    def stale(self, _error: Exception) -> Response:
        """The token was missing or old: a fresh one to the script, the page again to a person."""
        if request.mimetype == _SECRETS_TYPE:
            drain()
            return plain(self._guard.token(), 403)
        return self._again(self._posted(), notice=_PRESS, status=403)

    def crashed(self, _error: InternalServerError) -> Response:
        """Something here is broken: give back what was typed."""
        if request.method != "POST":
            return page("note.html", lang=self._settings.language, words="error.down", status=500)
        posted = self._posted()
        # It may have been kept before something broke.
        sent = posted.go in {"add", "change"}
        return self._again(posted, notice="error.unknown" if sent else _PRESS, status=500)

    def _act(self, go: str) -> Callable[[Posted, Codename], Response]:
        """What a button does; whatever none has is to open."""
        acts: dict[str, Callable[[Posted, Codename], Response]] = {
            "more": self._views.more,
            "add": self._add,
            "choices": self._views.choices,
            "change": self._change,
            "yes": self._answer,
            "no": self._answer,
            "withdraw": self._views.withdraw,
            "gone": self._withdraw,
        }
        return acts.get(go, self._open)

    def _posted(self) -> Posted:
        return Posted.read(request.form, self._settings.language)

    def _again(self, posted: Posted, *, notice: str = "", status: int = 200) -> Response:
        """The state that something came from, with all that was typed.

        That of the messages, which would have to be opened again for it, is not shown: but the page
        before it, with the code in its field.
        """
        with suppress(NotACodeError):
            codename = Codename.parse(posted.code)
            posted = posted.of(codename)
            if posted.at == "more":
                return self._views.more(posted, codename, notice=notice, status=status)
            if posted.at == "choices":
                return self._views.choices(posted, codename, notice=notice, status=status)
            if posted.at == "withdraw":
                return self._views.withdraw(posted, codename, notice=notice, status=status)
        return self._views.enter(posted, notice=notice, status=status)

    def _open(self, posted: Posted, codename: Codename) -> Response:
        try:
            messages = self._acts.messages(codename)
        except BusyError:
            return self._views.enter(posted, notice="error.wait", status=503)
        except (StoreError, RosterError) as error:
            # The operator's to mend. What can be done without messages can be done.
            error_pages.log(error)
            return self._views.opened(posted, codename, None, status=503)
        return self._views.opened(posted, codename, messages)

    def _add(self, posted: Posted, codename: Codename) -> Response:
        again = self._views.more
        once = _once(posted, codename)
        if once is None:
            return again(posted, codename, notice="error.retry", status=400)
        try:
            acknowledged = self._acts.add(posted.lang, posted.text, once)
        except AnswersError as error:
            return again(posted, codename, problems=error.problems, status=400)
        except (StoreError, RosterError) as error:
            return again(posted, codename, notice=words_of(error), status=503)
        return sent_page(posted.lang, "sent.sent_server", acknowledged)

    def _change(self, posted: Posted, codename: Codename) -> Response:
        again = self._views.choices
        once = _once(posted, codename)
        if once is None:
            return again(posted, codename, notice="error.retry", status=400)
        try:
            self._acts.change(posted.lang, posted.agreed, once)
        except (StoreError, RosterError) as error:
            return again(posted, codename, notice=words_of(error), status=503)
        return self._views.done(posted, "return.changed", back=True)

    def _answer(self, posted: Posted, codename: Codename) -> Response:
        once = _once(posted, codename)
        if once is None:
            return self._views.enter(posted, notice=_PRESS, status=400)
        agreed = posted.go == "yes"
        try:
            self._acts.answer(posted.lang, posted.question, once, agreed=agreed)
        except GoneError:
            return self._views.enter(posted, notice=_PRESS, status=400)
        except FullError as error:
            return self._views.enter(posted, notice=words_of(error), status=503)
        except (StoreError, RosterError):
            return self._views.enter(posted, notice=_PRESS, status=503)
        return self._views.done(posted, "return.changed", back=True)

    def _withdraw(self, posted: Posted, codename: Codename) -> Response:
        try:
            self._acts.withdraw(codename)
        except BusyError:
            return self._views.withdraw(posted, codename, notice="error.wait", status=503)
        except EndedError as error:
            return self._views.withdraw(posted, codename, notice=words_of(error), status=503)
        except StoreError:
            return self._views.withdraw(posted, codename, notice=_PRESS, status=503)
        return self._views.done(posted, "withdraw.done", back=False)

    def _take_secrets(self) -> Response:
        """Withdraw by script: it sends every secret that there can be, and learns nothing."""
        if request.content_length != SECRETS:
            drain()
            return plain("a withdrawal has another length", 400)
        body = request.get_data(cache=False)
        secrets = [
            body[start : start + WITHDRAW_SIZE] for start in range(0, SECRETS, WITHDRAW_SIZE)
        ]
        try:
            self._reception.withdraw(secrets)
        except FullError as error:
            return plain(error.phrase, 507)
        except StoreError as error:
            return plain(error.phrase, 503)
        return plain("ok\n")


def _once(posted: Posted, codename: Codename) -> Once | None:
    """What the page carried; None where it is not of this code."""
    try:
        once = Once.parse(posted.resend, posted.seed)
    except MalformedError:
        return None
    return once if once.resend.codename == codename else None
