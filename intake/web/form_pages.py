"""The pages on which a person writes, checks and sends: form, check, sent.

Without script the text is sealed here, in memory, when Send is pressed; until then it lives in the
page alone, and nothing on this side remembers it. With script only the form itself is used.
"""

import datetime as dt
from collections.abc import Callable

from flask import Blueprint, Response, request
from werkzeug.exceptions import InternalServerError

from intake.author import Resend
from intake.container import Mode
from intake.epoch import Epoch
from intake.errors import MalformedError, RosterError, StoreError
from intake.form import MINIMAL
from intake.seal import seal
from intake.testimony import AnswersError, Problem
from intake.web.answers import Answers
from intake.web.antiforgery import Guard, TokenError
from intake.web.error_pages import words_of
from intake.web.padding import Blank
from intake.web.pages import page, step
from intake.web.public_files import PublicFiles, Published
from intake.web.questions import INTRODUCTIONS, USES, asked_on, every_question
from intake.web.reception import Reception, sent_page
from intake.web.settings import Settings

_TOKEN = "the token of this page goes here"  # noqa: S105  # cut out again before it is sent


class FormPages:
    """The form of one site."""

    def __init__(
        self,
        settings: Settings,
        files: PublicFiles,
        reception: Reception,
        guard: Guard,
        today: Callable[[], dt.date],
    ) -> None:
        self._settings = settings
        self._files = files
        self._reception = reception
        self._guard = guard
        self._today = today
        # The empty form, around its token: all who ask for it on one day get the same.
        self._blanks: dict[str, tuple[Published, dt.date, str, str]] = {}

    def blueprint(self) -> Blueprint:
        """`/1`, `/2`, `/3`, `/epoch`."""
        pages = Blueprint("form", __name__)
        pages.add_url_rule("/1", view_func=self.form, methods=["GET", "POST"])
        pages.add_url_rule("/2", view_func=self.check, methods=["POST"])
        pages.add_url_rule("/3", view_func=self.send, methods=["POST"])
        pages.add_url_rule("/epoch", view_func=self.epoch)
        pages.register_error_handler(TokenError, self.stale)
        pages.register_error_handler(InternalServerError, self.crashed)
        self._guard.exempt(self.form)
        return pages

    def form(self) -> Response:
        """A page of the form: empty, or with everything that was posted, in the language asked for.

        The buttons are `next`, which looks at what is on the page first, `skip`, `back`, `end` and
        `again`; each keeps everything.
        """
        answers = self._answers()
        way = request.form.get("go", "")
        if answers.blank and not way:
            return self._blank_form(answers.lang)
        if way == "next" and (problems := answers.problems_here):
            return self._form_page(answers.tidied(), problems=problems, status=400)
        return self._form_page(answers.at(answers.gone(way)).tidied())

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
            resend = Resend.parse(answers.resend)
        except MalformedError:
            return self._check_page(answers, notice="error.retry", status=400)
        try:
            with self._reception.stretching():
                author = resend.author(self._settings.deployment)
            letter = seal(
                testimony,
                self._files.published().signed.roster,
                mode=Mode.SERVER,
                today=self._today(),
                author=author,
            )
            acknowledged = self._reception.take(letter)
        except (StoreError, RosterError) as error:
            return self._check_page(answers, notice=words_of(error), status=503)
        words = resend.codename.words
        return sent_page(answers.lang, "sent.sent_server", acknowledged, words)

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
        return Answers.read(self._files.form, request.form, self._settings.language)

    def _blank_form(self, lang: str) -> Response:
        """The empty form, but not while nothing is sealed or taken: nobody should write in vain."""
        published = self._files.published()
        published.signed.roster.check_dates(self._today())
        self._reception.check_open()
        head, tail = self._around_token(published, lang)
        html = f"{head}{self._guard.token()}{tail}"
        return Blank(html, content_type="text/html; charset=utf-8")

    def blank(self, lang: str) -> bytes:
        """The empty form of a language with nothing in the place of its token, to be compared."""
        return "".join(self._around_token(self._files.published(), lang)).encode()

    def alone(self, lang: str) -> bytes:
        """The form of one page, empty, without a token: what a page without a server is made of."""
        return self._render_form(Answers(MINIMAL, lang), "").get_data()

    def _around_token(self, published: Published, lang: str) -> tuple[str, str]:
        today = self._today()
        kept = self._blanks.get(lang)
        if kept is None or kept[0] is not published or kept[1] != today:
            html = self._render_form(Answers(self._files.form, lang), _TOKEN).get_data(as_text=True)
            head, tail = html.split(_TOKEN)
            kept = self._blanks[lang] = published, today, head, tail
        return kept[2], kept[3]

    def _form_page(
        self,
        answers: Answers,
        *,
        problems: tuple[Problem, ...] = (),
        notice: str = "",
        status: int = 200,
    ) -> Response:
        if problems:
            # The first page with something wrong; the next one is shown when this one is right.
            answers = answers.at(answers.form.place_of(problems[0].field))
            problems = tuple(p for p in problems if p.field in answers.paths_here)
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
        place, definition = answers.place, answers.form
        first = place.page is definition.pages[0]
        return page(
            "form.html" if first else "guided.html",
            lang=answers.lang,
            title=step(1, answers.lang),
            error=bool(problems or notice),
            status=status,
            answers=answers,
            definition=definition,
            place=place,
            introduction=INTRODUCTIONS.get(place.page.id),
            asked=asked_on(definition, place),
            questions=every_question(definition),
            uses=USES,
            deployment=self._settings.deployment,
            fingerprint=published and published.fingerprint,
            scripts=self._files.scripts_of(published) if published and first else (),
            files=self._files,
            words=self._files.words(answers.lang) if len(definition.pages) > 1 else None,
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
            definition=answers.form,
            questions=every_question(answers.form),
            uses=USES,
            fingerprint=published and published.fingerprint,
            token=self._guard.token(),
            notice=notice,
        )

    def _resend(self, answers: Answers) -> str:
        """The secrets that the page carries: the same again, so that sending twice keeps one."""
        try:
            return Resend.parse(answers.resend).to_text()
        except MalformedError:
            return Resend.fresh(Epoch.of(self._today())).to_text()
