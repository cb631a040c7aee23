"""The desk as one WSGI application: the gate, and behind it the pages, one request at a time."""

import sys
import traceback
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from flask import Flask, Response, redirect, render_template, request
from werkzeug.exceptions import HTTPException

from intake.errors import IntakeError, MalformedError, WrongKeyError
from intake.review.coding.vocabulary import Vocabulary, label
from intake.review.desk.aside_page import AsidePage
from intake.review.desk.break_page import BreakPage
from intake.review.desk.case_page import CasePage
from intake.review.desk.code_page import CodePage
from intake.review.desk.gate import BODY_LIMIT, COOKIE, Gate, Pass
from intake.review.desk.government_page import GovernmentPage
from intake.review.desk.grades_page import GradesPage
from intake.review.desk.item_page import ItemPage
from intake.review.desk.keeping_page import KeepingPage
from intake.review.desk.list_page import ListPage
from intake.review.desk.out_page import OutPage
from intake.review.desk.phrases import LANGUAGES
from intake.review.desk.pictures_page import PicturesPage
from intake.review.desk.redact_page import RedactPage
from intake.review.desk.register_page import RegisterPage
from intake.review.desk.reply_page import ReplyPage
from intake.review.desk.risk_page import RiskPage
from intake.review.desk.sitting import Desk
from intake.review.desk.step_page import StepPage
from intake.review.desk.sync_page import SyncPage
from intake.visible import line

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment
    from werkzeug.wrappers import Response as AnyResponse

HERE: Final = Path(__file__).parent
# Asked for by the page itself: nobody need be there.
_BY_ITSELF: Final = frozenset({"state", "static_file", "entered"})
_OPEN_WHEN_LOCKED: Final = _BY_ITSELF | {"unlock", "lock", "close", "language"}
_SAVES: Final = frozenset({"code-save", "grades-save", "redact-save"})
# Everything else waits for the end of a merge with a stick.
_WHILE_MERGING: Final = _OPEN_WHEN_LOCKED | {
    "here",
    "draft",
    "reply_draft",
    "begin_sync",
    "sync_on",
    "code-typed",
}
_STATIC: Final = {
    "desk.css": "text/css",
    "desk.js": "text/javascript",
    "marking.js": "text/javascript",
    "desk.svg": "image/svg+xml",
}


class DeskApp:
    """All pages of the desk. `closing` is called where the window asks for the end."""

    def __init__(self, desk: Desk, entry: Pass, closing: Callable[[], None]) -> None:
        self._desk = desk
        self._entry = entry
        self._closing = closing
        self._language = LANGUAGES["en"]
        self._static = {name: (HERE / "static" / name).read_bytes() for name in _STATIC}
        self.flask = self._made()

    def behind_gate(self, authority: str) -> Gate:
        """The application for the server with this address."""
        return Gate(self._one_at_a_time, authority, self._entry)

    def _one_at_a_time(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        # Whoever locks waits here for the page that is being made, and none is made meanwhile.
        with self._desk.alone:
            return list(self.flask(environ, start_response))

    def _made(self) -> Flask:
        app = Flask(__name__, static_folder=None, template_folder=str(HERE / "templates"))
        app.config["MAX_FORM_MEMORY_SIZE"] = BODY_LIMIT
        app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
        app.add_url_rule("/enter", view_func=self.entered, methods=["POST"])
        app.add_url_rule("/static/<name>", view_func=self.static_file)
        app.add_url_rule("/state", view_func=self.state)
        for view in (self.here, self.language, self.lock, self.unlock, self.close):
            app.add_url_rule(f"/{view.__name__}", view_func=view, methods=["POST"])
        ListPage(self._desk).add_to(app)
        ItemPage(self._desk).add_to(app)
        OutPage(self._desk, lambda: self._language.tag).add_to(app)
        SyncPage(self._desk).add_to(app)
        ReplyPage(self._desk).add_to(app)
        GovernmentPage(self._desk).add_to(app)
        KeepingPage(self._desk).add_to(app)
        CasePage(self._desk).add_to(app)
        StepPage(self._desk, lambda: self._language.tag).add_to(app)
        RedactPage(self._desk).add_to(app)
        CodePage(self._desk).add_to(app)
        RegisterPage(self._desk).add_to(app)
        AsidePage(self._desk).add_to(app)
        GradesPage(self._desk).add_to(app)
        PicturesPage(self._desk, lambda: self._language.tag).add_to(app)
        RiskPage(self._desk).add_to(app)
        app.before_request(self._before)
        BreakPage(self._desk).add_to(app)
        app.after_request(self._after)
        app.context_processor(self._context)
        app.register_error_handler(IntakeError, self._refused)
        app.register_error_handler(HTTPException, self._not_found)
        app.register_error_handler(Exception, self._failed)
        return app

    # What every page goes through

    def _before(self) -> "AnyResponse | tuple[str, int] | None":
        if request.method == "POST" and request.endpoint != "entered":
            given = request.form.get("csrf", "")
            if not self._entry.is_meant(given):
                return self._page("refused.html", 403, phrase=self._language.say("all.form"))
        if self._desk.sitting is None and request.endpoint not in _OPEN_WHEN_LOCKED:
            return self._locked(423)
        if request.endpoint not in _BY_ITSELF:
            self._desk.touch()
        if request.method == "POST" and request.endpoint not in _WHILE_MERGING:
            sitting = self._desk.sitting
            if sitting is not None and sitting.merging is not None and sitting.merging.is_running:
                return self._page("refused.html", 409, phrase=self._language.say("sync.meanwhile"))
        return None

    def _after(self, response: Response) -> Response:
        """What was saved of an item on the pages that mark its text shows on the list at once."""
        sitting, item = self._desk.sitting, (request.view_args or {}).get("item")
        if sitting is not None and item is not None and request.endpoint in _SAVES:
            sitting.corpus.renew(sitting.case, item)
        return response

    def _context(self) -> dict[str, object]:
        sitting = self._desk.sitting
        return {
            "say": self._language.say,
            "refusal": self._language.refusal,
            "code": self._language.code,
            "term": self._term,
            "line": line,
            "number": self._language.number,
            "language": self._language,
            "languages": LANGUAGES.values(),
            "csrf": self._entry.csrf,
            "sitting": sitting,
            "reading": None if sitting is None else sitting.time.today,
            "by": None if sitting is None else sitting.case.by,
            "idle": self._desk.idle,
        }

    def _term(self, vocabulary: str, code: str) -> str:
        """The label of a code of a vocabulary, in the language of the page."""
        return label(Vocabulary(vocabulary), code, self._language.tag)

    def _page(self, template: str, status: int, **values: object) -> tuple[str, int]:
        return render_template(template, **values), status

    def _locked(self, status: int, *, wrong: bool = False) -> tuple[str, int]:
        return self._page("locked.html", status, wrong=wrong, names=self._desk.names)

    # Handing over

    def entered(self) -> "AnyResponse | tuple[str, int]":
        """Give the cookie for the token. The page then goes on by itself, from our own origin.

        A redirect would still be of the file's making, and a strict cookie is not sent with that.
        """
        if not self._entry.enter(request.form.get("token", "")):
            return self._page("refused.html", 403, phrase=self._language.say("all.form"))
        response = Response(render_template("entered.html"))
        response.set_cookie(COOKIE, self._entry.cookie, path="/", httponly=True, samesite="Strict")
        return response

    def static_file(self, name: str) -> "AnyResponse | tuple[str, int]":
        """The style, or the script that makes pages handier."""
        if name not in _STATIC:
            return self._page("refused.html", 404, phrase=self._language.say("all.unknown"))
        return Response(self._static[name], content_type=f"{_STATIC[name]}; charset=utf-8")

    # What every page has

    def state(self) -> dict[str, Any]:
        """Whether the desk is locked, and how far the case was read: for a page that waits."""
        sitting = self._desk.sitting
        if sitting is None:
            return {"locked": True}
        progress = sitting.corpus.progress
        return {
            "locked": False,
            "done": progress.done,
            "whole": progress.whole,
            "ended": progress.ended,
        }

    def here(self) -> tuple[str, int]:
        """Somebody reads: keys and the pointer move. `_before` has noted it."""
        return "", 204

    def language(self) -> "AnyResponse":
        """Go on in another language, where one was."""
        wanted = LANGUAGES.get(request.form.get("tag", ""))
        if wanted is None:
            raise MalformedError("the desk does not speak this language")
        self._language = wanted
        back = request.form.get("back", "/")
        # A path of ours alone: two slashes would name another machine.
        return redirect(back if back.startswith("/") and not back.startswith("//") else "/", 303)

    def lock(self) -> "AnyResponse":
        """Lock now."""
        self._desk.lock()
        return redirect("/", 303)

    def unlock(self) -> "AnyResponse | tuple[str, int]":
        """Begin the next sitting."""
        if self._desk.sitting is None:
            given = request.form.getlist("passphrase")
            if len(given) != len(self._desk.names):
                raise MalformedError("a passphrase is missing")
            try:
                self._desk.unlock(given)
            except WrongKeyError:
                return self._locked(403, wrong=True)
        return redirect("/", 303)

    def close(self) -> tuple[str, int]:
        """Lock, and end the program and its window."""
        self._desk.lock()
        self._closing()
        return self._page("closed.html", 200)

    # What goes wrong

    def _refused(self, error: IntakeError) -> tuple[str, int]:
        told = self._language.refusal(error)
        item = (request.view_args or {}).get("item", "")
        sitting = self._desk.sitting
        known = item if sitting is not None and sitting.corpus.row(item) is not None else ""
        return self._page(
            "refused.html", 409, phrase=told.phrase, hint=told.hint, lang=told.lang, item=known
        )

    def _not_found(self, error: HTTPException) -> tuple[str, int]:
        return self._page(
            "refused.html", error.code or 500, phrase=self._language.say("all.unknown")
        )

    def _failed(self, error: Exception) -> tuple[str, int]:
        # What the error says may quote a text; its kind and its place do not.
        last = traceback.extract_tb(error.__traceback__)[-1]
        place = f"{Path(last.filename).name}:{last.lineno}"
        sys.stderr.write(f"intake: a page failed: {type(error).__name__} at {place}\n")
        error.__traceback__ = None
        return self._page("refused.html", 500, phrase=self._language.say("all.failed"))
