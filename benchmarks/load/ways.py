"""What one visitor does, from the form to the answer that it was sent, and how it is told that it was.

Each way asks the pages for what it needs, as a browser does: tokens, cookies, paths, hidden fields.
"""

import re
from collections.abc import Awaitable, Callable, Iterator
from urllib.parse import urlencode

from benchmarks.load.exchange import Answer, Visit
from benchmarks.load.forms import agrees_with_a_parser, first_form
from benchmarks.load.letters import TEXT

Way = Callable[[Visit], Awaitable[None]]

_TOKEN = re.compile(rb'name="csrf_token" value="([^"]+)"')
_FETCHED = re.compile(rb'<script defer src="([^"]+)"|data-(?:list|stretch|roster|epoch)="([^"]+)"')
_FORM = "application/x-www-form-urlencoded"
_SEALED = "application/octet-stream"
_HEAD = 4096  # bytes of a letter in which its head is
MARK = b"\nevent submitted\n"  # what stands in the log's promise, and on no other page
_ENVELOPE = re.compile(rb"\n(envelope [^\n]+\n)")


class RefusedError(Exception):
    """The server answered, and not that it was sent."""


def script(letters: Iterator[memoryview]) -> Way:
    """The form page, and the sealed letter: what `submit_script_*` count."""

    async def send(visit: Visit) -> None:
        await _send_letter(visit, await _got(visit, "/1"), letters)

    return send


async def sent(visit: Visit, letter: memoryview) -> bytes:
    """The same for this letter; what its sender was given for it."""
    return await _send_letter(visit, await _got(visit, "/1"), iter((letter,)))


def browser(letters: Iterator[memoryview]) -> Way:
    """The same, and between the two every file that the script path fetches, none from a cache."""

    async def send(visit: Visit) -> None:
        form = await _got(visit, "/1")
        for pair in _FETCHED.findall(form.body):
            await _got(visit, (pair[0] or pair[1]).decode(), form.cookie)
        await _send_letter(visit, form, letters)

    return send


def noscript() -> Way:
    """Form, check, send, as the pages' own forms say; the text is sealed by the server."""

    async def send(visit: Visit) -> None:
        page = await _got(visit, "/1")
        cookie = page.cookie
        for filled in ({"narrative": TEXT}, {}):
            form = first_form(page.body.decode())
            body = urlencode(form.fields | filled).encode()
            page = _checked(await visit.post(form.path, body, _FORM, cookie))
        _check_acknowledged(page.body)

    return send


def floor() -> Way:
    """The form of `benchmarks.floor`, and the text."""

    async def send(visit: Visit) -> None:
        page = await _got(visit, "/")
        form = first_form(page.body.decode())
        body = urlencode(form.fields | {"narrative": TEXT}).encode()
        answer = await visit.post(form.path, body, _FORM, page.cookie)
        if answer.status != 302:
            raise RefusedError(f"answer {answer.status}")

    return send


def form() -> Way:
    """The form page alone."""

    async def look(visit: Visit) -> None:
        await _got(visit, "/1")

    return look


async def reads_as_a_browser(visit: Visit) -> bool:
    """Whether the site's pages have the forms that a parser of HTML finds in them."""
    page = await _got(visit, "/1")
    first = first_form(page.body.decode())
    body = urlencode(first.fields | {"narrative": TEXT}).encode()
    check = _checked(await visit.post(first.path, body, _FORM, page.cookie))
    return all(agrees_with_a_parser(one.body.decode()) for one in (page, check))


async def _send_letter(visit: Visit, form: Answer, letters: Iterator[memoryview]) -> bytes:
    letter = next(letters, None)
    if letter is None:
        raise RuntimeError("there were fewer letters than people")
    more = f"X-CSRFToken: {_found(_TOKEN, form.body).decode()}\r\n"
    answer = _checked(await visit.post("/s", letter, _SEALED, form.cookie, more))
    _check_acknowledged(answer.body, _found(_ENVELOPE, bytes(letter[:_HEAD])))
    return answer.body


def _check_acknowledged(body: bytes, envelope: bytes = b"") -> None:
    """Raise unless the log's promise is there, and is of this object: only that says it is kept."""
    if MARK not in body or envelope not in body:
        raise RefusedError("no promise in the answer")


async def _got(visit: Visit, path: str, cookie: str = "") -> Answer:
    return _checked(await visit.get(path, cookie))


def _checked(answer: Answer) -> Answer:
    if answer.status != 200:
        raise RefusedError(f"answer {answer.status}")
    return answer


def _found(pattern: re.Pattern[bytes], text: bytes) -> bytes:
    found = pattern.search(text)
    if found is None:
        raise RefusedError("the page lacks what was looked for")
    return found[1]
