"""The list of items: filters, a search through their texts, and one page of what fits.

What is searched for is as telling as a text: it is posted, kept in memory, and in no address.
"""

import re
from typing import TYPE_CHECKING, Final

from flask import Flask, redirect, render_template, request

from intake.errors import MalformedError
from intake.review.desk.index import LONGEST
from intake.review.desk.sitting import Desk, Sitting
from intake.review.desk.table import LETTERS, MINE, SECOND, Page, View

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as AnyResponse

_NUMBER: Final = re.compile(r"[1-9][0-9]{0,6}", re.ASCII)


class ListPage:
    """The pages `/` and `/view`."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def add_to(self, app: Flask) -> None:
        """Add them to the application."""
        app.add_url_rule("/", endpoint="items", view_func=self.items)
        app.add_url_rule("/view", endpoint="view", view_func=self.view, methods=["POST"])

    @property
    def _sitting(self) -> Sitting:
        sitting = self._desk.sitting
        if sitting is None:
            raise MalformedError("the desk is locked")
        return sitting

    def items(self) -> str:
        """One page of the items that are wanted."""
        given = request.args.get("page", "1")
        if not _NUMBER.fullmatch(given):
            raise MalformedError("there is no such page of the list")
        sitting = self._sitting
        corpus = sitting.corpus
        # Taken once: the case may still be read in the background.
        rows = corpus.rows[:]
        page = Page.of(rows, sitting.view, int(given), corpus.index.find)
        return render_template(
            "list.html",
            page=page,
            whole=len(rows),
            view=sitting.view,
            choices=corpus.choices,
            letters=LETTERS,
            progress=corpus.progress,
            trouble=corpus.trouble,
            longest=LONGEST,
            todos=(MINE, SECOND, sitting.case.by),
        )

    def view(self) -> "AnyResponse":
        """Set what is wanted of the list."""
        form = request.form
        words = form.get("words", "").strip()
        if len(words) > LONGEST:
            raise MalformedError(f"a search has at most {LONGEST} characters")
        self._sitting.view = View(
            words=words,
            state=form.get("state", ""),
            lang=form.get("lang", ""),
            week=form.get("week", ""),
            use=form.get("use", ""),
            triage=form.get("triage", ""),
            todo=form.get("todo", ""),
        )
        return redirect("/", 303)
