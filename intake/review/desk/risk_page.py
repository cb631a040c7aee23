"""The page `/item/ID/risk`: by what an account could be singled out in this case, and what it would cost to change.

It shows codes, pseudonyms and what reviewers noted; of other accounts only how many there are.
"""

from functools import partial
from typing import TYPE_CHECKING, Final

from flask import Flask, redirect, render_template, request

from intake.errors import IntakeError, MalformedError
from intake.review import gates
from intake.review.coding.register import Register
from intake.review.desk.finding import found
from intake.review.desk.naming import name_of
from intake.review.desk.sitting import Desk, Sitting
from intake.review.desk.work_state import is_blind
from intake.review.facts import NOTED, WORDS_LIMIT, Noted, noted_of
from intake.review.panel import panel_of
from intake.review.registering import register_of
from intake.review.singling_out import FEW
from intake.visible import line

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as AnyResponse

TERMED: Final = {"act": "act", "unit": "affiliation", "injury": "effect", "relation": "relation"}
"""The facts whose values are codes, and of which vocabulary."""


class RiskPage:
    """The meter of one item."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def add_to(self, app: Flask) -> None:
        """Add it to the application."""
        rule = "/item/<item>/risk"
        app.add_url_rule(rule, endpoint="risk", view_func=self.page)
        app.add_url_rule(rule, endpoint="risk-note", view_func=self.note, methods=["POST"])

    def page(self, item: str) -> "str | tuple[str, int]":
        """The meter; what stops it is said in its place."""
        sitting, _ = self._open(item)
        return self._page(sitting, item)

    def note(self, item: str) -> "AnyResponse | str | tuple[str, int]":
        """Keep what no code says, and look again."""
        sitting, _ = self._open(item)
        given = {name: request.form.get(name, "").strip() for name in NOTED}
        try:
            noted = Noted({name: words for name, words in given.items() if words})
            gates.note_facts(sitting.case, item, noted)
        except IntakeError as error:
            return self._page(sitting, item, given, error)
        return redirect(f"/item/{item}/risk", 303)

    def _open(self, item: str) -> tuple[Sitting, object]:
        sitting, row = found(self._desk, item)
        if item not in sitting.opened:
            raise MalformedError(
                "it is not open in this sitting", "open its page and read it first"
            )
        if is_blind(sitting.case, item, panel_of(sitting.case)):
            raise MalformedError("first read for yourself", "write your own note, then compare")
        return sitting, row

    @staticmethod
    def _page(
        sitting: Sitting,
        item: str,
        given: dict[str, str] | None = None,
        error: IntakeError | None = None,
    ) -> "str | tuple[str, int]":
        case = sitting.case
        register = register_of(case)
        meter = sitting.corpus.accounts.meter(case)
        page = render_template(
            "risk.html",
            item=item,
            risk=meter.risk(item) if item in meter else None,
            few=FEW,
            noted=given or noted_of(case, item).words,
            names=NOTED,
            most=WORDS_LIMIT,
            said=partial(_said, register),
            termed=TERMED,
            error=None if error is None else (line(error.phrase), line(error.hint)),
        )
        return page if error is None else (page, 409)


def _said(register: Register, name: str, value: str) -> str:
    """A value that is no code, safe to look at."""
    return name_of(register, value) if name in {"place", "official"} else line(value)
