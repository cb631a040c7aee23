"""A message to whoever sent an item: what they agreed to, what was written before, and the one that is written now.

It is shown before the text is typed why none may be sent; what could lead a stranger further is said
before it leaves.
"""

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING

from flask import Flask, redirect, render_template, request

from intake.container import Level
from intake.errors import IntakeError, MalformedError, StoreError
from intake.review import drafts, gates
from intake.review.consent import check_agreed
from intake.review.desk.finding import found, typed
from intake.review.desk.sitting import Desk, Sitting
from intake.review.desk.step_drafts import draft_of, drop_draft, keep_draft
from intake.review.desk.table import UNREADABLE, Row
from intake.review.desk.work_state import is_blind
from intake.review.gathering import replies_to, thread_of
from intake.review.panel import panel_of
from intake.review.replying import check_may_be_answered, reply, risks
from intake.review.standing import standing_of
from intake.review.steps import Step
from intake.review.thread import Thread
from intake.visible import line, safe

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as AnyResponse

_FIELDS = ("text", "question", "path")


class ReplyPage:
    """The page `/item/ID/reply`, and its draft."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def add_to(self, app: Flask) -> None:
        """Add it to the application."""
        rule = "/item/<item>/reply"
        app.add_url_rule(rule, endpoint="reply", view_func=self.reply)
        app.add_url_rule(rule, endpoint="write", view_func=self.write, methods=["POST"])
        rule = "/item/<item>/reply/draft"
        app.add_url_rule(rule, endpoint="reply_draft", view_func=self.draft, methods=["POST"])

    def reply(self, item: str) -> "str | tuple[str, int]":
        """What was said under the code, and a form where a message may be sent."""
        return self._page(*self._found(item))

    def draft(self, item: str) -> tuple[str, int]:
        """Keep what is typed: the page's script sends it as it is. One that comes late is none."""
        sitting, _ = self._found(item)
        if request.form.get("base", _base(sitting, item)) == _base(sitting, item):
            keep_draft(sitting.case, item, Step.MESSAGE, _given())
        return "", 204

    def write(  # noqa: PLR0911 - each way out is a page
        self, item: str
    ) -> "AnyResponse | str | tuple[str, int]":
        """Send it into the outbox, or keep its draft; risks are shown once before it goes."""
        sitting, row = self._found(item)
        given, do = _given(), request.form.get("do", "")
        if do == "discard":
            drop_draft(sitting.case, item, Step.MESSAGE)
            return redirect(f"/item/{item}/reply", 303)
        if request.form.get("base", _base(sitting, item)) != _base(sitting, item):
            # A message is a risk to whoever reads it: a button pressed twice must not send two.
            return redirect(f"/item/{item}/reply", 303)
        keep_draft(sitting.case, item, Step.MESSAGE, given)
        if do == "draft":
            return redirect(f"/item/{item}/reply", 303)
        noted = risks(given["text"], given["question"])
        if noted and request.form.get("noted", "") != ", ".join(noted):
            return self._page(sitting, row, given=given, noted=noted, status=422)
        try:
            if not given["text"].strip() or not given["path"].strip():
                raise MalformedError("the message has no text, or its outbox no name")
            _check_may(sitting, item)
            sitting.open(item, "message")
            reply(
                sitting.case,
                item,
                given["text"].rstrip("\n"),
                given["question"].strip(),
                signer=sitting.signer,
                out=self._desk.out / given["path"].strip(),
            )
        except IntakeError as error:
            return self._page(sitting, row, given=given, error=error, status=409)
        except OSError as problem:
            return self._page(sitting, row, given=given, error=_unwritten(problem), status=409)
        drop_draft(sitting.case, item, Step.MESSAGE)
        sitting.corpus.renew(sitting.case, item)
        return redirect(f"/item/{item}/reply?written=1", 303)

    def _found(self, item: str) -> tuple[Sitting, Row]:
        sitting, row = found(self._desk, item)
        if row.state in UNREADABLE:
            raise MalformedError("nothing of this item can be read", "see its page")
        return sitting, row

    def _page(  # noqa: PLR0913 - one parameter a part of the page
        self,
        sitting: Sitting,
        row: Row,
        *,
        given: Mapping[str, str] | None = None,
        noted: list[str] | None = None,
        error: IntakeError | None = None,
        status: int = 200,
    ) -> "str | tuple[str, int]":
        case, item = sitting.case, row.item
        opened = item in sitting.opened
        blind = is_blind(case, item, panel_of(case))
        thread = thread_of(case, item, standing_of(case))
        draft = draft_of(case, item, Step.MESSAGE) if given is None and opened else None
        refused = _refusal(sitting, item)
        page = render_template(
            "reply.html",
            row=row,
            opened=opened,
            blind=blind,
            base=_base(sitting, item),
            given=given or draft or {"text": "", "question": "", "path": f"outbox-{case.by}"},
            draft=draft is not None,
            aside=[
                (Step.MESSAGE.value, one.name) for one in drafts.aside(case, item, Step.MESSAGE)
            ],
            noted=noted or [],
            error=error,
            refused=refused,
            written=request.args.get("written") == "1",
            said=_said(thread),
            now=[
                (level.value[0].upper(), _now(thread, level))
                for level in Level
                if level is not Level.GOVERNMENT
            ],
            others=[
                (one.item, one.container.kind.value, str(one.taken))
                for one in thread.sent
                if one.item != item
            ],
            gone=[(name, str(week)) for name, week in thread.gone],
            unread=thread.unread,
            replies=[
                (name, one.number, one.by, str(one.week), safe(one.text), safe(one.question))
                for name, one in replies_to(case, (one.item for one in thread.sent))
                if opened and (not blind or one.by == case.by)
            ],
        )
        return (page, status) if status != 200 else page


def _unwritten(problem: OSError) -> StoreError:
    return StoreError(
        "the outbox could not be written",
        f"{os.strerror(problem.errno or 0)}; if it stands among the messages below, it is in the case"
        " alone",
    )


def _given() -> dict[str, str]:
    return {name: typed(name) for name in _FIELDS}


def _base(sitting: Sitting, item: str) -> str:
    """How many messages were written to an item: a form that was made at another number is old."""
    return str(len(sitting.case.marks(item, "reply")))


def _refusal(sitting: Sitting, item: str) -> IntakeError | None:
    """Why no message may be sent now, or None."""
    try:
        _check_may(sitting, item)
    except IntakeError as error:
        return error.with_traceback(None)
    return None


def _check_may(sitting: Sitting, item: str) -> None:
    check_may_be_answered(sitting.case, item)
    gates.check_may_ask(sitting.case, item)


def _said(thread: Thread) -> list[dict[str, object]]:
    """Every row of consent, oldest first, with the week from which it counts."""
    return [
        {
            "week": str(one.week),
            "letter": one.level.value[0].upper(),
            "agreed": one.agreed,
            "wording": line(one.row.wording),
            "lang": line(one.row.lang),
            "kind": one.kind.value,
            "item": one.item,
            "mode": one.mode.value,
            "logged": one.logged,
        }
        for one in thread.said
    ]


def _now(thread: Thread, level: Level) -> IntakeError | None:
    """None where the newest word is a yes that counts; else why not."""
    try:
        check_agreed(thread, level)
    except IntakeError as error:
        return error.with_traceback(None)
    return None
