"""Every word that a page shows, in each language, from the gettext catalogues beside this file.

A key that a catalogue lacks is an error, never an English word on a Russian page.
"""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import flask_babel  # pyright: ignore[reportMissingTypeStubs]
from flask import Flask, g
from markupsafe import Markup, escape

TRANSLATIONS = Path(__file__).parent / "translations"


_babel = cast("Any", flask_babel)  # it has no types


def install(app: Flask, default: str) -> None:
    """Give `app` the catalogues; pages speak `default` until `speak` says otherwise."""

    def chosen() -> str:
        return cast("str", g.get("language", default))

    _babel.Babel(
        app,
        default_locale=default,
        default_translation_directories=str(TRANSLATIONS),
        locale_selector=chosen,
    )
    name_for_templates(app, say=say)
    app.jinja_env.filters["ltr"] = ltr


def name_for_templates(app: Flask, **values: object) -> None:
    """Make `values` known in every template."""
    # jinja2 infers the values' type from its own few defaults.
    cast("Any", app.jinja_env).globals.update(values)


def speak(tag: str) -> None:
    """Use this language for the rest of the request."""
    if g.get("language") != tag:
        g.language = tag
        _babel.refresh()


@contextmanager
def speaking(tag: str) -> Generator[None]:
    """Use this language for a while, in a request or where there is none."""
    before = g.get("language")
    speak(tag)
    yield
    if before is not None:
        speak(before)


def say(key: str, **values: object) -> str:
    """The words for `key` in the request's language, with `values` in their places."""
    words = cast("str", _babel.gettext(key))
    if words == key:
        raise KeyError(key)
    if any(isinstance(value, Markup) for value in values.values()):
        return escape(words).format(**values)
    return words.format(**values) if values else words


def ltr(text: str) -> Markup:
    """`text` as HTML that runs left to right in any language: addresses, digits, commands."""
    return Markup('<bdi dir="ltr">{}</bdi>').format(text)
