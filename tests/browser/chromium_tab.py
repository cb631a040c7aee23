"""A tab of Chromium, driven by Playwright."""

import base64
from collections.abc import Callable

from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Locator, Page

from tests.browser.tabs import STATE, until

_PATIENT = 120_000  # milliseconds


class ChromiumTab:
    """A tab of Chromium."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.complaints: list[str] = []
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def open(self, address: str) -> None:
        until(lambda: self._went(address), address)

    def _went(self, address: str) -> bool:
        try:
            self.page.goto(address, wait_until="commit")
        except PlaywrightError as error:
            # A page that was on its way by itself came first.
            if "is interrupted by another navigation" not in error.message:
                raise
            return False
        return True

    def has(self, selector: str) -> bool:
        return self._first(selector).is_visible()

    def text(self, selector: str = "main") -> str:
        return self._first(selector).inner_text()

    def value(self, selector: str) -> str:
        return self._first(selector).input_value()

    def title(self) -> str:
        return self.page.title()

    def type(self, selector: str, text: str) -> None:
        box = self._first(selector)
        box.fill(box.input_value() + text)

    def empty(self, selector: str) -> None:
        self._first(selector).fill("")

    def press(self, selector: str) -> None:
        # Where script is off, nothing tells Playwright that a page has followed: callers wait.
        self._first(selector).click(no_wait_after=True)

    def enter(self, selector: str) -> None:
        self._first(selector).press("Enter", no_wait_after=True)

    def follow(self, selector: str) -> None:
        """Press what leads to another page, and wait until that one is there, though it be alike."""
        self.settle()
        with self.page.expect_navigation(timeout=_PATIENT):
            self.page.locator(selector).first.click(no_wait_after=True)

    def is_at(self, selector: str) -> bool:
        self.settle()
        there = "s => document.activeElement?.matches(s) ?? false"
        return bool(self.page.evaluate(there, selector))

    def settle(self) -> None:
        """Wait until all of the page that is shown is loaded, and the scripts in it have run."""
        until(lambda: self.page.evaluate(STATE) == "complete", "the whole page")

    def _first(self, selector: str) -> Locator:
        self.settle()
        return self.page.locator(selector).first

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
        found = self._first(selector).bounding_box()
        assert found is not None, f"nothing is {selector}"
        return found["x"], found["y"], found["width"], found["height"]

    def glance(self) -> bytes:
        devtools = self.page.context.new_cdp_session(self.page)
        return base64.b64decode(devtools.send("Page.captureScreenshot")["data"])

    def picture(self) -> bytes:
        self.settle()
        return self.page.screenshot(full_page=True)
