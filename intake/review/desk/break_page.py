"""How long somebody read today, and the page that proposes a break: a proposal, and never a lock.

A minute counts in which a text was before them and something moved. The domain: four hours a day at most.
"""

from urllib.parse import urlsplit

from flask import Flask, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from intake.review.desk.finding import sitting_of
from intake.review.desk.sitting import Desk

_TEXTS = "/item/"


class BreakPage:
    """The page `/break`, and the count of minutes for all pages on which a text stands."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def add_to(self, app: Flask) -> None:
        """Add it to the application; it looks at each request after the application has let it in."""
        app.before_request(self._count)
        app.add_url_rule("/break", endpoint="break", view_func=self.proposed)
        app.add_url_rule("/break", endpoint="go_on", view_func=self.go_on, methods=["POST"])

    def _count(self) -> "AnyResponse | None":
        sitting = self._desk.sitting
        if sitting is None or request.endpoint == "state":
            return None
        reads = request.path.startswith(_TEXTS)
        # The script's word that somebody is there comes from the page on which they are.
        if request.endpoint == "here":
            reads = urlsplit(request.referrer or "").path.startswith(_TEXTS)
        if not reads:
            return None
        sitting.time.sign()
        if request.method == "GET" and sitting.time.today.wants_break:
            return redirect(f"/break?to={request.path}", 303)
        return None

    def proposed(self) -> str:
        """Say how long it was, and how to go on."""
        back = request.args.get("to", "/")
        to = back if back.startswith(_TEXTS) and not back.startswith("//") else "/"
        return render_template("break.html", to=to, today=sitting_of(self._desk).time.today)

    def go_on(self) -> AnyResponse:
        """Go on reading: it is for the reviewer to say."""
        sitting_of(self._desk).time.go_on()
        back = request.form.get("to", "/")
        return redirect(back if back.startswith(_TEXTS) else "/", 303)
