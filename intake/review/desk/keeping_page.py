"""How long items are kept: what is due and why, another week for one, and erasing with a second yes."""

from typing import TYPE_CHECKING

from flask import Flask, redirect, render_template

from intake.epoch import Epoch
from intake.errors import IntakeError, MalformedError
from intake.review import retaining
from intake.review.desk.finding import found, sitting_of, typed
from intake.review.desk.sitting import Desk, Sitting
from intake.visible import line

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as AnyResponse


class KeepingPage:
    """The pages `/retain` and `/item/ID/keep`."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def add_to(self, app: Flask) -> None:
        """Add them to the application."""
        app.add_url_rule("/retain", endpoint="retain", view_func=self.retain)
        rule = "/item/<item>/keep"
        app.add_url_rule(rule, endpoint="keep", view_func=self.keep)
        app.add_url_rule(rule, endpoint="keep_until", view_func=self.until, methods=["POST"])
        rule = "/item/<item>/erase"
        app.add_url_rule(rule, endpoint="erase", view_func=self.erase, methods=["POST"])

    def retain(self) -> str:
        """What is due, oldest first; nothing is erased by itself."""
        sitting = sitting_of(self._desk)
        due, unread = retaining.due(sitting.case, Epoch.now())
        return render_template("retain.html", due=due, unread=unread)

    def keep(self, item: str) -> "str | tuple[str, int]":
        """Until when an item is kept, and why."""
        sitting, _ = found(self._desk, item)
        return self._page(sitting, item)

    def until(self, item: str) -> "AnyResponse | str | tuple[str, int]":
        """Say another week."""
        sitting, _ = found(self._desk, item)
        week = typed("until").strip()
        try:
            retaining.kept_until(sitting.case, item)  # of one that is gone nothing is kept
            retaining.keep_until(sitting.case, item, Epoch.parse(week))
        except IntakeError as error:
            return self._page(sitting, item, week=week, error=error)
        return redirect(f"/item/{item}/keep", 303)

    def erase(self, item: str) -> "AnyResponse | str | tuple[str, int]":
        """Ask once more; then erase it, if its id was typed."""
        sitting, _ = found(self._desk, item)
        now = Epoch.now()
        try:
            kept = retaining.kept_until(sitting.case, item)
            if not kept.due(now) or typed("sure").strip() != item:
                wrong = bool(typed("sure"))
                page = render_template(
                    "erase.html", item=item, kept=kept, due=kept.due(now), wrong=wrong
                )
                return page, 409 if wrong or not kept.due(now) else 200
            gone = retaining.erase(sitting.case, item, now)
        except IntakeError as error:
            return self._page(sitting, item, error=error)
        sitting.read_again()
        return render_template("erased.html", item=item, left=[line(text) for text in gone.left])

    @staticmethod
    def _page(
        sitting: Sitting, item: str, *, week: str = "", error: IntakeError | None = None
    ) -> "str | tuple[str, int]":
        if sitting.case.entry(item).gone:
            raise MalformedError("nothing of this item is left", "its record stays")
        kept = retaining.kept_until(sitting.case, item)
        page = render_template(
            "keep.html",
            item=item,
            kept=kept,
            due=kept.due(Epoch.now()),
            week=week or str(kept.until),
            error=error,
        )
        return page if error is None else (page, 409)
