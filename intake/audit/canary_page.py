"""Reads of a page what a browser goes by: its scripts, its forms, and what a button sends.

It runs nothing and asks for nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Final
from urllib.parse import quote_plus

from intake.errors import MalformedError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

LIMIT: Final = 1 << 20  # bytes; our pages have 64 or 256 kB, or a few times as much
_WRITTEN: Final = frozenset({"", "text", "password", "hidden"})
_TICKED: Final = frozenset({"radio", "checkbox"})
# Text, comments and whole tags, in one pass. Of anything else Python's parser makes what it can, in a
# time that grows with the square: 64 kB of `<a ` took it minutes.
_WHOLE: Final = re.compile(
    r"""(?:[^<]++|<!doctype[ ]html>|<!--(?:[^-]|-(?!->))*+-->|</[a-z][a-z0-9]*+>
    |<[a-z][a-z0-9]*+(?:\s++[a-z][a-z0-9-]*+(?:=(?:"[^"]*+"|'[^']*+'|[^\s"'<>=]++))?+)*+\s*+/?+>)*+""",
    re.ASCII | re.IGNORECASE | re.VERBOSE,
)
_HINT: Final = "see whether it opens in Tor Browser, and `intake audit site`"


@dataclass
class Field:
    """What one control of a form sends: its name, and its value as the page has it."""

    name: str
    value: str


@dataclass
class Button:
    """What pressing it does: the path that it sends to, and its own name and value, or none."""

    path: str
    name: str
    value: str


@dataclass
class Form:
    """A form's attributes, and what it sends, in the page's order."""

    attributes: Mapping[str, str]
    fields: list[Field] = field(default_factory=list[Field])
    buttons: list[Button] = field(default_factory=list[Button])

    def leading(self, path: str, value: str = "") -> Button | None:
        """The button that sends to this path, with this value."""
        found = (b for b in self.buttons if (b.path, b.value) == (path, value))
        return next(found, None)

    def value(self, name: str) -> str:
        """What is in a field; empty where there is none of that name."""
        return next((one.value for one in self.fields if one.name == name), "")

    def pressed(self, button: Button, written: Mapping[str, str]) -> bytes:
        """What a browser sends once these fields were written and the button was pressed."""
        rows = [(one.name, written.get(one.name, one.value)) for one in self.fields]
        if button.name:
            rows.append((button.name, button.value))
        return b"&".join(_encoded(name) + b"=" + _encoded(value) for name, value in rows)


class Page(HTMLParser):
    """A page's language, the scripts that it names, and its forms; a template's are none.

    `MalformedError` for what is longer than any page of ours, or is not of whole tags: a site that
    serves people sends neither.
    """

    def __init__(self, content: bytes) -> None:
        super().__init__()
        self.lang = ""
        self.scripts: list[str] = []
        self.links: list[str] = []
        self.forms: list[Form] = []
        self._form: Form | None = None
        self._text: Field | None = None
        self._inert = 0
        text = content.decode("utf-8", "replace")
        if len(content) > LIMIT or not _WHOLE.fullmatch(text):
            raise MalformedError("the site gave no page of this program", _HINT)
        try:
            self.feed(text)
            self.close()
        except ValueError:  # a letter by a number of thousands of digits
            raise MalformedError("the site gave no page of this program", _HINT) from None

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        """Take note of it."""
        words = {name: value or "" for name, value in attrs}
        self._inert += tag == "template"
        if self._inert:
            return
        if tag == "html":
            self.lang = words.get("lang", "")
        elif tag == "script" and "src" in words:
            self.scripts.append(words["src"])
        elif tag == "a":
            self.links.append(words.get("href", ""))
        elif tag == "form":
            self._form = Form(words)
            self.forms.append(self._form)
        elif self._form is not None:
            self._take(self._form, tag, words)

    def handle_endtag(self, tag: str) -> None:
        """Take note of the end of a form or a box."""
        self._inert -= tag == "template"
        if tag == "form":
            self._form = None
        if tag == "textarea" and self._text is not None:
            # As every browser: the first line end after the tag is not part of the text.
            self._text.value = self._text.value.removeprefix("\n")
            self._text = None

    def handle_data(self, data: str) -> None:
        """What stands in a box."""
        if self._text is not None:
            self._text.value += data

    def leading(self, path: str, value: str = "") -> tuple[Form, Button] | None:
        """The form, and its button, that send to this path."""
        for form in self.forms:
            button = form.leading(path, value)
            if button is not None:
                return form, button
        return None

    def _take(self, form: Form, tag: str, words: Mapping[str, str]) -> None:
        name, value, kind = words.get("name", ""), words.get("value", ""), words.get("type", "")
        if tag == "button" and kind != "button":
            path = words.get("formaction", form.attributes.get("action", ""))
            form.buttons.append(Button(path, name, value))
        elif not name:
            return
        elif tag == "textarea":
            self._text = Field(name, "")
            form.fields.append(self._text)
        elif tag == "input" and (kind in _WRITTEN or (kind in _TICKED and "checked" in words)):
            form.fields.append(Field(name, value))


def _encoded(text: str) -> bytes:
    """As a browser writes it into a form's body: line ends are CR LF, and `*` stands as it is."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\r\n")
    return quote_plus(lines, safe="*").replace("~", "%7E").encode("ascii")
