"""What hides the page at once while it is left, what leaves it by mistake, and what only covers it.

Keys are pressed one by one in Chromium; a press on the link is tried in both browsers.
"""

import threading
import time
import zlib
from collections.abc import Iterator

import pytest

from tests.browser.browsers import Browsers, ChromiumTab, FirefoxTab, Tab, until
from tests.browser.test_leaving import EXIT, NEUTRAL, asked, go_to, tells
from tests.browser.wire import Wire, slow
from tests.browser.writing import SENTENCE

SHIFT = "\ue008"  # WebDriver's code for the key


@pytest.fixture
def chromium(both: Browsers) -> Iterator[ChromiumTab]:
    """A tab of Chromium with script, in which keys are pressed one by one."""
    with both.tab("chromium", script=True) as tab:
        assert isinstance(tab, ChromiumTab)
        yield tab


def slow_exit(wire: Wire) -> threading.Event:
    """Let the exit be on its way, as over Tor, until what this gives is set."""
    return slow(wire, "/x")


def covered(tab: Tab, wire: Wire) -> None:
    """Half a second after it was asked for the page is covered, and the exit still on its way."""
    until(lambda: "/x" in asked(wire), "the exit asked for")
    time.sleep(0.5)
    after = tab.glance()
    assert is_on_its_way(wire)
    assert is_plain(after)


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_a_press_covers_the_page_at_once(
    both: Browsers, browser: str, wire: Wire, *, script: bool
) -> None:
    """While the neutral page is on its way, nothing of the page can be seen."""
    arrive = slow_exit(wire)
    with both.tab(browser, script=script) as tab:
        go_to(tab, wire.address, "form", script=script)
        before = tab.glance()
        tab.press(EXIT)
        covered(tab, wire)
        assert not is_plain(before)
        arrive.set()
        until(lambda: tab.title() == NEUTRAL, "the neutral page")


def test_enter_covers_the_page_at_once_with_script(chromium: ChromiumTab, wire: Wire) -> None:
    """For whoever uses the keyboard too, with either link."""
    for link in (EXIT, "a.skip.x"):
        arrive = slow_exit(wire)
        go_to(chromium, wire.address, "form", script=True)
        chromium.page.locator(link).focus()
        chromium.page.keyboard.press("Enter", delay=0)
        covered(chromium, wire)
        arrive.set()
        until(lambda: chromium.title() == NEUTRAL, "the neutral page")
        chromium.forget_cookies()
        wire.requests.clear()


@pytest.mark.parametrize("path", ["/ru", "/ce", "/s", "/nowhere"])
def test_on_every_other_page_the_keyboard_leaves_as_fast(
    chromium: ChromiumTab, wire: Wire, path: str
) -> None:
    """Enter covers at once, and Shift three times leaves; a pasted letter cannot be seen then."""
    for keys in (("Enter",), ("Shift", "Shift", "Shift")):
        arrive = slow_exit(wire)
        chromium.open(f"{wire.address}{path}")
        chromium.settle()  # with its script: without it Enter is a link's, and covers nothing
        if path == "/s":
            chromium.type("#letter", SENTENCE)
        chromium.page.locator(EXIT).focus()
        for key in keys:
            chromium.page.keyboard.press(key)
        covered(chromium, wire)
        arrive.set()
        until(lambda: chromium.title() == NEUTRAL, "the neutral page")
        chromium.forget_cookies()
        wire.requests.clear()


def test_another_language_that_comes_late_uncovers_nothing(
    chromium: ChromiumTab, wire: Wire
) -> None:
    """Asked for before the way out, and there before the neutral page is."""
    arrive = slow_exit(wire)
    go_to(chromium, wire.address, "form", script=True)
    chromium.page.evaluate(
        """() => {
            const seen = () => console.log("covered", !!document.querySelector(".cover"));
            document.querySelector("[data-switch]").click();
            document.querySelector("a.leave").click();
            for (let n = 1; n < 5; n++) setTimeout(seen, n * 500);
        }"""
    )
    # A page's words arrive when it is asked something.
    until(lambda: chromium.title() != NEUTRAL and len(chromium.complaints) == 4, "four looks")
    arrive.set()
    until(lambda: chromium.title() == NEUTRAL, "the neutral page")
    assert [post.path for post in wire.posts] == ["/1", "/1"]
    assert chromium.complaints == ["covered true"] * 4


def is_on_its_way(wire: Wire) -> bool:
    """Whether the exit was asked for, and has not been answered yet."""
    return "/x" in asked(wire) and "/n" not in asked(wire)


def is_plain(picture: bytes) -> bool:
    """Whether a PNG is of one colour: then hardly two bytes of its pixels differ."""
    packed, place = b"", 8
    while place < len(picture):
        size = int.from_bytes(picture[place : place + 4])
        if picture[place + 4 : place + 8] == b"IDAT":
            packed += picture[place + 8 : place + 8 + size]
        place += size + 12
    return len(set(zlib.decompress(packed))) <= 16


def test_shift_three_times_leaves(chromium: ChromiumTab, wire: Wire) -> None:
    go_to(chromium, wire.address, "form", script=True)
    chromium.page.locator("#narrative").focus()
    for _ in range(3):
        chromium.page.keyboard.press("Shift")
    until(lambda: chromium.title() == NEUTRAL, "the neutral page")


def test_shift_three_times_leaves_while_something_is_sent(
    both: Browsers, browser: str, wire: Wire
) -> None:
    """The keys come to the page, though the button that had the focus cannot be pressed then."""
    arrive = slow(wire, "/s")
    with both.tab(browser, script=True) as tab:
        go_to(tab, wire.address, "check", script=True)
        tab.press("#send")
        until(lambda: "/s" in asked(wire), "what is sent")
        assert tab.is_at("main")
        if isinstance(tab, ChromiumTab):
            for _ in range(3):
                tab.page.keyboard.press("Shift")
        else:
            assert isinstance(tab, FirefoxTab)
            tab.firefox.press_keys(*[SHIFT] * 3)
        until(lambda: tab.title() == NEUTRAL, "the neutral page", 20)
        assert not tells(tab)
        arrive.set()


def test_switching_the_keyboard_and_writing_capitals_never_leave(
    chromium: ChromiumTab, wire: Wire
) -> None:
    """Alt, Ctrl or Meta held while Shift is tapped, Shift held first, capitals, clicks between."""
    go_to(chromium, wire.address, "form", script=True)
    chromium.page.locator("#narrative").focus()
    keyboard = chromium.page.keyboard
    for other in ("Alt", "Control", "Meta"):
        keyboard.down(other)
        for _ in range(4):
            keyboard.press("Shift")
        keyboard.up(other)
        for _ in range(4):
            keyboard.down("Shift")
            keyboard.press(other)
            keyboard.up("Shift")
            keyboard.press(f"{other}+Shift")
    for _ in range(4):
        keyboard.press("Shift+A")
    for _ in range(4):
        keyboard.press("Shift")
        chromium.page.mouse.click(200, 400)
    time.sleep(0.5)
    assert chromium.source().count("<textarea") == 2
    assert "/x" not in asked(wire)


def test_shift_pressed_slowly_never_leaves(both: Browsers, wire: Wire) -> None:
    """Three presses count within 5 seconds alone."""
    with both.tab("chromium", script=True) as tab:
        assert isinstance(tab, ChromiumTab)
        tab.page.clock.install()
        go_to(tab, wire.address, "form", script=True)
        tab.page.clock.pause_at(time.time() + 60)
        for _ in range(4):
            tab.page.keyboard.press("Shift")
            tab.page.clock.run_for(2600)
        assert tab.value("#narrative") == SENTENCE
        assert "/x" not in asked(wire)


def test_an_untouched_page_is_covered_and_nothing_is_deleted(both: Browsers, wire: Wire) -> None:
    """After 10 minutes; a touch in between puts it off, and one button shows everything again."""
    with both.tab("chromium", script=True) as tab:
        assert isinstance(tab, ChromiumTab)
        tab.page.clock.install()
        go_to(tab, wire.address, "form", script=True)
        tab.page.clock.pause_at(time.time() + 60)
        tab.page.locator("#narrative").press("Home")
        tab.page.clock.run_for("09:50")
        tab.page.locator("#narrative").press("End")
        tab.page.clock.run_for("09:50")
        assert not tab.has(".cover")
        tab.page.clock.run_for("00:11")
        until(lambda: tab.has(".cover button"), "the cover")
        covered = tab.page.evaluate("document.elementFromPoint(100, 300).className")
        assert covered == "cover"
        assert tab.text(".cover") == "Показать снова"
        tab.page.keyboard.type("nothing")
        tab.page.keyboard.press("Enter")
        until(lambda: not tab.has(".cover"), "the page")
        assert tab.value("#narrative") == SENTENCE
        tab.page.keyboard.type("!")
        assert tab.value("#narrative") == SENTENCE + "!"


def test_a_page_that_the_browser_kept_alive_comes_back_empty(
    chromium: ChromiumTab, wire: Wire
) -> None:
    """Browsers decide by themselves what to keep: whatever comes back is asked for anew."""
    go_to(chromium, wire.address, "check", script=True)
    back = "dispatchEvent(new PageTransitionEvent('{}', {{persisted: true}}))"
    chromium.page.evaluate(back.format("pagehide"))
    assert SENTENCE not in chromium.source()
    forms = len(wire.requests)
    chromium.page.evaluate(back.format("pageshow"))
    until(lambda: len(wire.requests) > forms, "the page asked for anew")
    until(lambda: chromium.has("#continue"), "an empty form")
    assert SENTENCE not in chromium.source() + chromium.value("#narrative")
