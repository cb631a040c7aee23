"""The quick exit: one link to `/x`, and for 15 minutes after it this site is a page of measures.

It works without script and survives the Back button (domain 2.5). It remembers nothing: whether
somebody left stands in a cookie of their own browser, with the same value for everyone.
"""

from datetime import timedelta

from flask import Blueprint, Flask, Response, request

from intake.web.pages import page
from intake.web.request import drain
from intake.web.settings import Settings
from intake.web.settings_tables import NeutralPage
from intake.web.wording import say, speak

EXIT = "/x"
NEUTRAL = "/n"
COOKIE = "closed"
CLOSED_FOR = timedelta(minutes=15)
_LINES = 8  # of the page of measures
_SEALED = "application/octet-stream"


class Leaving:
    """The exit of one site, and the neutral page that it leads to."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def register(self, app: Flask) -> None:
        """Answer for all of `app`; before anything else does, so that no answer is another's."""
        app.before_request(self.answer_while_closed)
        pages = Blueprint("leaving", __name__)
        pages.add_url_rule(EXIT, view_func=self.leave)
        pages.add_url_rule(NEUTRAL, view_func=self.neutral)
        app.register_blueprint(pages)

    def answer_while_closed(self) -> Response | None:
        """To whoever left, nothing here is anything but the neutral page: no page, file or error.

        A letter that a script sends is told that it was not kept, since nobody sees that answer.
        """
        if request.cookies.get(COOKIE) != "1":
            return None
        if request.path == NEUTRAL and request.method in ("GET", "HEAD"):
            return None
        drain()
        if request.method == "POST" and request.mimetype == _SEALED:
            return Response(status=503)
        return _to_neutral()

    def leave(self) -> Response:
        """Close this site to the browser that asks, and go to the neutral page.

        1. Another site's link or picture closes nothing: nobody is locked out from afar.
        2. The cookie says the same in every browser, and is sent to this site alone; also with
           another site's link, and so with Back to a page that was reached by one.
        """
        answer = _to_neutral()
        # (1)
        if request.headers.get("Sec-Fetch-Site", "") != "cross-site":
            # (2)
            answer.set_cookie(
                COOKIE, "1", max_age=CLOSED_FOR, path="/", httponly=True, samesite="Lax"
            )
        return answer

    def neutral(self) -> Response:
        """The operator's dull page, or ours, in the site's language; nothing about the service."""
        lang = self._settings.language
        speak(lang)
        shown = self._settings.neutral.get(lang) or NeutralPage(
            say("neutral.h1"), tuple(say(f"neutral.line{n}") for n in range(1, _LINES + 1))
        )
        return page("neutral.html", lang=lang, title=shown.title, lines=shown.lines)


def _to_neutral() -> Response:
    return Response(status=303, headers={"Location": NEUTRAL})
