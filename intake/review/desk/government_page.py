"""Whether a government may be told of an item: what its person was asked, what they answered, who recorded what."""

from typing import TYPE_CHECKING, cast

from flask import Flask, redirect, render_template, request

from intake.errors import ConsentError, GateError, IntakeError, MalformedError
from intake.review.desk.finding import found
from intake.review.desk.sitting import Desk, Sitting
from intake.review.desk.table import UNREADABLE
from intake.review.desk.work_state import is_blind
from intake.review.government import BODIES, answered, consent, government_of
from intake.review.outputs.material import Output
from intake.review.panel import panel_of
from intake.visible import safe

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as AnyResponse

    from intake.review.case import Case


class GovernmentPage:
    """The page `/item/ID/government`."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def add_to(self, app: Flask) -> None:
        """Add it to the application."""
        rule = "/item/<item>/government"
        app.add_url_rule(rule, endpoint="government", view_func=cast("None", self.page))
        view = cast("None", self.record)
        app.add_url_rule(rule, endpoint="tell", view_func=view, methods=["POST"])

    def page(self, item: str) -> "str | tuple[str, int]":
        """Every answer with its question, and a form for what this reviewer read there."""
        return self._page(self._open(item), item)

    def record(self, item: str) -> "AnyResponse | str | tuple[str, int]":
        """Record what this reviewer read in one answer."""
        sitting, given = self._open(item), request.form
        try:
            if given.get("body", "") not in set(BODIES):
                raise MalformedError("no body was chosen", "say whom the question was about")
            answer = sitting.case.find(given.get("answer", ""))
            if answer not in sitting.opened:
                raise GateError(
                    "the answer is not open in this sitting",
                    "open it and read it first",
                    key="not_open",
                )
            body = Output(given["body"])
            consent(sitting.case, item, answer, body, name=given.get("name") == "yes")
        except IntakeError as error:
            return self._page(sitting, item, error), 409
        return redirect(f"/item/{item}/government", 303)

    def _open(self, item: str) -> Sitting:
        """The sitting in which an item was opened; raises where it was not, or is still read blind."""
        sitting, row = found(self._desk, item)
        if row.state in UNREADABLE:
            raise MalformedError("nothing of this item can be read", "see its page")
        if item not in sitting.opened:
            raise GateError(
                "it is not open in this sitting", "open its page and read it first", key="not_open"
            )
        if is_blind(sitting.case, item, panel_of(sitting.case)):
            raise GateError(
                "nothing that others wrote is shown before your own first note is kept",
                "read it and write down what you think of it",
                key="note_first",
            )
        return sitting

    @staticmethod
    def _page(sitting: Sitting, item: str, error: IntakeError | None = None) -> str:
        case = sitting.case
        rows = [
            {
                "item": one.said.item,
                "week": str(one.said.week),
                "agreed": one.said.agreed,
                "question": safe(one.asked.question),
                "by": one.asked.by,
                "readings": [(by, reading.body, reading.name) for by, reading in one.readings],
                "opened": one.said.item in sitting.opened,
            }
            for one in answered(case, item)
        ]
        return render_template(
            "government.html",
            item=item,
            rows=rows,
            bodies=[(body.value, *_stands(case, item, body)) for body in BODIES],
            error=error,
        )


def _stands(case: "Case", item: str, body: Output) -> tuple[bool, str | ConsentError]:
    """Whether it stands for a body; with the name or without it, or why not."""
    try:
        found = government_of(case, item, body)
    except ConsentError as error:
        return False, error.with_traceback(None)
    return True, "name" if found.name else "unnamed"
