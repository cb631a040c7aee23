"""The form as gunicorn runs it in these tests: it tells which files a request opened to write.

With a fault it is a twin that shows that a test would see it. `spool`: the stock request class, which
spills uploads to the disk. `hang up`: what was not read of a body stays unread.
"""

import os
import sys
from pathlib import Path

import flask

from intake.accept import Acceptor
from intake.store import Store
from intake.web.app import FormApp, create_app
from intake.web.request import MemoryRequest
from intake.web.site import Site

OPENED = "opened.txt"


class SpoolingApp(FormApp):
    """A form with the fault: large uploads go to a temporary file."""

    request_class = flask.Request


def application(folder: str, fault: str = "") -> FormApp:
    """The application of the site in `folder`, watching its own process from here on."""
    site = Site.open(Path(folder))
    acceptor = Acceptor(Store.open(site.store_path), site, site.settings.largest)
    app = create_app(site, acceptor, script=b'"use strict";\n')
    if fault == "spool":
        app.__class__ = SpoolingApp
    elif fault == "hang up":
        MemoryRequest.drain = lambda _: None
    report = os.open(Path(folder).with_name(OPENED), os.O_CREAT | os.O_WRONLY | os.O_APPEND)

    def hook(event: str, args: tuple[object, ...]) -> None:
        if event == "open" and isinstance(args[2], int) and args[2] & (os.O_WRONLY | os.O_RDWR):
            os.write(report, f"{args[0]}\n".encode())

    sys.addaudithook(hook)
    return app
