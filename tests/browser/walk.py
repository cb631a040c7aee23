"""One walk past every page that a person can come to, in any tab, language, and with or without script."""

from collections.abc import Iterator

from tests.browser.browsers import Tab, until
from tests.browser.marionette import MarionetteError
from tests.browser.writing import NATIVE, SENTENCE

START = "main form button"
# The button that goes on: in the one page of the minimal form, or on any page of the guided one.
NEXT = {True: "#continue", False: f"{NATIVE}, [name=go][value=next], button[formaction='/2']"}


def pages(tab: Tab, address: str, lang: str, *, script: bool) -> Iterator[str]:
    """Go from page to page; each is shown when its name is given."""
    tab.open(f"{address}/{lang}")
    until(lambda: tab.has(START), "the landing page")
    yield "landing"
    yield from form_to_sent(tab, script=script)
    tab.open(f"{address}/s/{lang}")
    until(lambda: tab.has("#letter"), "the page for letters")
    yield "letter"
    tab.type("#letter", "age-encryption.org/v1")
    tab.press("main form button")
    until(lambda: tab.has(".box"), "what is wrong with a letter")
    yield "letter-wrong"
    tab.open(f"{address}/nowhere")
    until(lambda: tab.has("main") and not tab.has("#letter"), "the page that says there is none")
    yield "not-found"


def form_to_sent(tab: Tab, *, script: bool) -> Iterator[str]:
    """From the landing page's Start to the page that says it was sent."""
    on = NEXT[script]
    tab.press(START)
    until(lambda: tab.has(on), "the form")
    yield "form"
    short = tab.has("[name=when_text]")
    if short:
        tab.type("[name=when_text]", "0" * 201)
    tab.press(on)
    until(lambda: tab.has("#summary li") and tab.has(on), "what is wrong")
    yield "form-wrong"
    tab.type("[name=narrative]", f"{SENTENCE}\n\nSecond paragraph, with a longword{'d' * 60}.")
    tab.press("[value='r.witness']")
    if short:
        tab.empty("[name=when_text]")
        tab.press("[name=consent][value=stats]")
    yield from _on_to_check(tab, on)
    yield "check"
    tab.press("#send" if script else "main form button:not(.plain)")
    until(lambda: not tab.has("dl") and tab.has("h1"), "the sent page")
    yield "sent"


def _on_to_check(tab: Tab, on: str) -> Iterator[str]:
    """Each page that follows the form's first, up to the check page."""
    for number in range(1, 40):
        shown = tab.text()
        tab.press(on)
        until(lambda shown=shown: is_other_than(tab, shown), "another page")
        if tab.has("dl"):
            return
        yield f"guided-{number:02}"
    raise AssertionError("the form has no end")


def is_other_than(tab: Tab, shown: str) -> bool:
    """Whether another page than this one is shown, whole."""
    try:
        return tab.has("main h1") and tab.text() != shown
    except (AssertionError, MarionetteError):  # there is none just now
        return False
