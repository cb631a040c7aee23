"""Tells every page which groups may listen today: plain text, no link, nothing that calls anyone."""

import datetime as dt
from collections.abc import Callable

from flask import Flask

from intake.web import wording
from intake.web.settings import Settings
from intake.web.settings_tables import SupportEntry


def name_for_templates(app: Flask, settings: Settings, today: Callable[[], dt.date]) -> None:
    """Give the templates `supporting()`: the entries checked within 90 days, by the server's day."""

    def supporting() -> tuple[SupportEntry, ...]:
        return settings.supporting(today())

    wording.name_for_templates(app, supporting=supporting)
