"""How the return page looks in each of its states: it makes pages, and decides nothing.

Of two codes that were never given, or to which nobody replied, all but the hidden code and the
token is the same bytes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal, Self

from flask import Response
from markupsafe import Markup
from werkzeug.datastructures import MultiDict

from intake.codename import WORDS, Codename, NotACodeError
from intake.errors import MalformedError
from intake.form import ADDITION, MINIMAL, Place
from intake.testimony import Problem, tidy
from intake.web.answers import Answers
from intake.web.antiforgery import Guard
from intake.web.languages import LANGUAGES
from intake.web.pages import page
from intake.web.public_files import PublicFiles
from intake.web.questions import USES, asked_on, every_question
from intake.web.reply_reading import Message
from intake.web.return_acts import Once, ReturnActs
from intake.web.settings import Settings
from intake.web.wording import ltr, say, speak

State = Literal["enter", "opened", "more", "choices", "withdraw"]
_STATES: Final[Mapping[str, State]] = {
    "opened": "opened",
    "more": "more",
    "choices": "choices",
    "withdraw": "withdraw",
}
_NAMED: Final = 8  # words of what was typed that are said to be unknown: a code has no more


@dataclass(frozen=True)
class Posted:
    """What one of the page's states sent, as it came; nothing of it is in its `repr`.

    `at` is the state, `go` the button; `switch` says that it was one of another language.
    """

    lang: str
    code: str = field(default="", repr=False)
    at: State = "enter"
    go: str = ""
    switch: bool = False
    text: str = field(default="", repr=False)
    agreed: tuple[str, ...] = ()
    question: str = field(default="", repr=False)
    resend: str = field(default="", repr=False)
    seed: str = field(default="", repr=False)

    @classmethod
    def read(cls, form: MultiDict[str, str], default: str) -> Self:
        """Take the page's own fields and pass over all others; an unknown language is `default`."""
        lang = form.get("switch") or form.get("lang", "")
        return cls(
            lang=lang if lang in LANGUAGES else default,
            code=form.get("code", ""),
            at=_STATES.get(form.get("at", ""), "enter"),
            go=form.get("go", ""),
            switch="switch" in form,
            text=form.get("narrative", ""),
            agreed=tuple(form.getlist("consent")),
            question=form.get("question", ""),
            resend=form.get("resend", ""),
            seed=form.get("seed", ""),
        )

    def of(self, codename: Codename) -> Self:
        """The same, with the code in its one spelling: another would show whose page it was."""
        return replace(self, code=" ".join(codename.words))


class ReturnViews:
    """The pages of one site for whoever came back."""

    def __init__(
        self, settings: Settings, files: PublicFiles, acts: ReturnActs, guard: Guard
    ) -> None:
        self._settings = settings
        self._files = files
        self._acts = acts
        self._guard = guard

    def enter(
        self,
        posted: Posted,
        *,
        wrong: NotACodeError | None = None,
        notice: str = "",
        status: int = 200,
        token: str | None = None,
    ) -> Response:
        """The first state: one field. `wrong` is why what is in it is no code."""
        speak(posted.lang)
        published = self._files.standing()
        return page(
            "return.html",
            lang=posted.lang,
            error=bool(wrong or notice),
            status=status,
            code=tidy(posted.code),
            lines=_lines(wrong) if wrong else (),
            notice=notice,
            deployment=self._settings.deployment,
            days=self._settings.withdraw_days,
            fingerprint=published and published.fingerprint,
            files=self._files,
            scripts=self._files.scripts_of(published) if published else (),
            token=self._guard.token() if token is None else token,
        )

    def opened(
        self,
        posted: Posted,
        codename: Codename,
        messages: Sequence[Message] | None,
        *,
        status: int = 200,
    ) -> Response:
        """What there is for a code; None where that could not be found out."""
        notice = "error.board" if messages is None else ""
        rows = [
            (message, Once.fresh(self._acts.epoch, codename) if message.question else None)
            for message in messages or ()
        ]
        return self._state("opened.html", posted, notice, status, rows=rows)

    def more(
        self,
        posted: Posted,
        codename: Codename,
        *,
        problems: tuple[Problem, ...] = (),
        notice: str = "",
        status: int = 200,
    ) -> Response:
        """The box to write more in, with what was written."""
        return self._state(
            "more.html",
            posted,
            notice,
            status,
            answers=Answers(ADDITION, posted.lang, {"narrative": tidy(posted.text)}),
            asked=asked_on(ADDITION, Place(ADDITION.pages[0])),
            questions=every_question(ADDITION),
            problems=problems,
            once=self._once(posted, codename),
        )

    def choices(
        self, posted: Posted, codename: Codename, *, notice: str = "", status: int = 200
    ) -> Response:
        """The uses: nothing is ticked but what was ticked a moment ago."""
        return self._state(
            "choices.html",
            posted,
            notice,
            status,
            answers=Answers(MINIMAL, posted.lang, agreed=posted.agreed),
            definition=MINIMAL,
            uses=USES,
            once=self._once(posted, codename),
        )

    def withdraw(
        self, posted: Posted, _codename: Codename, *, notice: str = "", status: int = 200
    ) -> Response:
        """What withdrawing does, and the button that does it."""
        days = self._settings.withdraw_days
        return self._state("withdraw.html", posted, notice, status, days=days)

    def done(self, posted: Posted, words: str, *, back: bool) -> Response:
        """It is done: `words` say what, and with `back` there is a way to the messages."""
        return self._state("done.html", posted, "", 200, words=words, back=back)

    def _state(
        self, template: str, posted: Posted, notice: str, status: int, **values: Any
    ) -> Response:
        problems = values.setdefault("problems", ())
        return page(
            template,
            lang=posted.lang,
            error=bool(problems or notice),
            status=status,
            notice=notice,
            code=posted.code,
            token=self._guard.token(),
            **values,
        )

    def _once(self, posted: Posted, codename: Codename) -> Once:
        """The same again, so that sending twice keeps one."""
        try:
            once = Once.parse(posted.resend, posted.seed)
        except MalformedError:
            once = None
        if once is None or once.resend.codename != codename:
            return Once.fresh(self._acts.epoch, codename)
        return once


def _lines(wrong: NotACodeError) -> list[str]:
    """What to look at, said in the page's language; it is for whoever typed it alone."""
    said: list[str] = []
    if wrong.count != WORDS:
        said.append(say("error.code_count", n=wrong.count))
    for word, near in wrong.unknown[:_NAMED]:
        line = say("error.code", word=Markup("<bdi>{}</bdi>").format(word))
        if near is not None:
            line += Markup(". ") + say("error.code_near", word=ltr(near))
        said.append(line)
    return said
