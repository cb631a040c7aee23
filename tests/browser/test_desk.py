"""A reviewer's sitting in the window that the desk opens, and what is left of it afterwards."""

import os
import signal
import stat
import tempfile
import time
from pathlib import Path

from intake.review.desk.run_folder import remove_left
from tests.browser.browsers import Browsers, ChromiumTab, until
from tests.browser.sitting import Command, sitting
from tests.browser.test_traces import traces
from tests.review.desk.conftest import PASSPHRASE, STORY, Made, made

__all__ = ["made"]

WORD = "Мусхабов"
TYPED = "Zqxwvatown"
# A desk whose pages may be kept, in a browser that keeps what it wants, on a disk; and that looks
# for a way out.
FAULT = """
from pathlib import Path
from intake.review.desk import chromium, gate, run_folder
gate.HEADERS = tuple(row for row in gate.HEADERS if row[0] != "Cache-Control")
chromium._SWITCHES = tuple(
    switch for switch in chromium._SWITCHES
    if switch != "--incognito" and "cache" not in switch
)
chromium._PREFERENCES = {{}}
run_folder.memory = lambda: Path({parent!r})
import socket
socket.socket(socket.AF_INET, socket.SOCK_DGRAM).connect(("192.0.2.7", 9))
"""


ELSEWHERE = """
from pathlib import Path
from intake.review.desk import run_folder
run_folder.memory = lambda: Path({!r})
"""


def walk(tab: ChromiumTab, made: Made) -> None:
    """List, search for a word and for one that is nowhere, read with keys alone."""
    page = tab.page
    until(lambda: tab.has("table") and not tab.has("progress"), "the list")
    assert page.locator("tbody tr").count() == 4
    for typed, wanted in ((TYPED, 0), (WORD.upper(), 1)):
        page.fill("#words", typed)
        page.press("#words", "Enter")
        until(lambda n=wanted: f"{n} of 4" in tab.text("#found"), "what was found")
    assert WORD not in page.url
    page.click("tbody a")
    until(lambda: tab.is_at(".warning button"), "the warning")
    assert WORD not in tab.source()
    for number, row in enumerate((row for row in STORY.split("\n") if row), 1):
        page.keyboard.press("Enter")
        # The next key is for the page's script: only a page that is whole listens to it.
        until(lambda n=number: tab.is_at(f"#p{n}"), f"paragraph {number}")
        assert tab.text(f"#p{number}") == row
    assert "That is all" in tab.text(".more")


def lock_and_unlock(tab: ChromiumTab) -> None:
    """Lock with the keys, try a wrong passphrase, unlock with the right one."""
    page = tab.page
    tab.settle()
    press_twice(tab, "Escape")
    until(lambda: tab.title() == "Locked", "the lock")
    assert WORD not in tab.source()
    for typed, title in (("some other test words", "Locked"), (PASSPHRASE, "Items")):
        page.fill("input[type=password]", typed)
        page.press("input[type=password]", "Enter")
        sign = "table" if typed == PASSPHRASE else "[role=alert]"
        until(lambda s=sign, t=title: tab.has(s) and tab.title() == t, f"the page {title}")


def press_twice(tab: ChromiumTab, key: str) -> None:
    """Press a key twice within a moment, however long this machine takes to pass both on."""
    keyboard = tab.page.context.new_cdp_session(tab.page)
    now = time.time()
    for begun in (now - 0.2, now):
        for kind in ("rawKeyDown", "keyUp"):
            stroke = {"type": kind, "key": key, "code": key, "timestamp": begun}
            keyboard.send("Input.dispatchKeyEvent", stroke)


def left(command: Command, made: Made) -> list[str]:
    """Every file with a word that was read or typed: the run's, the home's, the case's."""
    places = (command.folder, command.home, made.folder.parent)
    return [found for place in places for found in traces(place, [WORD, TYPED])]


def is_expected(complaint: str) -> bool:
    """A page that is locked, or a form of another window; and a field that had its focus already."""
    return any(one in complaint for one in ("423", "403", "Autofocus processing was blocked"))


def test_a_sitting_leaves_no_word_and_reaches_nothing(
    tmp_path: Path, made: Made, both: Browsers
) -> None:
    with sitting(made, tmp_path) as command:
        folder = command.folder
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        with both.attached(command.port()) as tab:
            until(lambda: tab.has("table"), "the list")
            assert not (folder / "enter.html").exists()
            address = tab.page.url.split("/")[2]
            walk(tab, made)
            lock_and_unlock(tab)
            until(lambda: tab.has("table") and not tab.has("progress"), "the list")
            # The first row may be the one that cannot be read, and has no warning.
            tab.press(f"tbody a[href='/item/{made.items['story']}']")
            until(lambda: tab.has(".warning"), "the warning")
            time.sleep(1.5)  # a browser writes what it keeps now and then
            assert left(command, made) == []
            assert [text for text in tab.complaints if not is_expected(text)] == []
            tab.press("form[action='/close'] button")
            command.process.wait(30)
        assert command.process.returncode == 0
        assert not folder.exists()
    assert traces(tmp_path, [WORD, TYPED]) == []
    host, port = address.split(":")
    assert ("connect", "TCP", host, int(port)) in command.calls()
    # Chromium asks the kernel whether there would be a way for IPv6, and sends nothing there; all
    # that it wants to fetch for itself it asks of the proxy that is not there.
    assert command.calls() - {("connect", "TCP", host, int(port))} <= {
        ("connect", "TCP", host, 1),
        ("connect", "UDP", "2001:4860:4860::8888", 443),
        ("sendto", "TCP", "", 0),
        ("sendmsg", "TCP", "", 0),
    }


def test_the_twin_that_may_keep_pages_is_found_to(
    tmp_path: Path, made: Made, both: Browsers
) -> None:
    # Not in the tests' own folder: Chromium has a socket there, whose path must be short.
    with tempfile.TemporaryDirectory(dir="/var/tmp") as disk:
        parent = Path(disk)
        fault = FAULT.format(parent=disk)
        with (
            sitting(made, tmp_path, before=fault, parent=parent) as command,
            both.attached(command.port()) as tab,
        ):
            walk(tab, made)
            until(lambda: left(command, made) != [], "a word in a file", 20)
        assert ("connect", "UDP", "192.0.2.7", 9) in command.calls()


def test_a_desk_that_is_killed_takes_its_window_along_and_the_next_removes_what_it_left(
    tmp_path: Path, made: Made, both: Browsers
) -> None:
    # In a folder of its own: another desk that starts meanwhile would remove what is left, too.
    with (
        tempfile.TemporaryDirectory(dir="/dev/shm") as memory,
        sitting(made, tmp_path, before=ELSEWHERE.format(memory), parent=Path(memory)) as command,
    ):
        folder, port = command.folder, command.port()
        with both.attached(port) as tab:
            until(lambda: tab.has("table"), "the list")
        window = int((folder / "profile" / "SingletonLock").readlink().name.rpartition("-")[2])
        assert Path(f"/proc/{window}").exists()
        os.kill(command.pid, signal.SIGKILL)
        until(lambda: not Path(f"/proc/{window}").exists(), "the end of the window", 20)
        command.process.wait(30)
        assert folder.exists()
        remove_left(Path(memory))
        assert not folder.exists()


def test_firefox_is_let_in_shows_the_list_and_reaches_nothing(tmp_path: Path, made: Made) -> None:
    with sitting(made, tmp_path, "firefox") as command:
        # The script runs too: it asks how far the reading is.
        until(lambda: command.asked("GET /state HTTP"), "the list with its script")
        assert command.asked("POST /enter HTTP")
        folder = command.folder
        until(lambda: not (folder / "enter.html").exists(), "the letter's end")
        time.sleep(3)  # in which it would look for news of all kinds
        assert traces(folder, [WORD]) == []
    assert command.process.returncode == 0
    assert not folder.exists()
    (address,) = {row[2:] for row in command.calls() if row[3] > 1}
    assert command.calls() <= {
        ("connect", "TCP", *address),
        ("connect", "TCP", address[0], 1),
        ("sendto", "TCP", "", 0),
        ("sendmsg", "TCP", "", 0),
    }
