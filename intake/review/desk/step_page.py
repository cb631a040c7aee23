"""The pages of the steps that are answered in words: what comes first, the form, and its draft.

A step out of order shows what is missing in the place of its form. What was typed is kept as a draft
before anything else is done with it, so that neither an error nor a crash loses it.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from flask import Flask, redirect, render_template, request

from intake.errors import IntakeError, MalformedError
from intake.review import drafts, gates
from intake.review.canaries import check_testimony
from intake.review.desk import reading, step_form
from intake.review.desk.finding import found
from intake.review.desk.sitting import Desk, Sitting
from intake.review.desk.step_drafts import draft_of, drop_draft, keep_draft
from intake.review.desk.table import UNREADABLE, Row
from intake.review.desk.work_state import Stand, is_blind, stand_of, stands, with_replies
from intake.review.journal import Recorded
from intake.review.panel import panel_of
from intake.review.progress import RECORDS, Progress, answers_of
from intake.review.standing import check_not_withdrawn
from intake.review.steps import Step
from intake.review.work import ABOUT_REDACTION, ASKED, Answers
from intake.visible import safe

if TYPE_CHECKING:
    from collections.abc import Callable

    from werkzeug.wrappers import Response as AnyResponse

_PAGES: Final = {
    Step.CODE: "/item/{}/code",
    Step.CORROBORATE: "/item/{}/grades",
    Step.REDACT: "/item/{}/redact",
    Step.MESSAGE: "/item/{}/reply",
    Step.RETAIN: "/item/{}/keep",
}
"""The pages of the steps on an item that are not answered in words."""

_WORDS: Final = {
    Step.CONSISTENCY: (Step.READ,),
    Step.INDEPENDENCE: (Step.READ, Step.CONSISTENCY),
    Step.SECOND: (Step.READ, Step.CONSISTENCY, Step.INDEPENDENCE),
    Step.REQUEST: (Step.SECOND, Step.INDEPENDENCE),
    Step.JIGSAW: (Step.REQUEST,),
}
"""Which earlier notes stand beside a step: those that it builds on."""


def page_of(item: str, step: Step) -> str:
    """The address of the page of a step on an item."""
    return _PAGES.get(step, f"/item/{{}}/step/{step}").format(item)


def stands_of(sitting: Sitting, item: str) -> list[tuple[Stand, str]]:
    """Every step of an item with the address of its page; none where its records cannot be read."""
    case = sitting.case
    try:
        progress = with_replies(case, item, Progress.of(case, item))
    except IntakeError:
        return []
    return [(one, page_of(item, one.step)) for one in stands(progress, panel_of(case), case.by)]


class StepPage:
    """The pages `/item/ID/step/STEP`, and where their drafts are sent to."""

    def __init__(self, desk: Desk, language: "Callable[[], str]") -> None:
        self._desk = desk
        self._language = language

    def add_to(self, app: Flask) -> None:
        """Add them to the application."""
        rule = "/item/<item>/step/<step>"
        app.add_url_rule(rule, endpoint="step", view_func=self.step)
        app.add_url_rule(rule, endpoint="answer", view_func=self.answer, methods=["POST"])
        app.add_url_rule(
            "/item/<item>/draft/<step>", endpoint="draft", view_func=self.draft, methods=["POST"]
        )

    def step(self, item: str, step: str) -> "str | tuple[str, int]":
        """The form of a step, or what is missing before it."""
        sitting, row, which = self._found(item, step)
        return self._page(sitting, row, which)

    def draft(self, item: str, step: str) -> tuple[str, int]:
        """Keep what is typed: the page's script sends it as it is.

        What comes late from a form that was kept meanwhile is no draft any more.
        """
        sitting, _, which = self._found(item, step)
        if request.form.get("base", _base(sitting, item, which)) != _base(sitting, item, which):
            return "", 204
        keep_draft(sitting.case, item, which, step_form.of_form(which, request.form))
        return "", 204

    def answer(self, item: str, step: str) -> "AnyResponse | str | tuple[str, int]":
        """Do the step, or keep its draft, or let go of that.

        1. what was typed is kept; 2. what is wrong with it is said at the field; 3. the gates decide.
        """
        sitting, row, which = self._found(item, step)
        given, do = step_form.of_form(which, request.form), request.form.get("do", "")
        if do == "discard":
            drop_draft(sitting.case, item, which)
            return redirect(f"/item/{item}/step/{which}", 303)
        if self._was_kept(sitting, item, which, given):
            return redirect(f"/item/{item}#work", 303)
        # (1)
        keep_draft(sitting.case, item, which, given)
        if do in {"draft", "text"}:
            text = "?text=1" if do == "text" else ""
            return redirect(f"/item/{item}/step/{which}{text}", 303)
        # (2)
        takes = request.form.get("takes", "")
        asked = step_form.asked(which, given, "en", judged=True)
        if any(one.wrong for one in asked) or takes != self._first_to_replace(sitting, item, which):
            return self._page(sitting, row, which, given=given, status=422)
        # (3)
        try:
            about = step_form.mark_in(request.form.get("about", ""))
            about = about if which in ABOUT_REDACTION else None
            gates.answer(sitting.case, item, step_form.parsed(which, given, about))
        except IntakeError as error:
            return self._page(sitting, row, which, given=given, error=error, status=409)
        drop_draft(sitting.case, item, which)
        sitting.corpus.renew(sitting.case, item)
        return redirect(f"/item/{item}#work", 303)

    def _found(self, item: str, step: str) -> tuple[Sitting, Row, Step]:
        sitting, row = found(self._desk, item)
        if step not in {one.value for one in ASKED}:
            raise MalformedError("there is no such step that is answered in words")
        return sitting, row, Step(step)

    @staticmethod
    def _was_kept(sitting: Sitting, item: str, step: Step, given: Mapping[str, str]) -> bool:
        """Whether this very form was kept a moment ago: its button was pressed twice."""
        base = _base(sitting, item, step)
        if request.form.get("base", base) == base:
            return False
        mine = [r for r in answers_of(sitting.case, item, step) if r.mark.by == sitting.case.by]
        stripped = {name: text.strip() for name, text in given.items() if text.strip()}
        return bool(mine) and mine[-1].value.given == stripped

    @staticmethod
    def _first_to_replace(sitting: Sitting, item: str, step: Step) -> str:
        """Whose first reading this one would take the place of; empty for nobody's."""
        first = Progress.of(sitting.case, item).first
        return first if step is Step.READ and first != sitting.case.by else ""

    def _page(  # noqa: PLR0913 - one parameter a part of the page
        self,
        sitting: Sitting,
        row: Row,
        step: Step,
        *,
        given: Mapping[str, str] | None = None,
        error: IntakeError | None = None,
        status: int = 200,
    ) -> "str | tuple[str, int]":
        case, item = sitting.case, row.item
        refused = _refusal(sitting, row, step)
        if refused is not None and given is None:
            return render_template("step_refused.html", row=row, step=step, **refused), 409
        progress, panel = Progress.of(case, item), panel_of(case)
        earlier = [] if row.state in UNREADABLE else answers_of(case, item, step)
        draft = draft_of(case, item, step) if given is None else None
        about = progress.done.get(Step.REDACT) if step in ABOUT_REDACTION else None
        filled: Mapping[str, str] = given or draft or _last(earlier, step, case.by, about)
        blind = is_blind(case, item, panel)
        compares = step is Step.SECOND and item in sitting.whole
        lang = self._language()
        page = render_template(
            "step.html",
            row=row,
            step=step,
            asked=step_form.asked(step, filled, lang, judged=given is not None),
            unchecked=step_form.is_unchecked(step, lang),
            base=_base(sitting, item, step),
            locked=step in step_form.LOCKED,
            draft=draft is not None,
            aside=[(step.value, path.name) for path in drafts.aside(case, item, step)],
            takes=self._first_to_replace(sitting, item, step),
            taken=request.form.get("takes", ""),
            judged=given is not None,
            error=error,
            about=about,
            redacted=[] if about is None else _redacted(sitting, item),
            hidden=blind and not compares,
            earlier=_shown(step, [one for one in earlier if not blind or one.mark.by == case.by]),
            notes=[] if blind and not compares else _notes(sitting, item, step),
            fields=_text(sitting, item) if request.args.get("text") else None,
            opened=item in sitting.opened,
        )
        return page, status


def _refusal(sitting: Sitting, row: Row, step: Step) -> dict[str, object] | None:
    """Why the step cannot be done now, or None: what is missing before it, or whose it is."""
    case, item = sitting.case, row.item
    if row.state in UNREADABLE:
        raise MalformedError("nothing of this item can be read", "see its page")
    check_not_withdrawn(case, case.entry(item).opening)
    check_testimony(case, item)
    progress = with_replies(case, item, Progress.of(case, item))
    stand = stand_of(progress, panel_of(case), step, case.by)
    opens = not gates.has_opened(case, item)
    if stand.again and not opens:
        return None
    missing = [(one, page_of(item, one)) for one in stand.missing]
    said: IntakeError | None = None
    try:
        gates.check_may(case, item, step)
    except IntakeError as error:
        said = error.with_traceback(None)
    return {
        "missing": missing,
        "first": "" if stand.again or missing else progress.first,
        "opens": opens,
        "said": said,
    }


def _base(sitting: Sitting, item: str, step: Step) -> str:
    """How many records of a step this reviewer has: a form that was made at another number is old."""
    marks = sitting.case.marks(item, RECORDS[step])
    return str(sum(mark.by == sitting.case.by for mark in marks))


def _last(
    earlier: list[Recorded[Answers]], step: Step, by: str, about: object
) -> Mapping[str, str]:
    """What a new version begins with: the newest one of this reviewer, unless it is locked."""
    mine = [one for one in earlier if one.mark.by == by]
    if step in step_form.LOCKED or not mine or mine[-1].value.about != about:
        return {}
    return mine[-1].value.given


def _shown(step: Step, records: list[Recorded[Answers]]) -> list[dict[str, object]]:
    """Notes as they are shown: each with its reviewer and number, newest first."""
    return [
        {
            "step": step,
            "by": one.mark.by,
            "number": one.mark.number,
            "rows": [
                (ask.name, ask.vocabulary, bool(ask.choices), safe(one.value.given[ask.name]))
                for ask in ASKED[step]
                if ask.name in one.value.given
            ],
        }
        for one in reversed(records)
    ]


def _notes(sitting: Sitting, item: str, step: Step) -> list[dict[str, object]]:
    return [
        note
        for other in _WORDS.get(step, ())
        for note in _shown(other, answers_of(sitting.case, item, other))
    ]


def _text(sitting: Sitting, item: str) -> list[reading.Shown] | None:
    """The whole text beside the form, for whoever opened the item; else None."""
    if item not in sitting.opened:
        return None
    _, container = sitting.case.original(item)
    sitting.open(item)
    sitting.whole.add(item)
    return reading.fields_of(container)


def _redacted(sitting: Sitting, item: str) -> list[tuple[str, str]]:
    """What the newest redacted version says: a jigsaw check looks at this, and at nothing else."""
    container, redaction = sitting.case.read(item)
    fields = () if redaction is None else redaction.apply(container)
    return [(path, safe(text)) for path, text in fields]
