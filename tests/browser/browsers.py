"""Two real browsers behind one small interface: what a person can do on a page, and see."""

import base64
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path
from typing import Any, Protocol

import pytest
from playwright.sync_api import Browser as PlaywrightBrowser
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Page, sync_playwright

from tests.browser.marionette import Marionette, MarionetteError

CHROMIUM = Path("/usr/bin/chromium")
_QUIET = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
)
_ENTER = "\ue007"  # WebDriver's code for the Enter key


class Tab(Protocol):
    """One tab with a fresh cookie jar and no page before its first."""

    def open(self, address: str) -> None:
        """Go to a page; returns without waiting for it."""

    def has(self, selector: str) -> bool:
        """Whether something that the selector finds can be seen."""

    def text(self, selector: str = "main") -> str:
        """What can be read in the first element of the selector."""

    def value(self, selector: str) -> str:
        """What is in a box."""

    def title(self) -> str:
        """The page's title."""

    def type(self, selector: str, text: str) -> None:
        """Write into a box, after what is there."""

    def empty(self, selector: str) -> None:
        """Take everything out of a box."""

    def press(self, selector: str) -> None:
        """Press a button, tick a box, choose an answer."""

    def enter(self, selector: str) -> None:
        """Press the Enter key in a box."""

    def send_again(self, done: Callable[[], bool]) -> None:
        """Where no answer came to a form, have the browser send it once more, unless `done`."""

    def forget_cookies(self) -> None:
        """Lose the cookies."""

    def turn(self, pages: int) -> None:
        """Press Back (-1) or Forward (1); where there is no such page, nothing happens."""

    def source(self) -> str:
        """The page's markup as it is now; empty between two pages."""

    def box(self, selector: str) -> tuple[float, float, float, float]:
        """Where an element stands in the window: left, top, width, height, in CSS pixels."""

    def glance(self) -> bytes:
        """What the window shows at this moment as PNG, though another page may be on its way."""

    def picture(self) -> bytes:
        """The whole page as PNG."""


class NothingThereError(AssertionError):
    """No element is there by this selector, now."""


def until(holds: Callable[[], bool], what: str, seconds: float = 120) -> None:
    """Wait until something holds, on a busy machine too; a page between two states may not answer."""
    end = time.monotonic() + seconds
    while not _holds(holds):
        assert time.monotonic() < end, f"waited in vain: {what}"
        time.sleep(0.05)


def _holds(holds: Callable[[], bool]) -> bool:
    try:
        return holds()
    except NothingThereError:
        return False  # it was there when it was looked for, and the page went on


class ChromiumTab:
    """A tab of Chromium."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.complaints: list[str] = []
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def open(self, address: str) -> None:
        self.page.goto(address, wait_until="commit")

    def has(self, selector: str) -> bool:
        return self.page.locator(selector).first.is_visible()

    def text(self, selector: str = "main") -> str:
        return self.page.locator(selector).first.inner_text()

    def value(self, selector: str) -> str:
        return self.page.locator(selector).first.input_value()

    def title(self) -> str:
        return self.page.title()

    def type(self, selector: str, text: str) -> None:
        box = self.page.locator(selector).first
        box.fill(box.input_value() + text)

    def empty(self, selector: str) -> None:
        self.page.locator(selector).first.fill("")

    def press(self, selector: str) -> None:
        # Where script is off, nothing tells Playwright that a page has followed: callers wait.
        self.page.locator(selector).first.click(no_wait_after=True)

    def enter(self, selector: str) -> None:
        self.page.locator(selector).first.press("Enter", no_wait_after=True)

    def send_again(self, done: Callable[[], bool]) -> None:
        # Sometimes Chromium does so by itself, at once. If not, its error page stands there, which
        # Playwright itself does not reload.
        until(lambda: done() or not self.has("main"), "the error page")
        until(lambda: done() or self._reloaded(), "the page sent again")

    def _reloaded(self) -> bool:
        try:
            self.page.context.new_cdp_session(self.page).send("Page.reload")
        except PlaywrightError:
            return False  # between two pages
        return True

    def forget_cookies(self) -> None:
        self.page.context.clear_cookies()

    def turn(self, pages: int) -> None:
        until(lambda: self._turned(pages), "a page to turn from")

    def _turned(self, pages: int) -> bool:
        try:
            self._turn(pages)
        except PlaywrightError:
            return False  # one page is just taking another's place
        return True

    def _turn(self, pages: int) -> None:
        # Playwright's own Back waits for a page, which an error page never is.
        devtools = self.page.context.new_cdp_session(self.page)
        history = devtools.send("Page.getNavigationHistory")
        wanted = history["currentIndex"] + pages
        if 0 <= wanted < len(history["entries"]):
            entry = {"entryId": history["entries"][wanted]["id"]}
            devtools.send("Page.navigateToHistoryEntry", entry)

    def source(self) -> str:
        try:
            return self.page.content()
        except PlaywrightError:
            return ""

    def box(self, selector: str) -> tuple[float, float, float, float]:
        found = self.page.locator(selector).first.bounding_box()
        assert found is not None, f"nothing is {selector}"
        return found["x"], found["y"], found["width"], found["height"]

    def glance(self) -> bytes:
        devtools = self.page.context.new_cdp_session(self.page)
        return base64.b64decode(devtools.send("Page.captureScreenshot")["data"])

    def picture(self) -> bytes:
        return self.page.screenshot(full_page=True)


class FirefoxTab:
    """The tab of a Firefox that is in front."""

    def __init__(self, firefox: Marionette) -> None:
        self.firefox = firefox
        self.complaints: list[str] = []

    def open(self, address: str) -> None:
        self.firefox.ask("WebDriver:Navigate", {"url": address})

    def has(self, selector: str) -> bool:
        try:
            found = self.firefox.find(selector)
            return any(self.firefox.ask("WebDriver:IsElementDisplayed", one) for one in found)
        except MarionetteError:
            return False  # the page went away in between

    def text(self, selector: str = "main") -> str:
        return str(self.firefox.ask("WebDriver:GetElementText", self._one(selector)))

    def value(self, selector: str) -> str:
        asked = {**self._one(selector), "name": "value"}
        return str(self.firefox.ask("WebDriver:GetElementProperty", asked))

    def title(self) -> str:
        return str(self.firefox.ask("WebDriver:GetTitle"))

    def type(self, selector: str, text: str) -> None:
        self.firefox.ask("WebDriver:ElementSendKeys", {**self._one(selector), "text": text})

    def empty(self, selector: str) -> None:
        self.firefox.ask("WebDriver:ElementClear", self._one(selector))

    def press(self, selector: str) -> None:
        self.firefox.ask("WebDriver:ElementClick", self._one(selector))

    def enter(self, selector: str) -> None:
        self.type(selector, _ENTER)

    def send_again(self, done: Callable[[], bool]) -> None:
        # Firefox shows a page of its own; Reload there asks first.
        until(lambda: done() or not self.has("main"), "the error page")
        if not done():
            self.firefox.ask("WebDriver:Refresh")
            until(self._said_yes, "the question whether to send again")

    def _said_yes(self) -> bool:
        try:
            self.firefox.ask("WebDriver:AcceptAlert")
        except MarionetteError:
            return False
        return True

    def forget_cookies(self) -> None:
        self.firefox.ask("WebDriver:DeleteAllCookies")

    def turn(self, pages: int) -> None:
        self.firefox.ask("WebDriver:Back" if pages < 0 else "WebDriver:Forward")

    def source(self) -> str:
        try:
            return str(self.firefox.ask("WebDriver:GetPageSource"))
        except MarionetteError:
            return ""

    def box(self, selector: str) -> tuple[float, float, float, float]:
        found = self.firefox.ask("WebDriver:GetElementRect", self._one(selector))
        return found["x"], found["y"], found["width"], found["height"]

    def glance(self) -> bytes:
        shown = self.firefox.ask("WebDriver:TakeScreenshot", {"full": False})
        return base64.b64decode(shown)

    def picture(self) -> bytes:
        return self.firefox.picture()

    def _one(self, selector: str) -> dict[str, str]:
        found = self.firefox.find(selector)
        if not found:
            raise NothingThereError(f"nothing is {selector}")
        return dict(found[0])


class Browsers:
    """Starts each browser once, when it is first asked for."""

    def __init__(self, folder: Path, chromium: PlaywrightBrowser) -> None:
        self._folder = folder
        self._chromium = chromium
        self._foxes: dict[bool, tuple[Marionette, Path]] = {}

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
        try:
            yield ChromiumTab(chromium.contexts[0].pages[0])
        finally:
            chromium.close()

    def _fox(self, script: bool) -> Marionette:
        if script not in self._foxes:
            profile = self._folder / f"firefox-{'on' if script else 'off'}"
            fox = Marionette.start(profile, {"javascript.enabled": script})
            self._foxes[script] = fox, profile
        return self._foxes[script][0]

    def stop(self) -> None:
        """End every Firefox."""
        for fox, profile in self._foxes.values():
            fox.stop(profile)


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


@contextmanager
def browsers(folder: Path) -> Iterator[Browsers]:
    """Chromium and Firefox ESR as the distribution has them; a missing one is an error."""
    assert CHROMIUM.exists(), "chromium is not installed"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=list(_QUIET))
        both = Browsers(folder, chromium)
        try:
            yield both
        finally:
            both.stop()
            chromium.close()
