"""The pages on which a person writes, checks and sends: landing, form, check, sent.

Without script the text is sealed here, in memory, when Send is pressed; until then it lives in the
page alone, and nothing on this side remembers it. With script only the first two are used.
"""

import datetime as dt
from collections.abc import Callable

from flask import Blueprint, Response, request
from werkzeug.exceptions import InternalServerError

from intake.accept import Acceptor
from intake.author import Author
from intake.container import Mode
from intake.epoch import Epoch
from intake.errors import MalformedError, RosterError, StoreError
from intake.seal import seal
from intake.testimony import MINIMAL, AnswersError, Problem
from intake.web.answers import Answers
from intake.web.antiforgery import Guard, TokenError
from intake.web.pages import page, step
from intake.web.public_files import PublicFiles, Published
from intake.web.questions import QUESTIONS, USES
from intake.web.site import Settings
from intake.web.wording import LANGUAGES

_TOKEN = "the token of this page goes here"  # noqa: S105  # cut out again before it is sent


class FormPages:
    """The form of one site."""

    def __init__(
        self,
        settings: Settings,
        files: PublicFiles,
        acceptor: Acceptor,
        guard: Guard,
        today: Callable[[], dt.date],
    ) -> None:
        self._settings = settings
        self._files = files
        self._acceptor = acceptor
        self._guard = guard
        self._today = today
        # The empty form, around its token: all who ask for it get the same.
        self._blanks: dict[str, tuple[Published, str, str]] = {}

    def blueprint(self) -> Blueprint:
        """`/`, `/ru`, `/en`, `/1`, `/2`, `/3`, `/epoch`."""
        pages = Blueprint("form", __name__)
        pages.add_url_rule("/", view_func=self.landing)
        pages.add_url_rule(f"/<any({','.join(LANGUAGES)}):lang>", view_func=self.landing)
        pages.add_url_rule("/1", view_func=self.form, methods=["GET", "POST"])
        pages.add_url_rule("/2", view_func=self.check, methods=["POST"])
        pages.add_url_rule("/3", view_func=self.send, methods=["POST"])
        pages.add_url_rule("/epoch", view_func=self.epoch)
        pages.register_error_handler(TokenError, self.stale)
        pages.register_error_handler(InternalServerError, self.crashed)
        self._guard.exempt(self.form)
        return pages

    def landing(self, lang: str | None = None) -> Response:
        """What to know before writing."""
        return page(
            "landing.html",
            lang=lang or self._settings.language,
            organisation=self._settings.organisation,
            address=self._settings.address,
        )

    def form(self) -> Response:
        """The form: empty, or with everything that was posted, in the language asked for."""
        answers = self._answers()
        if answers.blank:
            return self._blank_form(answers.lang)
        return self._form_page(answers.tidied())

    def epoch(self) -> Response:
        """The epoch it is here, for the script: a phone's clock may be years off."""
        return Response(str(Epoch.of(self._today())), content_type="text/plain; charset=utf-8")

    def check(self) -> Response:
        """The form's text as it will be sent; nothing of it is kept here."""
        answers = self._answers()
        try:
            answers.testimony()
        except AnswersError as error:
            return self._form_page(answers.tidied(), problems=error.problems, status=400)
        return self._check_page(answers)

    def send(self) -> Response:
        """Seal in memory, keep, and say so. Sent again, the first is kept and the answer is equal.

        Whatever fails, the page comes back with the text.
        """
        answers = self._answers()
        try:
            testimony = answers.testimony()
        except AnswersError as error:
            return self._form_page(answers.tidied(), problems=error.problems, status=400)
        try:
            author = Author.parse(answers.resend)
        except MalformedError:
            return self._check_page(answers, notice="error.retry", status=400)
        try:
            letter = seal(
                testimony,
                self._files.published().signed.roster,
                mode=Mode.SERVER,
                today=self._today(),
                author=author,
            )
            self._acceptor.accept_letter(letter)
        except (StoreError, RosterError):
            return self._check_page(answers, notice="error.retry", status=503)
        return page("sent.html", lang=answers.lang, title=step(3, answers.lang))

    def stale(self, _error: Exception) -> Response:
        """The token was missing or old: the same page again, with the text and a fresh token."""
        answers = self._answers()
        if request.path == "/3":
            try:
                answers.testimony()
            except AnswersError as error:
                return self._form_page(answers.tidied(), problems=error.problems, status=403)
            return self._check_page(answers, notice="error.retry", status=403)
        return self._form_page(answers.tidied(), notice="error.again", status=403)

    def crashed(self, _error: InternalServerError) -> Response:
        """Something here is broken: while a text is under way, give it back."""
        if request.method != "POST":
            return page("note.html", lang=self._settings.language, words="error.down", status=500)
        answers = self._answers()
        if request.path == "/3":
            # It may have been kept before something broke.
            return self._check_page(answers, notice="error.unknown", status=500)
        return self._form_page(answers.tidied(), notice="error.again", status=500)

    def _answers(self) -> Answers:
        return Answers.read(request.form, self._settings.language)

    def _blank_form(self, lang: str) -> Response:
        """The empty form, but not while nothing could be sealed: nobody should write in vain."""
        published = self._files.published()
        published.signed.roster.check_dates(self._today())
        kept = self._blanks.get(lang)
        if kept is None or kept[0] is not published:
            html = self._render_form(Answers(lang), _TOKEN).get_data(as_text=True)
            head, tail = html.split(_TOKEN)
            kept = self._blanks[lang] = published, head, tail
        html = f"{kept[1]}{self._guard.token()}{kept[2]}"
        return Response(html, content_type="text/html; charset=utf-8")

    def _form_page(
        self,
        answers: Answers,
        *,
        problems: tuple[Problem, ...] = (),
        notice: str = "",
        status: int = 200,
    ) -> Response:
        token = self._guard.token()
        return self._render_form(answers, token, problems=problems, notice=notice, status=status)

    def _render_form(
        self,
        answers: Answers,
        token: str,
        *,
        problems: tuple[Problem, ...] = (),
        notice: str = "",
        status: int = 200,
    ) -> Response:
        published = self._files.standing()
        return page(
            "form.html",
            lang=answers.lang,
            title=step(1, answers.lang),
            error=bool(problems or notice),
            status=status,
            answers=answers,
            asked=MINIMAL,
            questions=QUESTIONS,
            uses=USES,
            deployment=self._settings.deployment,
            fingerprint=published and published.fingerprint,
            scripts=(published.roots, self._files.script) if published else (),
            token=token,
            problems=problems,
            notice=notice,
        )

    def _check_page(self, answers: Answers, *, notice: str = "", status: int = 200) -> Response:
        answers = answers.tidied()
        published = self._files.standing()
        return page(
            "check.html",
            lang=answers.lang,
            title=step(2, answers.lang),
            error=bool(notice),
            status=status,
            answers=answers,
            resend=self._resend(answers),
            asked=MINIMAL,
            questions=QUESTIONS,
            uses=USES,
            fingerprint=published and published.fingerprint,
            token=self._guard.token(),
            notice=notice,
        )

    def _resend(self, answers: Answers) -> str:
        """The secrets that the page carries: the same again, so that sending twice keeps one."""
        try:
            return Author.parse(answers.resend).resend
        except MalformedError:
            return Author.fresh(Epoch.of(self._today())).resend
