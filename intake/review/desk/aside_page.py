"""Drafts that could not be read, and were set aside: a reviewer who does not want them removes them here."""

from typing import TYPE_CHECKING

from flask import Flask, redirect, request

from intake.review import drafts
from intake.review.desk.finding import found
from intake.review.desk.sitting import Desk

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as AnyResponse


class AsidePage:
    """The act behind the button beside the word that a draft could not be read."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def add_to(self, app: Flask) -> None:
        """Add it to the application."""
        rule = "/item/<item>/aside/<step>"
        app.add_url_rule(rule, endpoint="forget_aside", view_func=self.forget, methods=["POST"])

    def forget(self, item: str, step: str) -> "AnyResponse":
        """Remove the files that were set aside of a step, and go back to where that was said."""
        sitting, _ = found(self._desk, item)
        drafts.forget_aside(sitting.case, item, step)
        back, here = request.form.get("to", ""), f"/item/{item}"
        return redirect(back if back.startswith(f"{here}/") else here, 303)
