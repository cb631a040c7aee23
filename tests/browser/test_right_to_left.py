"""The pages are ready for a language that is written from right to left, before its words are here.

The words are English ones with accents and brackets, a third longer; no sentence of any other
language is made up.
"""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from intake.web.wording import TRANSLATIONS
from tests.browser.browsers import Browsers, Tab, until
from tests.web.serving import serving, site_in

ACCENTS = str.maketrans("aeiouyAEIOUYcns", "áéíóúýÁÉÍÓÚÝçñš")
ADDRESS = '<bdi dir="ltr">abcd.onion</bdi>'
EXIT = "a.leave"
BUTTONS = {True: "#continue", False: "noscript button:not([name])"}


def accented(words: str) -> str:
    """`words` with accents, longer, its placeholders as they are."""
    pieces = re.split(r"(\{\w*\})", words)
    longer = "".join(p if p.startswith("{") else p.translate(ACCENTS) for p in pieces)
    return f"[{longer}{' ···' * (len(words) // 12)}]"


def catalogues(folder: Path) -> Path:
    """The languages there are, and `ar` made from the English one."""
    shutil.copytree(TRANSLATIONS, folder)
    path = Path("LC_MESSAGES") / "messages"
    with (folder / "en" / path).with_suffix(".po").open("rb") as file:
        words = read_po(file, locale="ar")
    for row in words:
        row.string = accented(str(row.string)) if row.id else row.string
    (folder / "ar" / path).parent.mkdir(parents=True)
    with (folder / "ar" / path).with_suffix(".mo").open("wb") as file:
        write_mo(file, words)
    return folder


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A site that also speaks this language."""
    folder = tmp_path_factory.mktemp("right-to-left")
    change = f"""
from intake.web import languages, wording
languages.LANGUAGES["ar"] = languages.Language("ar", "[ar]", "rtl")
wording.TRANSLATIONS = Path({str(catalogues(folder / "translations"))!r})
"""
    site, _ = site_in(folder / "site")
    with serving(site.folder, change=change) as (port, _):
        yield f"http://127.0.0.1:{port}"


def check_page(tab: Tab) -> None:
    """It runs from right to left, nothing sticks out, and the exit is large, at the line's end."""
    assert re.search(r'<html[^>]* dir="rtl"', tab.source())
    # The width of the whole page's picture, in the PNG's header, against that of its root.
    assert int.from_bytes(tab.picture()[16:20]) == tab.box("html")[2]
    left, _, wide, high = tab.box(EXIT)
    assert abs(left) < 1
    assert wide >= 44
    assert high >= 44


@pytest.mark.parametrize(
    ("browser", "script"),
    [
        *(("firefox", True), ("chromium", False)),
        *(
            pytest.param(*one, marks=pytest.mark.long)
            for one in (("firefox", False), ("chromium", True))
        ),
    ],
)
def test_every_page_runs_from_right_to_left_on_a_narrow_phone(
    both: Browsers, browser: str, address: str, script: bool
) -> None:
    """360 pixels in Chromium; Firefox's windows are not narrower than about 500."""
    with both.tab(browser, script=script) as tab:
        tab.open(f"{address}/ar")
        until(lambda: tab.has("main form button"), "the landing page")
        assert ADDRESS in tab.source()
        check_page(tab)
        tab.press("main form button")
        until(lambda: tab.has(BUTTONS[script]), "the form")
        check_page(tab)
        tab.press(BUTTONS[script])
        until(lambda: tab.has("#summary li"), "what is wrong")
        check_page(tab)
        tab.type("[name=narrative]", "Long-English-words-and كلمة together " * 3)
        tab.press(BUTTONS[script])
        until(lambda: tab.has("dl dd"), "the check page")
        check_page(tab)
        tab.open(f"{address}/s/ar")
        until(lambda: tab.has("#letter"), "the page for letters")
        assert '<bdi dir="ltr">intake seal' in tab.source()
        check_page(tab)


def test_in_other_languages_the_exit_is_at_the_right(
    both: Browsers, browser: str, address: str
) -> None:
    with both.tab(browser, script=False) as tab:
        tab.open(f"{address}/en")
        until(lambda: tab.has("main form button"), "the landing page")
        left, _, wide, _ = tab.box(EXIT)
        assert abs(left + wide - tab.box("html")[2]) < 1
