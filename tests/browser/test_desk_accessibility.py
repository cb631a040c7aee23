"""The desk can be used by everybody: what axe-core says of each of its pages, and a narrow screen."""

from pathlib import Path

import pytest

from tests.browser.browsers import Browsers, ChromiumTab, until
from tests.browser.sitting import sitting
from tests.browser.test_accessibility import WIDER_THAN_THE_SCREEN, complaints
from tests.review.desk.conftest import PASSPHRASE, Made, made

__all__ = ["made"]


def looked_at(tab: ChromiumTab, name: str) -> dict[str, object]:
    """What is wrong with the page that is shown, wide and narrow."""
    page = tab.page
    found = {f"{name}, axe": complaints(tab)}
    page.set_viewport_size({"width": 320, "height": 640})
    wider = page.evaluate(WIDER_THAN_THE_SCREEN)
    found[f"{name}, wider than a narrow screen"] = [] if wider <= 0 else [str(wider)]
    page.set_viewport_size({"width": 1280, "height": 860})
    return found


@pytest.mark.parametrize(("lang", "scheme"), [("ru", "light"), ("en", "dark")])
def test_axe_finds_nothing_on_any_page_of_the_desk(
    tmp_path: Path, made: Made, both: Browsers, lang: str, scheme: str
) -> None:
    found: dict[str, object] = {}
    with sitting(made, tmp_path) as command, both.attached(command.port()) as tab:
        page = tab.page
        page.context.new_cdp_session(page).send("Page.setBypassCSP", {"enabled": True})
        page.emulate_media(color_scheme=scheme)
        until(lambda: tab.has("table") and not tab.has("progress"), "the list")
        tab.follow(f"button[value={lang}]")
        until(lambda: tab.has(f"html[lang={lang}] table"), "the language")
        found |= looked_at(tab, "list")
        page.click(f"a[href='/item/{made.items['poison']}']")
        until(lambda: tab.has(".warning"), "the warning")
        found |= looked_at(tab, "warning")
        page.click(".warning button")
        until(lambda: tab.has("#p1"), "a paragraph")
        page.click(".more form:nth-of-type(2) button")
        until(lambda: tab.has("#p9"), "all of it")
        found |= looked_at(tab, "text")
        tab.open(page.url.replace(made.items["poison"], made.items["refused"]))
        found |= looked_at(tab, "unreadable")
        tab.open(page.url + "0")
        found |= looked_at(tab, "refused")
        page.click("#lock button")
        until(lambda: tab.has("input[type=password]"), "the lock")
        page.fill("input[type=password]", f"{PASSPHRASE} but wrong")
        page.press("input[type=password]", "Enter")
        until(lambda: tab.has("[role=alert]"), "a word")
        found |= looked_at(tab, "locked")
        tab.press("form[action='/close'] button")
        command.process.wait(30)  # which takes the window along, perhaps before its last page
    assert len(found) == 12
    assert not any(found.values()), found
