"""The offline page, opened from a disk in real browsers for which there is no network at all."""

import datetime as dt
import http.client
import re
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Error as PlaywrightError

from intake.code_manifest import PATH, CodeManifest, digest_of
from intake.container import Mode
from intake.web.site import today_in_utc
from tests.browser.browsers import Browsers, ChromiumTab, FirefoxTab, Tab, in_both, until
from tests.browser.marionette import Marionette, MarionetteError
from tests.browser.serving import Served
from tests.browser.test_refusing import press_everything
from tests.browser.writing import SENTENCE, WORDS, check_kept, write
from tests.ports import free_port
from tests.web.follow import Upload, Visitor, over_http

LOCKED = "Текст закрыт. Он ещё не отправлен"
NOTE = re.compile(rb'(<template id="offline-roster">)(.*?)(</template>)', re.DOTALL)


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the browsers save files."""
    return tmp_path_factory.mktemp("saved")


@pytest.fixture(scope="module")
def lone_fox(tmp_path_factory: pytest.TempPathFactory, saved: Path) -> Iterator[Marionette]:
    """A Firefox whose only way out is a proxy that is not there."""
    profile = tmp_path_factory.mktemp("lone") / "profile"
    fox = Marionette.start(
        profile,
        {
            "network.proxy.type": 1,
            "network.proxy.socks": "127.0.0.1",
            "network.proxy.socks_port": free_port(),
            "network.proxy.allow_hijacking_localhost": True,
            "browser.download.folderList": 2,
            "browser.download.dir": str(saved),
            "browser.download.manager.showWhenStarting": False,
            "browser.download.alwaysOpenPanel": False,
        },
    )
    yield fox
    fox.stop(profile)


@pytest.fixture
def lone_tab(
    both: Browsers, browser: str, saved: Path, request: pytest.FixtureRequest
) -> Iterator[Tab]:
    """A tab of each browser, without a network."""
    for old in saved.iterdir():
        old.unlink()
    if browser == "chromium":
        with both.tab("chromium", script=True, offline=True, accept_downloads=True) as tab:
            yield tab
    else:
        fox = FirefoxTab(request.getfixturevalue("lone_fox"))
        with fox.firefox.fresh_tab():
            yield fox


def fetch(site: Served, path: str) -> bytes:
    """What the site answers, byte for byte."""
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=30)
    try:
        connection.request("GET", path)
        return connection.getresponse().read()
    finally:
        connection.close()


def put(folder: Path, page: bytes) -> str:
    """The address of the page once it lies in a folder."""
    path = folder / "form.html"
    path.write_bytes(page)
    return path.as_uri()


def save(tab: Tab, folder: Path) -> Path:
    """Press Save, and give the file that comes of it."""
    if isinstance(tab, ChromiumTab):
        with tab.page.expect_download() as begun:
            tab.press("#save")
        begun.value.save_as(folder / begun.value.suggested_filename)
    else:
        tab.press("#save")
    file = folder / "letter.txt"
    until(lambda: file.exists() and file.read_bytes().endswith(b"FILE-----\n"), "the saved file")
    return file


def lock(tab: Tab, address: str) -> str:
    """Write, check, lock the text; the letter as the page shows it."""
    tab.open(address)
    until(lambda: tab.has("#continue"), "a button to go on with")
    write(tab)
    tab.press("#continue")
    until(lambda: tab.has("#send"), "the check page")
    assert SENTENCE in tab.text("dl")
    assert tab.text("#send") == "Закрыть текст"
    tab.press("#send")
    until(lambda: LOCKED in tab.text(), "the words that it is locked")
    assert "Отправлено" not in tab.text()
    return tab.value("#sealed")


def test_written_without_a_network_it_is_sent_later_from_anywhere(
    lone_tab: Tab, site: Served, saved: Path, tmp_path: Path
) -> None:
    """Locked on the device, pasted at the site by somebody else, opened by the reviewers."""
    page = fetch(site, "/offline-ru.html")
    listed = CodeManifest.parse(fetch(site, PATH))
    assert digest_of(page) == listed.files["/offline-ru.html"]
    letter = lock(lone_tab, put(tmp_path, page))
    assert letter.endswith("-----END AGE ENCRYPTED FILE-----\n")
    shown = lone_tab.text()
    last = site.site.current().roster.expires + dt.timedelta(days=14)
    assert str(last) in shown
    assert site.site.settings.address in shown
    lone_tab.press("#copy")
    file = save(lone_tab, saved)
    assert file.read_text("ascii") == letter
    assert site.kept() == []
    visitor = Visitor(over_http(site.port))
    form = visitor.get("/s/ru")
    assert any(a.get("href") == "/offline-ru.html" for a in form.links)
    assert visitor.press(form, "Отправить", {"letter": letter}).title == "Форма, шаг 3 из 3"
    check_kept(site.kept(), Mode.TOOL)
    again = {"file": Upload("letter.txt", file.read_bytes())}
    assert visitor.press(visitor.get("/s/ru"), "Отправить", again).status == 200
    assert len(site.kept()) == 1
    assert getattr(lone_tab, "complaints", []) == []


def test_the_page_says_until_when_it_can_be_used(
    lone_tab: Tab, site: Served, tmp_path: Path
) -> None:
    """The last day of its roster stands above the form."""
    lone_tab.open(put(tmp_path, fetch(site, "/offline-ru.html")))
    until(lambda: lone_tab.has("#continue"), "a button to go on with")
    assert str(site.site.current().roster.expires) in lone_tab.text()


def of_yesterday(site: Served) -> bytes:
    """Rightly signed, and over since yesterday."""
    yesterday = today_in_utc() - dt.timedelta(days=1)
    issued = yesterday - dt.timedelta(days=30)
    return site.keys.sign(replace(site.site.current().roster, issued=issued, expires=yesterday))


def of_tomorrow(site: Served) -> bytes:
    """Rightly signed, and not yet in use."""
    tomorrow = today_in_utc() + dt.timedelta(days=1)
    return site.keys.sign(replace(site.site.current().roster, issued=tomorrow))


def by_one(site: Served) -> bytes:
    """Signed by one of the two holders."""
    return site.keys.sign(site.site.current().roster, signatures=2)


def of_another(site: Served) -> bytes:
    """Rightly signed for another deployment."""
    return site.keys.sign(replace(site.site.current().roster, deployment="other-abcdefgh"))


@in_both(
    "note",
    (of_yesterday, of_tomorrow, by_one, of_another),
    {of_yesterday},
    lambda note: note.__name__,
)
def test_with_a_roster_that_is_not_right_it_locks_nothing(
    lone_tab: Tab, site: Served, saved: Path, tmp_path: Path, note: object
) -> None:
    """Who gets a page with other keys in it, or opens it too late, is told that nothing is sent."""
    assert callable(note)
    made = note(site)
    page, count = NOTE.subn(
        lambda found: found[1] + made + found[3], fetch(site, "/offline-ru.html")
    )
    assert count == 1
    lone_tab.open(put(tmp_path, page))
    until(lambda: lone_tab.has("[name=narrative]"), "the form")
    write(lone_tab)
    until(lambda: WORDS["not_sent"] in lone_tab.text("#summary"), "the words that it is not sent")
    press_everything(lone_tab)
    time.sleep(0.3)
    assert not lone_tab.has("#continue")
    assert lone_tab.value("[name=narrative]").strip() == SENTENCE
    assert list(saved.iterdir()) == []


def check_gone(tab: Tab) -> None:
    """Back and Forward, more than once: the story is in no page and in no box."""
    for pages in (-1, -1, 1, 1, -1):
        tab.turn(pages)
        end = time.monotonic() + 0.5
        while time.monotonic() < end:
            assert SENTENCE not in tab.source()
            assert not tab.has("#sealed")
            written = ""
            # A blank page may take the form's place between two questions.
            with suppress(MarionetteError, PlaywrightError, AssertionError):
                written = tab.value("[name=narrative]") if tab.has("[name=narrative]") else ""
            assert written.strip() == ""
            time.sleep(0.1)


@pytest.mark.parametrize(
    ("way", "place"),
    [
        *(("link", "form"), ("link", "check"), ("link", "locked")),
        *(("shift", "check"), ("another page", "locked")),
        *(
            pytest.param(way, place, marks=pytest.mark.long)
            for way, place in (
                *(("shift", "form"), ("shift", "locked")),
                *(("another page", "form"), ("another page", "check")),
            )
        ),
    ],
)
def test_whoever_leaves_leaves_nothing_behind_on_the_screen(
    lone_tab: Tab, site: Served, tmp_path: Path, place: str, way: str
) -> None:
    """By the link, by Shift three times, or just so: an empty page, and no way back to the text."""
    address = put(tmp_path, fetch(site, "/offline-ru.html"))
    if place == "locked":
        lock(lone_tab, address)
    else:
        lone_tab.open(address)
        until(lambda: lone_tab.has("#continue"), "a button to go on with")
        write(lone_tab)
    if place == "check":
        lone_tab.press("#continue")
        until(lambda: lone_tab.has("#send"), "the check page")
    if way == "link":
        lone_tab.press("a.leave")
    elif way == "shift":
        press_shift(lone_tab, 3)
    else:
        lone_tab.open("about:blank")
    until(lambda: not lone_tab.has("main"), "the empty page")
    assert SENTENCE not in lone_tab.source()
    if (way, place) == ("link", "check"):
        # Every step that was made within the page is still an entry; none shows even the form.
        for pages in (-1, 1):
            lone_tab.turn(pages)
            until(lambda: not lone_tab.has("main"), "a page that says nothing")
        lone_tab.turn(-1)
        until(lambda: not lone_tab.has("main"), "a page that says nothing")
    check_gone(lone_tab)


def press_shift(tab: Tab, times: int) -> None:
    """Press the Shift key and let it go, so many times."""
    if isinstance(tab, ChromiumTab):
        for _ in range(times):
            tab.page.keyboard.press("Shift")
        return
    assert isinstance(tab, FirefoxTab)
    strokes = [{"type": kind, "value": "\ue008"} for kind in ("keyDown", "keyUp")] * times
    tab.firefox.ask(
        "WebDriver:PerformActions", {"actions": [{"type": "key", "id": "k", "actions": strokes}]}
    )
