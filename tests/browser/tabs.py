"""What a person can do in a browser's tab, and see; and how to wait for it."""

import time
from collections.abc import Callable
from typing import Protocol

from playwright.sync_api import Error as PlaywrightError

from tests.browser.marionette import MarionetteError

STATE = "document.readyState"
PATIENT = 30  # seconds for which something is looked for that is not there yet


class Tab(Protocol):
    """One tab with a fresh cookie jar and no page before its first.

    Whatever is asked of a page or done on it waits until all of it is loaded, so that it is whole
    and its script has run. Whether another page follows a press, callers must see for themselves.
    """

    def open(self, address: str) -> None:
        """Go to a page; returns once it has taken the place of the one before, not yet whole."""

    def has(self, selector: str) -> bool:
        """Whether something that the selector finds can be seen."""

    def text(self, selector: str = "main") -> str:
        """What can be read in the first element of the selector."""

    def value(self, selector: str) -> str:
        """What is in a box."""

    def title(self) -> str:
        """The page's title now, though it may still be loading; perhaps its address before that."""

    def type(self, selector: str, text: str) -> None:
        """Write into a box, after what is there."""

    def empty(self, selector: str) -> None:
        """Take everything out of a box."""

    def press(self, selector: str) -> None:
        """Press a button, tick a box, choose an answer."""

    def is_at(self, selector: str) -> bool:
        """Whether the focus is there: the next key comes to it, and to the page's script."""

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
    begun = time.monotonic()
    end = begun + seconds
    while True:
        failed = None
        try:
            if holds():
                return
        except (NothingThereError, PlaywrightError, MarionetteError) as error:
            if "browser has been closed" in str(error):
                raise
            failed = error  # it was there when it was looked for, and the page went on
        if time.monotonic() >= end:
            raise AssertionError(f"waited in vain: {what}") from failed
        # Whoever asks twenty times a second takes the time away from the browser that works.
        time.sleep(0.05 if time.monotonic() < begun + 1 else 0.25)
