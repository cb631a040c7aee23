"""A tab of Firefox, driven by its own protocol."""

import base64
import time
from collections.abc import Callable, Mapping
from typing import Any

from tests.browser.marionette import Marionette, MarionetteError
from tests.browser.tabs import PATIENT, STATE, NothingThereError, until

# What Firefox says of an element whose page went on, or that something is still over or moves.
_NOT_YET = {
    *("stale element reference", "no such element"),
    *("element not interactable", "element click intercepted"),
}
# The tests' own script: it runs where a page's does not. A page of Firefox's own that says that a
# form's answer is not kept never is complete where script is off.
_IS_WHOLE = f"return {STATE} === 'complete' || document.documentURI.startsWith('about:')"
_ENTER = "\ue007"  # WebDriver's code for the Enter key


class FirefoxTab:
    """The tab of a Firefox that is in front."""

    def __init__(self, firefox: Marionette) -> None:
        self.firefox = firefox
        self.complaints: list[str] = []

    def open(self, address: str) -> None:
        before = self.firefox.find(":root")
        self.firefox.ask("WebDriver:Navigate", {"url": address})
        until(lambda: not any(map(self._is_of_this_page, before)), "the page asked for")

    def _is_of_this_page(self, element: Mapping[str, str]) -> bool:
        try:
            self.firefox.ask("WebDriver:GetElementTagName", element)
        except MarionetteError:
            return False
        return True

    def has(self, selector: str) -> bool:
        self._settle()
        try:
            found = self.firefox.find(selector)
            return any(self.firefox.ask("WebDriver:IsElementDisplayed", one) for one in found)
        except MarionetteError:
            return False  # the page went away in between

    def text(self, selector: str = "main") -> str:
        return str(self._ask("GetElementText", selector))

    def value(self, selector: str) -> str:
        return str(self._ask("GetElementProperty", selector, name="value"))

    def title(self) -> str:
        return str(self.firefox.ask("WebDriver:GetTitle"))

    def type(self, selector: str, text: str) -> None:
        self._ask("ElementSendKeys", selector, text=text)

    def empty(self, selector: str) -> None:
        self._ask("ElementClear", selector)

    def press(self, selector: str) -> None:
        # A press on what cannot be pressed yet would be lost, and Firefox would not say so.
        enabled = lambda: bool(self._ask("IsElementEnabled", selector))  # noqa: E731
        until(enabled, f"{selector} to be pressed", PATIENT)
        self._ask("ElementClick", selector)

    def enter(self, selector: str) -> None:
        self.type(selector, _ENTER)

    def is_at(self, selector: str) -> bool:
        self._settle()
        return self.firefox.is_focused(selector)

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
        found = self._ask("GetElementRect", selector)
        return found["x"], found["y"], found["width"], found["height"]

    def glance(self) -> bytes:
        shown = self.firefox.ask("WebDriver:TakeScreenshot", {"full": False})
        return base64.b64decode(shown)

    def picture(self) -> bytes:
        self._settle()
        return self.firefox.picture()

    def _settle(self) -> None:
        until(self._is_whole, "the whole page")

    def _is_whole(self) -> bool:
        asked = {"script": _IS_WHOLE, "args": []}
        return bool(self.firefox.ask("WebDriver:ExecuteScript", asked))

    def _ask(self, command: str, selector: str, **also: str) -> Any:
        """Ask something of an element once it is there and can be used."""
        end = time.monotonic() + PATIENT
        while True:
            self._settle()
            try:
                found = self.firefox.find(selector)
                if found:
                    return self.firefox.ask(f"WebDriver:{command}", {**found[0], **also})
            except MarionetteError as error:
                if error.kind not in _NOT_YET or time.monotonic() >= end:
                    raise
            if time.monotonic() >= end:
                raise NothingThereError(f"nothing is {selector}")
            time.sleep(0.05)
