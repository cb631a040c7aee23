"""The quick exit in two real browsers: afterwards no press of Back or Forward shows the story."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import product
from pathlib import Path
from threading import Thread

import pytest

from tests.browser.browsers import Browsers, Tab, until
from tests.browser.wire import Wire, wire_to
from tests.browser.writing import NATIVE, SENTENCE, write
from tests.web.serving import serving, site_in

NEUTRAL = "Кухонные меры"
EXIT = "a.leave"
KEPT_BY_THE_BROWSER = """
from intake.web.headers import Headers
begin = Headers.__init__
def without_no_store(self, style):
    begin(self, style)
    self.fixed = tuple(row for row in self.fixed if row[0] != "Cache-Control")
Headers.__init__ = without_no_store
"""
NOTHING_REMEMBERED = """
from flask import Response
from intake.web.leaving import Leaving
Leaving.leave = lambda self: Response(status=303, headers={"Location": "/n"})
"""


def go_to(tab: Tab, address: str, place: str, *, script: bool) -> None:
    """From the landing page to the one that is left, with a story on it where there can be one."""
    further = "#continue" if script else NATIVE
    tab.open(f"{address}/ru")
    until(lambda: tab.has("main form button"), "the landing page")
    if place == "landing":
        return
    tab.press("main form button")
    until(lambda: tab.has(further), "the form")
    write(tab)
    if place == "check":
        tab.press(further)
        until(lambda: tab.has("dl") and SENTENCE in tab.text("dl"), "the check page")


def asked(wire: Wire) -> list[str]:
    """The paths that the browser asked for."""
    return [request.path for request in wire.requests]


def tells(tab: Tab) -> bool:
    """Whether anything of the story, or any field, is there to be seen."""
    return SENTENCE in tab.source() or tab.has("textarea, dl, form")


def turns(tab: Tab, times: int = 3) -> Iterator[str]:
    """Press Back some times, then Forward as often; the markup of every page that comes by."""
    for pages in [-1] * times + [1] * times:
        tab.turn(pages)
        end = time.monotonic() + 0.5
        while time.monotonic() < end:
            yield tab.source()
            time.sleep(0.1)


MATRIX = list(product(("firefox", "chromium"), ("landing", "form", "check"), (True, False)))
# All of it in Firefox, which Tor Browser is; in Chromium each place, and both with and without script.
RARELY = {("chromium", "landing", True), ("chromium", "form", True), ("chromium", "check", False)}


@pytest.mark.parametrize(
    ("browser", "place", "script"),
    [pytest.param(*one, marks=[pytest.mark.long] * (one in RARELY)) for one in MATRIX],
)
def test_after_the_exit_back_and_forward_never_show_the_story(
    both: Browsers, browser: str, wire: Wire, place: str, script: bool
) -> None:
    """The matrix of domain 2.5: neutral, or the browser's own error page, and then neutral."""
    with both.tab(browser, script=script) as tab:
        go_to(tab, wire.address, place, script=script)
        tab.press(EXIT)
        until(lambda: tab.title() == NEUTRAL, "the neutral page")
        picture = tab.picture()
        assert "/x" in asked(wire)
        assert not tells(tab)
        for source in turns(tab):
            assert SENTENCE not in source
            assert "/3" not in asked(wire)
            assert 'href="/x"' not in source, "a page of the service"
            assert not tab.has("textarea, dl, form")
        wire.requests.clear()
        tab.open(f"{wire.address}/1")
        until(lambda: asked(wire)[-1:] == ["/n"], "the neutral page again")
        until(lambda: tab.title() == NEUTRAL and tab.has("main h1"), "all of it")
        assert tab.picture() == picture


@pytest.mark.parametrize("place", ["form", "check"])
def test_the_test_sees_a_server_that_lets_the_browser_keep_pages(
    both: Browsers, browser: str, tmp_path: Path, place: str
) -> None:
    """The planted twin: without no-store the story is one press of Back away."""
    site, _ = site_in(tmp_path / "site")
    with (
        serving(site.folder, change=KEPT_BY_THE_BROWSER) as (port, _),
        wire_to(port) as wire,
        both.tab(browser, script=False) as tab,
    ):
        go_to(tab, wire.address, place, script=False)
        tab.press(EXIT)
        until(lambda: tab.title() == NEUTRAL, "the neutral page")
        tab.turn(-1)
        until(lambda: tells(tab), "the story")


def test_the_test_sees_a_server_that_forgets_who_left(
    both: Browsers, browser: str, tmp_path: Path
) -> None:
    """The other twin: without the cookie, Back leads to the form."""
    site, _ = site_in(tmp_path / "site")
    with (
        serving(site.folder, change=NOTHING_REMEMBERED) as (port, _),
        wire_to(port) as wire,
        both.tab(browser, script=False) as tab,
    ):
        tab.open(f"{wire.address}/1")
        until(lambda: tab.has(NATIVE), "the form")
        tab.press(EXIT)
        until(lambda: tab.title() == NEUTRAL, "the neutral page")
        tab.turn(-1)
        until(lambda: tells(tab), "the form")


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_a_tab_has_no_past(both: Browsers, browser: str, wire: Wire, *, script: bool) -> None:
    """What another test left in the browser is never a press of Back away."""
    with both.tab(browser, script=script) as tab:
        for path in ("ru", "nowhere"):
            tab.open(f"{wire.address}/{path}")
            until(lambda path=path: tab.has("main") and f"/{path}" in asked(wire), "the page")
    wire.requests.clear()
    with both.tab(browser, script=script) as tab:
        for source in turns(tab, 1):
            assert "<main" not in source
    assert asked(wire) == []


@contextmanager
def elsewhere(target: str) -> Iterator[str]:
    """Another site, whose page links to `target`; gives its address."""

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            html = f'<!doctype html><title>Elsewhere</title><a href="{target}">go</a>'.encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(html)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://localhost:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_another_site_cannot_close_this_one(both: Browsers, browser: str, wire: Wire) -> None:
    """Its link to the exit leads to the neutral page, and the form opens as before."""
    with (
        both.tab(browser, script=False) as tab,
        elsewhere(f"{wire.address}/x") as address,
    ):
        tab.open(address)
        until(lambda: tab.title() == "Elsewhere", "the other site")
        tab.press("a")
        until(lambda: tab.title() == NEUTRAL, "the neutral page")
        tab.open(f"{wire.address}/1")
        until(lambda: tab.has(NATIVE), "the form")


def test_whoever_came_by_a_link_of_another_site_meets_the_neutral_page_too(
    both: Browsers, browser: str, wire: Wire
) -> None:
    """By Back to the page that the link led to, and by the same link again."""
    with (
        both.tab(browser, script=False) as tab,
        elsewhere(f"{wire.address}/ru") as address,
    ):
        tab.open(address)
        until(lambda: tab.has("a"), "the other site")
        tab.press("a")
        until(lambda: tab.has("main form button"), "the landing page")
        tab.press(EXIT)
        until(lambda: tab.title() == NEUTRAL, "the neutral page")
        wire.requests.clear()
        tab.turn(-1)
        until(lambda: asked(wire)[:1] == ["/ru"] and tab.title() != "Elsewhere", "the page again")
        until(lambda: tab.title() == NEUTRAL, "the neutral page, by Back", 10)
        tab.open(address)
        until(lambda: tab.title() == "Elsewhere", "the other site again")
        tab.press("a")
        until(lambda: tab.title() == NEUTRAL, "the neutral page, by the link", 10)
