"""After somebody wrote here and left, their browser's own files hold none of their words.

The browsers run with ordinary profiles: Tor Browser, which keeps less, is the easier case.
"""

import re
import struct
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.browser.browsers import Browsers, ChromiumTab, Tab, until
from tests.browser.serving import Served
from tests.browser.test_leaving import NEUTRAL
from tests.browser.wire import wire_to

UNKEPT = re.compile(rb'<input type="password" name="unkept"[^>]*>')
WORD = "Хьаьштигзакъ"  # in no file that a browser brings along
PLACE = "Zqxwvatown"
STORAGE = """async () => [localStorage.length, sessionStorage.length, (await caches.keys()).length,
  (await indexedDB.databases()).length, (await navigator.serviceWorker.getRegistrations()).length]"""


def written_forms(word: str) -> set[bytes]:
    """A word as a browser may write it."""
    escaped = word.encode("ascii", "backslashreplace")
    return {word.encode(), word.encode("utf-16le"), quote(word).encode(), escaped}


def unpacked(path: Path) -> bytes:
    """A file's content; Firefox packs what it keeps of a session."""
    content = path.read_bytes()
    if content.startswith(b"mozLz40\0"):
        return lz4_block(content[12:], struct.unpack("<I", content[8:12])[0])
    return content


def lz4_block(packed: bytes, size: int) -> bytes:
    """One block of LZ4 (lz4_Block_format.md)."""
    out, at = bytearray(), 0

    def more(length: int) -> int:
        nonlocal at
        if length == 15:
            while True:
                byte = packed[at]
                at += 1
                length += byte
                if byte != 255:
                    break
        return length

    while at < len(packed):
        token = packed[at]
        at += 1
        literals = more(token >> 4)
        out += packed[at : at + literals]
        at += literals
        if at >= len(packed):
            break
        back = int.from_bytes(packed[at : at + 2], "little")
        at += 2
        for _ in range(more(token & 15) + 4):
            out.append(out[-back])
    assert len(out) == size
    return bytes(out)


def traces(profile: Path, words: list[str]) -> list[str]:
    """The files that hold one of the words, by their content or their name."""
    found = []
    for path in profile.rglob("*"):
        content = unpacked(path) if path.is_file() and not path.is_symlink() else b""
        content += str(path).encode()
        if any(form in content for word in words for form in written_forms(word)):
            found.append(str(path.relative_to(profile)))
    return found


def write_and_send(tab: Tab, address: str, *, script: bool) -> None:
    write_and_stop(tab, address, script=script)
    on = "#continue" if script else "noscript button:not([name])"
    tab.press(on)
    until(lambda: tab.has("dl"), "the check page")
    tab.press("#send" if script else "main form button:not(.plain)")
    until(lambda: tab.title() == "Форма, шаг 3 из 3" and tab.has("h1"), "the sent page")


def write_and_exit(tab: Tab, address: str, *, script: bool) -> None:
    write_and_stop(tab, address, script=script)
    tab.press("a.leave")
    # The form itself is covered at once, while this page is still on its way.
    until(lambda: tab.title() == NEUTRAL and tab.has("h1"), "the neutral page")


def write_and_stop(tab: Tab, address: str, *, script: bool) -> None:
    tab.open(f"{address}/1")
    until(lambda: tab.has("#continue" if script else "noscript button"), "the form")
    tab.type("[name=narrative]", f"{WORD} стоял у ворот")
    tab.type("[name=where_text]", PLACE)
    time.sleep(1.5)  # a browser writes what it keeps of a session now and then


ACTS = (write_and_send, write_and_exit, write_and_stop)


@pytest.mark.parametrize(
    "acts",
    [
        pytest.param(ACTS, id="one after the other"),
        *(pytest.param((act,), id=act.__name__, marks=pytest.mark.long) for act in ACTS),
    ],
)
@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_a_browsers_profile_holds_no_word(
    tmp_path: Path,
    server: Served,
    both: Browsers,
    browser: str,
    script: bool,
    acts: tuple[Callable[..., None], ...],
) -> None:
    """After sending, after leaving at once, and after closing the browser in the middle."""
    profile = tmp_path / "profile"
    with both.keeping(browser, profile, script=script) as tab:
        for act in acts:
            act(tab, server.address, script=script)
            if script and act is write_and_send and isinstance(tab, ChromiumTab):
                assert tab.page.evaluate(STORAGE) == [0, 0, 0, 0, 0]
            assert traces(profile, [WORD, PLACE]) == [], act
            tab.forget_cookies()  # whoever left is shown the neutral page until then
    assert traces(profile, [WORD, PLACE]) == []
    assert sum(path.is_file() for path in profile.rglob("*")) > 5


def test_without_the_field_that_forbids_it_chromium_does_keep_what_was_sent(
    tmp_path: Path, server: Served, both: Browsers
) -> None:
    """The twin of the same page without `unkept`: its words are found."""

    def plain(status: int, page: bytes) -> tuple[int, bytes]:
        assert UNKEPT.search(page)
        return status, UNKEPT.sub(b"", page)

    profile = tmp_path / "profile"
    with wire_to(server.port) as wire:
        wire.alter["/1"] = wire.alter["/2"] = plain
        with both.keeping("chromium", profile, script=False) as tab:
            write_and_send(tab, wire.address, script=False)
    assert traces(profile, [WORD, PLACE]) != []


def test_the_search_finds_what_a_page_does_keep(
    tmp_path: Path, server: Served, both: Browsers, browser: str
) -> None:
    """The twin: a word in an address, as a form sent with GET leaves it, is in the profile."""
    profile = tmp_path / "profile"
    with both.keeping(browser, profile, script=False) as tab:
        tab.open(f"{server.address}/{PLACE}")
        until(lambda: tab.has("main"), "a page")
        time.sleep(1.5)
    assert traces(profile, [PLACE]) != []
