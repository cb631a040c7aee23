"""Reads the forms of the form's own pages, as a browser without script does, but by patterns alone.

A parser of HTML takes longer over a page than the server that made it. Before each run both read the
same page, and must find the same (`agrees_with_a_parser`).
"""

import re
from dataclasses import dataclass
from html import unescape

_TEMPLATE = re.compile(r"<template\b.*?</template>", re.DOTALL)
_FORM = re.compile(r"<form\b([^>]*)>(.*?)</form>", re.DOTALL)
_FIELD = re.compile(r"<(input|textarea|button)\b([^>]*)>", re.DOTALL)
_ATTRIBUTE = re.compile(r'([a-z-]+)(?:="([^"]*)")?')


@dataclass(frozen=True)
class Form:
    """What pressing its first button sends: the path, and every field that has a value."""

    path: str
    fields: dict[str, str]


def first_form(html: str) -> Form:
    """The first form of a page."""
    found = _FORM.search(_TEMPLATE.sub("", html))
    if found is None:
        raise ValueError("the page has no form")
    attributes, fields, path = _attributes(found[1]), {}, None
    for tag, text in _FIELD.findall(found[2]):
        own = _attributes(text)
        if tag == "button":
            path = own.get("formaction", attributes.get("action", "")) if path is None else path
        elif own.get("type") not in ("radio", "checkbox") or "checked" in own:
            fields[own["name"]] = own.get("value", "")
    return Form(path or "", fields)


def agrees_with_a_parser(html: str) -> bool:
    """Whether the tests' browser finds the same first form on this page."""
    from tests.web.follow import Page

    form = Page(200, [], html.encode()).forms[0]
    button = form.buttons[0].attrs
    path = button.get("formaction", form.attrs.get("action", ""))
    return Form(path, dict(form.values())) == first_form(html)


def _attributes(text: str) -> dict[str, str]:
    return {name: unescape(value) for name, value in _ATTRIBUTE.findall(text)}
