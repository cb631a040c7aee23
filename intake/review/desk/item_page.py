"""The reading page: a warning first, then the text, paragraph by paragraph, as far as is asked for.

What was not asked for is not in the page. How far one has read is a number in its address.
"""

import re
from typing import TYPE_CHECKING, Final

from flask import Flask, redirect, render_template, request

from intake.errors import IntakeError, MalformedError
from intake.review.desk import reading
from intake.review.desk.sitting import Desk, Sitting
from intake.review.desk.step_page import stands_of
from intake.review.desk.table import UNREADABLE, Row
from intake.visible import line

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as AnyResponse

_NUMBER: Final = re.compile(r"0|[1-9][0-9]{0,6}", re.ASCII)


class ItemPage:
    """The page `/item/ID`."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def add_to(self, app: Flask) -> None:
        """Add it to the application, and the act of opening."""
        app.add_url_rule("/item/<item>", endpoint="item", view_func=self.item)
        app.add_url_rule(
            "/item/<item>/open", endpoint="open", view_func=self.open, methods=["POST"]
        )

    def _found(self, item: str) -> tuple[Sitting, Row]:
        sitting = self._desk.sitting
        row = None if sitting is None else sitting.corpus.row(item)
        if sitting is None or row is None:
            raise MalformedError("no such item", "it may not have been read yet", key="no_item")
        return sitting, row

    def open(self, item: str) -> "AnyResponse":
        """Put into the ledger that it is opened, before a word of it is shown."""
        sitting, row = self._found(item)
        if row.state not in UNREADABLE:
            sitting.open(item)
        return redirect(f"/item/{item}?shown=1#p1", 303)

    def item(self, item: str) -> str:
        """One item; `shown` is how many of its paragraphs, none before it was opened."""
        sitting, row = self._found(item)
        given = request.args.get("shown", "0")
        if not _NUMBER.fullmatch(given):
            raise MalformedError("there is no such paragraph")
        if row.state in UNREADABLE:
            return render_template("unreadable.html", row=row)
        try:
            _, container = sitting.case.original(item)
        except IntakeError as error:
            return render_template("unreadable.html", row=row, problem=line(error.phrase))
        fields = reading.fields_of(container)
        whole = sum(len(field.paragraphs) for field in fields)
        shown = min(int(given), whole) if item in sitting.opened else 0
        if shown:
            sitting.open(item)  # what was opened for triage may be read by now
        if shown == whole:
            sitting.whole.add(item)
        return render_template(
            "item.html",
            row=row,
            consent=container.consent,
            answers=reading.codes_of(container),
            files=[(line(f.name), len(f.content), line(f.type)) for f in container.files],
            count=len(fields),
            fields=reading.first(fields, shown),
            shown=shown,
            whole=whole,
            stands=stands_of(sitting, item),
            escaped=any(
                piece.escape
                for field in reading.first(fields, shown)
                for paragraph in field.paragraphs
                for piece in paragraph.pieces
            ),
        )
