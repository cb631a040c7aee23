"""Two real browsers behind one small interface: what a person can do on a page, and see."""

from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser as PlaywrightBrowser
from playwright.sync_api import sync_playwright

from tests.browser.chromium_tab import ChromiumTab
from tests.browser.firefox_tab import FirefoxTab
from tests.browser.marionette import Marionette
from tests.browser.tabs import Tab, until

__all__ = [
    "CHROMIUM_RARELY",
    "FIREFOX_RARELY",
    "Browsers",
    "ChromiumTab",
    "FirefoxTab",
    "Tab",
    "browsers",
    "in_both",
    "until",
]

CHROMIUM = Path("/usr/bin/chromium")
# The same Blink, V8, network and storage of the same package, without the window around the page:
# that costs more than all that a test does in it.
SHELL = Path("/usr/bin/chromium-headless-shell")
_QUIET = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
)


class Browsers:
    """Starts each browser once, when it is first asked for."""

    def __init__(self, folder: Path, chromium: PlaywrightBrowser) -> None:
        self._folder = folder
        self._chromium = chromium
        self._running_fox: Marionette | None = None

    @contextmanager
    def tab(self, browser: str, *, script: bool, width: int = 360, **also: Any) -> Iterator[Tab]:
        """A fresh tab of this width in pixels; all else is for Chromium.

        A window of Firefox is never less than 500 wide.
        """
        if browser == "firefox":
            fox = FirefoxTab(self._fox(script))
            with fox.firefox.fresh_tab():
                size = {"width": max(500, width), "height": 900}
                fox.firefox.ask("WebDriver:SetWindowRect", size)
                try:
                    yield fox
                finally:
                    fox.forget_cookies()
        else:
            context = self._chromium.new_context(
                java_script_enabled=script, viewport={"width": width, "height": 740}, **also
            )
            try:
                yield ChromiumTab(context.new_page())
            finally:
                context.close()

    @contextmanager
    def keeping(self, browser: str, profile: Path, *, script: bool) -> Iterator[Tab]:
        """A tab of a browser of its own that keeps what it wants to keep in the folder `profile`."""
        if browser == "firefox":
            keeps = {"javascript.enabled": script, "browser.sessionstore.interval": 500}
            fox = Marionette.start(profile, keeps)
            try:
                yield FirefoxTab(fox)
            finally:
                fox.quit()
        else:
            context = self._chromium.browser_type.launch_persistent_context(
                profile,
                executable_path=CHROMIUM,
                args=list(_QUIET),
                java_script_enabled=script,
            )
            try:
                yield ChromiumTab(context.pages[0])
            finally:
                context.close()

    @contextmanager
    def attached(self, port: int) -> Iterator[ChromiumTab]:
        """The tab of a Chromium that somebody else started and that can be driven at this port."""
        chromium = self._chromium.browser_type.connect_over_cdp(f"http://127.0.0.1:{port}")
        context = chromium.contexts[0]

        def has_a_page() -> bool:
            context.cookies()  # what it tells of itself is heard while something is asked
            return bool(context.pages)

        try:
            until(has_a_page, "the first page")
            yield ChromiumTab(context.pages[0])
        finally:
            chromium.close()

    def _fox(self, script: bool) -> Marionette:
        if self._running_fox is None:
            self._running_fox = Marionette.start(self._folder / "firefox", {}, changing=True)
        self._running_fox.prefer("javascript.enabled", script)
        return self._running_fox

    def stop(self) -> None:
        """End Firefox."""
        if self._running_fox is not None:
            self._running_fox.stop(self._folder / "firefox")


def in_both(
    name: str, cases: Iterable[Any], firefox: Collection[Any], ids: Callable[[Any], str] = str
) -> pytest.MarkDecorator:
    """Every case in Chromium and these in Firefox too; with `make long`, every case in both.

    For cases in which the script decides, the same in each browser, and not the browser itself.
    """
    params = []
    for browser, case in product(("chromium", "firefox"), cases):
        rare = browser == "firefox" and case not in firefox
        marks = [pytest.mark.long] if rare else []
        params.append(pytest.param(browser, case, marks=marks, id=f"{browser}-{ids(case)}"))
    return pytest.mark.parametrize(("browser", name), params)


# A test in Firefox, which Tor Browser is, and with `make long` in Chromium too.
CHROMIUM_RARELY = pytest.mark.parametrize(
    "browser", ["firefox", pytest.param("chromium", marks=pytest.mark.long)]
)

# A test in Chromium, and with `make long` in Firefox too: as `in_both`, where a test is one case.
FIREFOX_RARELY = pytest.mark.parametrize(
    "browser", ["chromium", pytest.param("firefox", marks=pytest.mark.long)]
)


@contextmanager
def browsers(folder: Path, *, whole: bool = False) -> Iterator[Browsers]:
    """Chromium and Firefox ESR as the distribution has them; a missing one is an error.

    Where `whole`, pages are shown in Chromium's own windows. What keeps a profile, and what others
    started, always is the whole of it.
    """
    for program in (CHROMIUM, SHELL):
        assert program.exists(), f"{program.name} is not installed"
    with sync_playwright() as playwright:
        program = CHROMIUM if whole else SHELL
        chromium = playwright.chromium.launch(executable_path=program, args=list(_QUIET))
        both = Browsers(folder, chromium)
        try:
            yield both
        finally:
            both.stop()
            chromium.close()
