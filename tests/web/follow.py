"""A small browser without script: it reads a page's own forms, fills them in and sends them."""

import io
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from urllib.parse import quote_plus

from flask import Flask

Headers = list[tuple[str, str]]
Send = Callable[[str, str, Mapping[str, str], bytes], tuple[int, Headers, bytes]]
_VOID = {"meta", "link", "input", "br"}


@dataclass
class Control:
    """One field, or one button with its words."""

    attrs: dict[str, str]
    value: str = ""
    words: str = ""

    @property
    def name(self) -> str:
        return self.attrs.get("name", "")

    @property
    def type(self) -> str:
        return self.attrs.get("type", "submit" if "button" in self.attrs else "text")


@dataclass
class Form:
    attrs: dict[str, str]
    controls: list[Control] = field(default_factory=list)
    buttons: list[Control] = field(default_factory=list)

    def values(self) -> list[tuple[str, str]]:
        """What would be sent, before a button is chosen."""
        rows = []
        for control in self.controls:
            ticked = control.type not in ("radio", "checkbox") or "checked" in control.attrs
            if control.name and ticked and control.type != "file":
                rows.append((control.name, control.value))
        return rows

    def value(self, name: str) -> str:
        """The value of a field, empty where nothing is chosen."""
        return dict(self.values()).get(name, "")


class Page(HTMLParser):
    """A page as a browser with script switched off has it."""

    def __init__(self, status: int, headers: Headers, body: bytes) -> None:
        super().__init__()
        self.status = status
        self.headers = headers
        self.html = body.decode("utf-8")
        self.title = ""
        self.lang = ""
        self.words = ""  # what can be read on it
        self.problems: list[str] = []
        self.forms: list[Form] = []
        self.links: list[dict[str, str]] = []
        self.tags: list[tuple[str, dict[str, str]]] = []  # inert templates' too
        self._open: list[str] = []
        self._box = 0
        self._form: Form | None = None
        self._control: Control | None = None
        self.feed(self.html)
        self.close()

    def header(self, name: str) -> str:
        found = [value for key, value in self.headers if key.lower() == name.lower()]
        assert len(found) <= 1, f"{name} comes twice"
        return "".join(found)

    def handle_starttag(self, tag: str, rows: Sequence[tuple[str, str | None]]) -> None:
        attrs = {key: value or "" for key, value in rows}
        self.tags.append((tag, attrs))
        if tag not in _VOID:
            self._open.append(tag)
        if "template" in self._open:
            return
        if tag == "html":
            self.lang = attrs["lang"]
        elif tag == "form":
            self._form = Form(attrs)
            self.forms.append(self._form)
        elif tag == "a":
            self.links.append(attrs)
        elif tag == "div" and attrs.get("class") == "box":
            self._box = len(self._open)
        elif tag == "li" and self._box:
            self.problems.append("")
        if self._form is not None and tag in ("input", "textarea", "button"):
            self._control = Control(attrs, attrs.get("value", ""))
            where = self._form.buttons if tag == "button" else self._form.controls
            where.append(self._control)

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._control is not None:
            # As every browser: the first line end after the tag is not part of the text.
            self._control.value = self._control.words.removeprefix("\n")
        if tag == "form":
            self._form = None
        if tag == "div" and len(self._open) == self._box:
            self._box = 0
        assert self._open.pop() == tag, f"{tag} closes something else"

    def handle_data(self, text: str) -> None:
        if not self._open or self._open[-1] in ("style", "script") or "template" in self._open:
            return
        if self._open[-1] == "title":
            self.title += text
            return
        if self._control is not None and self._open[-1] in ("textarea", "button"):
            self._control.words += text
        if self._open[-1] != "textarea":
            self.words += text
        if self._box and "li" in self._open:
            self.problems[-1] = (self.problems[-1] + text).strip("\n")


@dataclass
class Upload:
    """A file chosen in a form."""

    name: str
    content: bytes


class Visitor:
    """One person's browser: cookies, and pages one after another."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.cookies: dict[str, str] = {}

    def get(self, path: str) -> Page:
        return self.ask("GET", path)

    def ask(
        self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> Page:
        sent = dict(headers or {})
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        status, got, answer = self._send(method, path, sent, body)
        for key, value in got:
            if key.lower() == "set-cookie":
                for morsel in SimpleCookie(value).values():
                    self.cookies[morsel.key] = morsel.value
        return Page(status, got, answer)

    def press(
        self, page: Page, words: str, fill: Mapping[str, str | list[str] | Upload] | None = None
    ) -> Page:
        """Fill a form in and press the button with these words; the page that comes back."""
        form, button = next(
            (form, button)
            for form in page.forms
            for button in form.buttons
            if button.words.strip() == words
        )
        fill = dict(fill or {})
        method = button.attrs.get("formmethod", form.attrs.get("method", "get"))
        assert method == "post", f"the button {words} would not send anything"
        path = button.attrs.get("formaction", form.attrs.get("action", ""))
        rows: list[tuple[str, str | Upload]] = []
        rows += [(name, value) for name, value in form.values() if name not in fill]
        names = {control.name for control in form.controls}
        for name, value in fill.items():
            assert name in names, f"the form has no field {name}"
            rows += [(name, one) for one in (value if isinstance(value, list) else [value])]
        if button.name:
            rows.append((button.name, button.value))
        if form.attrs.get("enctype") == "multipart/form-data":
            kind, body = multipart(rows)
        else:
            kind, body = "application/x-www-form-urlencoded", urlencoded(rows)
        return self.ask("POST", path, body, {"Content-Type": kind})


def urlencoded(rows: Sequence[tuple[str, object]]) -> bytes:
    """As a browser does: line ends become CR LF."""
    return "&".join(
        f"{quote_plus(name)}={quote_plus(_crlf(str(value)))}" for name, value in rows
    ).encode()


def multipart(rows: Sequence[tuple[str, str | Upload]]) -> tuple[str, bytes]:
    boundary = os.urandom(16).hex()
    body = io.BytesIO()
    for name, value in rows:
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"'
        if isinstance(value, Upload):
            head += f'; filename="{value.name}"\r\nContent-Type: application/octet-stream'
        content = value.content if isinstance(value, Upload) else _crlf(value).encode()
        body.write(head.encode() + b"\r\n\r\n" + content + b"\r\n")
    body.write(f"--{boundary}--\r\n".encode())
    return f"multipart/form-data; boundary={boundary}", body.getvalue()


def _crlf(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\r\n")


def in_process(app: Flask) -> Send:
    """Requests to an application in this process."""
    client = app.test_client(use_cookies=False)

    def send(method: str, path: str, headers: Mapping[str, str], body: bytes) -> object:
        answer = client.open(path, method=method, headers=dict(headers), data=body)
        return answer.status_code, list(answer.headers), answer.get_data()

    return send


def over_http(port: int) -> Send:
    """Requests over a real connection, one each."""

    def send(method: str, path: str, headers: Mapping[str, str], body: bytes) -> object:
        connection = HTTPConnection("127.0.0.1", port, timeout=30)
        try:
            connection.request(method, path, body or None, dict(headers))
            answer = connection.getresponse()
            return answer.status, answer.getheaders(), answer.read()
        finally:
            connection.close()

    return send
