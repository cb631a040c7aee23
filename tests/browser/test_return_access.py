"""The pages of a code can be used by everybody, with script and without: axe-core, a narrow screen."""

import re

import pytest

from intake.codename import Codename
from tests.browser.browsers import Browsers, ChromiumTab, until
from tests.browser.returning import BUTTONS, PATIENT, give_board
from tests.browser.serving import Served
from tests.browser.test_accessibility import WIDER_THAN_THE_SCREEN, complaints
from tests.browser.wire import Wire

WORDS = " ".join(Codename.fresh().words)


def looked_at(tab: ChromiumTab, found: dict[str, object], name: str) -> None:
    """What is wrong with the page that is shown, wide and narrow."""
    found[f"{name}, axe"] = complaints(tab)
    tab.page.set_viewport_size({"width": 320, "height": 640})
    wider = tab.page.evaluate(WIDER_THAN_THE_SCREEN)
    found[f"{name}, wider than a narrow screen"] = [] if wider <= 0 else [str(wider)]
    tab.page.set_viewport_size({"width": 1280, "height": 860})


@pytest.mark.parametrize(("lang", "scheme"), [("ru", "light"), ("en", "dark")])
def test_axe_finds_nothing_on_what_a_code_opens(
    both: Browsers, site: Served, wire: Wire, lang: str, scheme: str
) -> None:
    found: dict[str, object] = {}
    give_board(wire, site, [])
    with both.tab("chromium", script=True, color_scheme=scheme, bypass_csp=True) as tab:
        assert isinstance(tab, ChromiumTab)
        tab.open(f"{wire.address}/r/{lang}")
        until(lambda: tab.has("#open"), "a button to open a code with")
        looked_at(tab, found, "code")
        tab.type("#code", "seven words are not enough here")
        tab.press("#open")
        until(lambda: tab.has("#summary"), "what is wrong")
        looked_at(tab, found, "wrong")
        tab.empty("#code")
        tab.type("#code", WORDS)
        tab.press("#open")
        until(lambda: tab.has("#more"), "the messages", PATIENT)
        looked_at(tab, found, "messages")
        for name, button in BUTTONS.items():
            tab.press(button)
            until(lambda: tab.has("#back") and not tab.has("#more"), name)
            looked_at(tab, found, name)
            tab.press("#back")
            until(lambda: tab.has("#more"), "the messages again")
    assert len(found) == 12
    assert not any(found.values()), found


@pytest.mark.parametrize("lang", ["ru", "en"])
def test_axe_finds_nothing_without_script(both: Browsers, site: Served, lang: str) -> None:
    """As it is shown where script is off; axe itself then runs on a copy."""
    found: dict[str, object] = {}
    with (
        both.tab("chromium", script=False) as tab,
        both.tab("chromium", script=True) as copy,
    ):
        assert isinstance(tab, ChromiumTab)
        assert isinstance(copy, ChromiumTab)

        def look(name: str) -> None:
            tab.settle()
            shown = re.sub(r"<script\b.*?</script>", "", tab.page.content())
            copy.page.set_content(shown.replace("noscript", "div"))
            looked_at(copy, found, name)

        tab.open(f"{site.address}/r/{lang}")
        look("code")
        tab.type("[name=code]", "seven words are not enough here")
        tab.follow("button[name=go][value=open]")
        assert tab.has("#summary")
        look("wrong")
        tab.empty("[name=code]")
        tab.type("[name=code]", WORDS)
        tab.follow("button[name=go][value=open]")
        assert not tab.has("[name=code]")
        look("messages")
    assert len(found) == 6
    assert not any(found.values()), found
