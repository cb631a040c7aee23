"""Shows a warning, and never the form, to whoever did not come by the site's onion address.

Through tor2web or a copy on the open web others read along. What was sent that way is not read.
"""

from flask import Flask, Response, request

from intake.web.leaving import EXIT, NEUTRAL
from intake.web.pages import page
from intake.web.request import drain
from intake.web.settings import Settings

_GATEWAY = "x-tor2web"  # the start of the headers that tor2web adds


class OnionOnly:
    """Stands before every page of a site whose operator wants it so."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def register(self, app: Flask) -> None:
        """Answer for all of `app` where the settings say so."""
        if self._settings.only_onion:
            app.before_request(self.warn)

    def warn(self) -> Response | None:
        """The warning, to whatever was asked, but for the way out; None to who came by onion."""
        if self._is_direct() or request.path in (EXIT, NEUTRAL):
            return None
        drain()
        lang = self._settings.language
        return page("note.html", lang=lang, words="error.nottor", leaving=None, status=403)

    def _is_direct(self) -> bool:
        gateway = any(name.lower().startswith(_GATEWAY) for name in request.headers.keys())  # noqa: SIM118
        return not gateway and request.headers.get("Host", "") == self._settings.address
