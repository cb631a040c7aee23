"""The whole way, past every page, as everybody may go it: browser, script, language, width, form."""

from collections.abc import Iterator
from itertools import product

import pytest

from intake.container import Mode
from tests.browser.browsers import Browsers
from tests.browser.serving import Served, served
from tests.browser.walk import pages
from tests.browser.writing import SENTENCE

PHONE, DESKTOP = 360, 1280


@pytest.fixture(scope="module")
def guided(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A site whose form is the guided one."""
    with served(tmp_path_factory.mktemp("walk") / "site", form="guided") as running:
        yield running


def walk(both: Browsers, site: Served, browser: str, width: int, lang: str, script: bool) -> None:
    site.begin()
    with both.tab(browser, script=script, width=width) as tab:
        names = list(pages(tab, site.address, lang, script=script))
    assert names[:2] == ["landing", "form"]
    assert {"form-wrong", "check", "sent", "letter", "letter-wrong", "not-found"} <= set(names)
    (container,) = site.kept()
    assert container.mode is (Mode.BROWSER if script else Mode.SERVER)
    assert container.form.lang == lang
    assert container.answers["narrative"].startswith(SENTENCE)
    assert container.answers["relation"] == "r.witness"


EVERYBODY = set(product(("chromium", "firefox"), (True, False), (PHONE, DESKTOP), ("ru", "en")))
# Each browser with script and without, on a phone and not, in each language.
SOME = {
    *(("firefox", True, PHONE, "ru"), ("firefox", False, DESKTOP, "en")),
    *(("chromium", True, DESKTOP, "en"), ("chromium", False, PHONE, "ru")),
}


@pytest.mark.parametrize(
    ("browser", "script", "width", "lang"),
    [
        *sorted(SOME),
        *(pytest.param(*one, marks=pytest.mark.long) for one in sorted(EVERYBODY - SOME)),
    ],
)
def test_everybody_can_go_the_whole_way(
    both: Browsers, server: Served, browser: str, script: bool, width: int, lang: str
) -> None:
    walk(both, server, browser, width, lang, script)


@pytest.mark.parametrize(
    ("browser", "script", "lang"), [("chromium", False, "en"), ("firefox", True, "ru")]
)
def test_everybody_can_go_all_of_the_guided_form(
    both: Browsers, guided: Served, browser: str, script: bool, lang: str
) -> None:
    walk(both, guided, browser, PHONE, lang, script)
