"""Every page can be used by everybody: what axe-core, a narrow screen and a keyboard have to say."""

import re
from itertools import product
from pathlib import Path
from typing import Any, cast

import pytest

from tests.browser.browsers import Browsers, ChromiumTab, until
from tests.browser.serving import Served
from tests.browser.walk import pages

AXE = Path(__file__).parents[2] / "intake/web/js/node_modules/axe-core/axe.min.js"
ASK = """async () => {
  const found = await axe.run({ resultTypes: ["violations"] });
  return found.violations.map(v => v.id + ": " + v.nodes.map(n => n.html.slice(0, 200)).join(" | "));
}"""
WIDER_THAN_THE_SCREEN = "() => document.documentElement.scrollWidth - innerWidth"
SMALL_TARGETS = """() => [...document.querySelectorAll("a, button, input, summary, textarea")]
  .filter(e => e.checkVisibility() && e.getBoundingClientRect().right > 0)
  .map(e => [e.closest("label") ?? e, e])
  .filter(([box]) => box.getBoundingClientRect().height < 43.5)
  .map(([, e]) => e.outerHTML.slice(0, 120))"""
LARGE_TEXT = "html, body { font-size: 36px !important }"  # 200 %
OWN_SPACING = """* { line-height: 1.5 !important; letter-spacing: .12em !important;
  word-spacing: .16em !important } p { margin-block-end: 2em !important }"""


def complaints(tab: ChromiumTab) -> list[str]:
    """What axe finds on the page that is shown."""
    if not tab.page.evaluate("() => 'axe' in globalThis"):
        tab.page.add_script_tag(path=AXE)
    return cast("list[str]", tab.page.evaluate(ASK))


@pytest.mark.parametrize(
    ("lang", "scheme"),
    [
        *(("ru", "light"), ("en", "dark")),
        *(pytest.param(*one, marks=pytest.mark.long) for one in (("ru", "dark"), ("en", "light"))),
    ],
)
def test_axe_finds_nothing_on_any_page(
    both: Browsers, site: Served, lang: str, scheme: str
) -> None:
    """With script, in each language, light and dark."""
    found: dict[str, list[str]] = {}
    with both.tab("chromium", script=True, color_scheme=scheme, bypass_csp=True) as tab:
        assert isinstance(tab, ChromiumTab)
        for name in pages(tab, site.address, lang, script=True):
            found[name] = complaints(tab)
    assert {"landing", "form", "form-wrong", "check", "sent"} <= set(found)
    assert not any(found.values()), found


@pytest.mark.parametrize("lang", ["ru", pytest.param("en", marks=pytest.mark.long)])
def test_axe_finds_nothing_on_any_page_without_script(
    both: Browsers, site: Served, lang: str
) -> None:
    """As it is shown where script is off; axe itself then runs on a copy."""
    found: dict[str, list[str]] = {}
    with (
        both.tab("chromium", script=False) as tab,
        both.tab("chromium", script=True) as copy,
    ):
        assert isinstance(tab, ChromiumTab)
        assert isinstance(copy, ChromiumTab)
        for name in pages(tab, site.address, lang, script=False):
            shown = re.sub(r"<script\b.*?</script>", "", tab.page.content())
            copy.page.set_content(shown.replace("noscript", "div"))
            found[name] = complaints(copy)
    assert {"landing", "form", "form-wrong", "check", "sent"} <= set(found)
    assert not any(found.values()), found


@pytest.mark.parametrize(
    ("width", "change"),
    [
        *((320, ""), (320, LARGE_TEXT), (320, OWN_SPACING), (1280, "")),
        *(
            pytest.param(width, change, marks=pytest.mark.long)
            for width, change in ((360, ""), *product((360, 1280), (LARGE_TEXT, OWN_SPACING)))
        ),
    ],
)
def test_nothing_is_wider_than_the_screen_or_too_small_to_hit(
    both: Browsers, site: Served, width: int, change: str
) -> None:
    """At 320 pixels, at twice the size of text, with a person's own spacing; 44 pixels to hit."""
    with both.tab("chromium", script=True, width=width, bypass_csp=True) as tab:
        assert isinstance(tab, ChromiumTab)
        for name in pages(tab, site.address, "ru", script=True):
            if change:
                tab.page.add_style_tag(content=change)
            assert tab.page.evaluate(WIDER_THAN_THE_SCREEN) <= 0, name
            assert tab.page.evaluate(SMALL_TARGETS) == [], name


def test_axe_and_the_measures_can_fail(both: Browsers, site: Served) -> None:
    """The twin: a page with a fault of each kind is found out."""
    with both.tab("chromium", script=True, width=320, bypass_csp=True) as tab:
        assert isinstance(tab, ChromiumTab)
        next(pages(tab, site.address, "ru", script=True))
        fault = "main{color:#aaa!important;background:#fff}button{min-block-size:0!important;padding:0!important}h1{inline-size:900px}"
        tab.page.add_style_tag(content=fault)
        assert any(line.startswith("color-contrast") for line in complaints(tab))
        assert tab.page.evaluate(WIDER_THAN_THE_SCREEN) > 0
        assert tab.page.evaluate(SMALL_TARGETS) != []


def test_everything_can_be_done_by_keyboard(both: Browsers, site: Served) -> None:
    """From the landing page to the sent page with Tab, Space, Enter and letters alone."""
    with both.tab("chromium", script=True) as tab:
        assert isinstance(tab, ChromiumTab)
        keys = tab.page.keyboard
        focus: dict[str, Any] = {}

        def go_to(selector: str) -> None:
            for _ in range(80):
                keys.press("Tab")
                there = "s => document.activeElement?.matches(s)"
                if tab.page.evaluate(there, selector):
                    shown = tab.page.evaluate(
                        "() => getComputedStyle(document.activeElement).outlineStyle"
                    )
                    focus[selector] = shown
                    return
            pytest.fail(f"the keyboard never comes to {selector}")

        tab.open(f"{site.address}/en")
        until(lambda: tab.has("main form button"), "the landing page")
        go_to("main form button")
        keys.press("Enter")
        until(lambda: tab.has("#continue"), "the form")
        go_to("[name=narrative]")
        keys.type("By keyboard alone")
        go_to("[name=consent][value=publish]")
        keys.press("Space")
        go_to("#continue")
        keys.press("Enter")
        until(lambda: tab.has("#send"), "the check page")
        go_to("#send")
        keys.press("Enter")
        until(lambda: "step 3 of 3" in tab.title(), "the sent page")
        assert set(focus.values()) == {"solid"}
    (container,) = site.kept()
    assert container.answers == {"narrative": "By keyboard alone"}
    assert [row.level.value for row in container.consent if row.agreed] == ["publish"]
