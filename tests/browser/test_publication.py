"""The page that checks publications, opened from a disk in two browsers, without a network."""

from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from tests.browser.browsers import Browsers, ChromiumTab, Tab, until
from tests.browser.test_accessibility import (
    LARGE_TEXT,
    SMALL_TARGETS,
    WIDER_THAN_THE_SCREEN,
    complaints,
)
from tests.test_publication import file_of, vectors

PAGE = files("intake").joinpath("audit", "publication.html").read_bytes()
GOOD = {row["name"]: row for row in vectors("good.json")}
REFUSED = {row["name"]: row for row in vectors("refused.json")}
USUAL = "names, two fields and most facts are left out"
TAMPERED = (
    *("another word", "text at a hidden place", "one more word is hidden", "a no made a yes"),
    *("another week", "another entry", "one witness too few", "a log of the same name"),
    *("a witness's signature altered", "an ML-DSA-44 cosignature altered", "no UTF-8"),
    *("a week that was not over", "a space", "an opening beside the proof", "one key for two"),
)


def put(folder: Path) -> str:
    """The address of the page once it lies in a folder."""
    path = folder / "page.html"
    path.write_bytes(PAGE)
    return path.as_uri()


def give(tab: Tab, folder: Path, row: dict[str, Any]) -> None:
    """Choose the policy and the publication of a row, in this order."""
    for name, data in (("policy", row["policy"]), ("publication", file_of(row))):
        # A new name each time: a browser says nothing where the same file is chosen again.
        file = folder / f"{name}-{len(list(folder.iterdir()))}"
        file.write_bytes(data)
        if isinstance(tab, ChromiumTab):
            tab.page.locator(f"#{name}").set_input_files(file)
        else:
            tab.type(f"#{name}", str(file))


@pytest.fixture
def page(both: Browsers, browser: str, tmp_path: Path) -> Iterator[Tab]:
    """The page in each browser; Chromium has no network at all."""
    also = {"offline": True} if browser == "chromium" else {}
    with both.tab(browser, script=True, **also) as tab:
        tab.open(put(tmp_path))
        until(lambda: tab.has("#publication"), "the page")
        yield tab


def test_it_shows_what_holds_and_of_anything_else_no_word(page: Tab, tmp_path: Path) -> None:
    """What Python refuses it refuses for the same reason; the vectors are read by both."""
    asked: list[str] = []
    if isinstance(page, ChromiumTab):
        page.page.on("request", lambda request: asked.append(request.url))
    give(page, tmp_path, GOOD[USUAL])
    until(lambda: page.has(".holds"), "that it holds")
    shown = page.text("#outcome")
    for line in (
        "The proof holds",
        "Every word below stood, unaltered, in a testimony that was logged for the week 2026-W47.",
        "It is entry 5 of 17 in the log testimony-intake/test-abcdefgh.",
        "last on 2026-11-23: w1, w2.",
        "Words shown: 32. Places where something is left out: 5.",
        "Its author said yes to: publish.",
        "What this does not prove",
        "That what it says is true.",
        "подвале",
    ):
        assert line in shown
    # A stranger's text is data: no element of it, no turned line, nothing like a gap of ours.
    assert "⟨U+202E⟩gnihton⟨U+202C⟩ ⟨U+27E8⟩hidden⟩ <b>[person]</b>" in shown
    assert not page.has("blockquote b")
    assert page.source().count('class="gap"') == 5
    assert "Ruslan" not in page.source()
    for name in TAMPERED:
        give(page, tmp_path, REFUSED[name])
        until(
            lambda name=name: page.has(".fails") and REFUSED[name]["reason"] in page.text(".fails"),
            f"why it is refused: {name}",
        )
        assert not page.has("blockquote")
        assert "March" not in page.text()
        assert "подвале" not in page.source()
    give(page, tmp_path, GOOD["cosigned with ML-DSA-44"])
    until(lambda: page.has(".holds"), "that it holds again")
    assert "w1, w3." in page.text("#outcome")
    page.press("#switch")
    until(lambda: "Доказательство верно" in page.text("#outcome"), "the other language")
    assert page.title() == "Проверить публикацию"
    assert page.has("#unchecked")
    assert asked == []
    if isinstance(page, ChromiumTab):
        assert page.complaints == []


def test_everybody_can_use_it(both: Browsers, tmp_path: Path) -> None:
    """What axe has to say, in light and dark, in both languages; a narrow screen, large text."""
    for scheme in ("light", "dark"):
        with both.tab("chromium", script=True, color_scheme=scheme, bypass_csp=True) as tab:
            assert isinstance(tab, ChromiumTab)
            tab.open(put(tmp_path))
            for row, mark in ((GOOD[USUAL], ".holds"), (REFUSED["another word"], ".fails")):
                give(tab, tmp_path, row)
                until(lambda mark=mark: tab.has(mark), mark)
                assert complaints(tab) == []
                tab.press("#switch")
            tab.page.add_style_tag(content=LARGE_TEXT)
            assert tab.page.evaluate(WIDER_THAN_THE_SCREEN) <= 0
            assert tab.page.evaluate(SMALL_TARGETS) == []
