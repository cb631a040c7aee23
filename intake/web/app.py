"""Puts the pages of one site together into a WSGI application.

It is handed everything it uses, keeps nothing between requests, and never logs one.
"""

import datetime as dt
from collections.abc import Callable
from types import TracebackType
from typing import Any

from flask import Flask, Response
from markupsafe import Markup

from intake.accept import Acceptor
from intake.web import error_pages, support, wording
from intake.web.antiforgery import Guard
from intake.web.board_files import BoardFiles
from intake.web.board_reading import BoardReading
from intake.web.error_pages import ErrorPages
from intake.web.form_pages import FormPages
from intake.web.handing import Shared
from intake.web.headers import WITHOUT_SCRIPT, Headers, content_policy, read_style
from intake.web.landing_page import LandingPage
from intake.web.leaving import Leaving
from intake.web.letter_page import LetterPage
from intake.web.log_files import LogFiles
from intake.web.manifest import ManifestFile
from intake.web.offline_page import OfflinePages
from intake.web.onion_only import OnionOnly
from intake.web.padding import pad_answers
from intake.web.public_files import SCRIPT_FILE, PublicFiles
from intake.web.reception import Reception
from intake.web.request import MAX_FORM, MAX_PARTS, MemoryRequest
from intake.web.return_acts import ReturnActs
from intake.web.return_page import ReturnPage
from intake.web.return_views import ReturnViews
from intake.web.seats import READERS, Seats
from intake.web.site import Site, today_in_utc
from intake.web.stretching import Gate


class FormApp(Flask):
    """A Flask that keeps uploads in memory and says nothing of a request in any log."""

    request_class = MemoryRequest
    keep_up: Callable[[], None]  # have what changes in a site's folder read again, if it did
    shared: Shared  # by all processes of its server

    def log_exception(
        self,
        exc_info: tuple[type, BaseException, TracebackType | None] | tuple[None, None, None],
    ) -> None:
        """Log the class and the line; Flask would log the message and the path too."""
        if exc_info[1] is not None:
            error_pages.log(exc_info[1])

    def handle_exception(self, e: Exception) -> Any:
        """As Flask does; and if even the page that says so fails, nothing reaches the server's log.

        What reached it would be logged there with its message.
        """
        try:
            return super().handle_exception(e)
        except Exception as error:  # noqa: BLE001  # the last line of defence
            error_pages.log(error)
            return Response("", 500)


def create_app(
    site: Site,
    acceptor: Acceptor,
    *,
    script: bytes | None = None,
    today: Callable[[], dt.date] = today_in_utc,
) -> FormApp:
    """The form of `site`, sending to `acceptor`.

    `script` stands in for the packaged sealing script, and `today` for the clock, in tests.
    """
    app = FormApp(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = app.config["MAX_FORM_MEMORY_SIZE"] = MAX_FORM
    app.config["MAX_FORM_PARTS"] = MAX_PARTS
    app.config["PROVIDE_AUTOMATIC_OPTIONS"] = False
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True, "auto_reload": False}
    style = read_style()
    wording.name_for_templates(
        app,
        style=Markup(style),  # noqa: S704  # our own file
        without_script=Markup(WITHOUT_SCRIPT),  # noqa: S704  # and our own words
    )
    wording.install(app, site.settings.language)
    support.name_for_templates(app, site.settings, today)
    # These two answer before anything else looks at a request.
    Leaving(site.settings).register(app)
    OnionOnly(site.settings).register(app)
    guard = Guard(app, site.antiforgery_key)
    files = PublicFiles(site, SCRIPT_FILE.read_bytes() if script is None else script)
    wording.name_for_templates(app, leaving=files.leaving)
    app.register_blueprint(files.blueprint())
    app.register_blueprint(LogFiles(site.log_folder).blueprint())
    app.register_blueprint(BoardFiles(site.board_folder).blueprint())
    landing = LandingPage(site.settings)
    app.register_blueprint(landing.blueprint())
    reception = Reception(acceptor, site.log_signer, Gate.for_texts())
    form = FormPages(site.settings, files, reception, guard, today)
    app.register_blueprint(form.blueprint())
    letter = LetterPage(site.settings, files, reception, guard)
    app.register_blueprint(letter.blueprint())
    offline = OfflinePages(site.settings, files, form.alone)
    app.register_blueprint(offline.blueprint())
    board = BoardReading(site.folder / "board", site.settings.deployment)
    acts = ReturnActs(site.settings.deployment, files, reception, board, Gate(), today)
    views = ReturnViews(site.settings, files, acts, guard)

    def keep_up() -> None:
        files.standing()
        board.look()

    app.keep_up = keep_up
    app.shared = Shared(Seats(READERS))
    returning = ReturnPage(site.settings, reception, acts, views, guard)
    app.register_blueprint(returning.blueprint())
    others = (landing.contents, letter.contents, returning.contents)
    policy = content_policy(style)
    ManifestFile(site.settings, policy, files, offline, form.blank, others).register(app)
    ErrorPages(site.settings.language).register(app)
    app.after_request(Headers(style).apply)
    app.after_request(pad_answers)
    for name in app.jinja_env.list_templates():
        # Compiled now, so that no request waits for it and workers share it.
        app.jinja_env.get_template(name)
    return app
