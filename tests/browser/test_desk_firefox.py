"""The main steps of the work in the desk's own Firefox, driven as it is started; and what is left of them afterwards."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from intake.review import gates
from intake.review.case import Case
from intake.review.progress import Progress
from intake.review.steps import Step
from tests.browser.browsers import FirefoxTab, until
from tests.browser.marionette import MarionetteError
from tests.browser.sitting import Command, sitting
from tests.browser.test_desk import TYPED, WORD, left
from tests.browser.test_traces import traces
from tests.review.desk.bench import secret
from tests.review.desk.conftest import PASSPHRASE, STORY, Made, made
from tests.review.two_people import READ, TRIAGED

__all__ = ["made"]

TAB, ESCAPE, RIGHT, SHIFT = "\ue004", "\ue00c", "\ue014", "\ue008"
DRIVEN = """
from intake.review.desk import firefox
firefox._KEEPS_NOTHING |= {"marionette.port": 0, "remote.prefs.recommended": False}
"""
# Pages may be kept, and the browser keeps what it wants, on a disk.
FAULT = """
from pathlib import Path
from intake.review.desk import firefox, gate, run_folder
gate.HEADERS = tuple(row for row in gate.HEADERS if row[0] != "Cache-Control")
firefox._KEEPS_NOTHING = {{
    "marionette.port": 0, "remote.prefs.recommended": False, "browser.sessionstore.interval": 500,
}}
run_folder.memory = lambda: Path({parent!r})
"""


@pytest.fixture
def shared(made: Made, tmp_path: Path) -> Made:
    """A copy of the case in which r2 has read one item first."""
    shutil.copytree(made.folder, tmp_path / "case")
    item, other = made.items["waiting"], secret(2)
    with Case.opened(
        tmp_path / "case", (other.identity,), writing=True, signers=(other.signer,)
    ) as case:
        for answers in (TRIAGED, READ):
            gates.open_item(case, item)
            gates.answer(case, item, answers)
    return replace(made, folder=tmp_path / "case")


@contextmanager
def driven(command: Command) -> Iterator[FirefoxTab]:
    fox = command.fox()
    try:
        yield fox
    finally:
        fox.firefox.let_go()


def says(fox: FirefoxTab, words: str, selector: str = "main") -> bool:
    """Whether these words stand there; of a page that is just going away nothing does."""
    try:
        return words in fox.text(selector)
    except MarionetteError:
        return False


def to(fox: FirefoxTab, selector: str) -> None:
    """Press Tab until it is there."""
    for _ in range(120):
        if fox.firefox.is_focused(selector):
            return
        fox.firefox.press_keys(TAB)
    raise AssertionError(f"no way by keyboard to {selector}")


def read(fox: FirefoxTab, item: str) -> None:
    """From the list to the first paragraph, then all of it."""
    until(lambda: fox.has(f"tbody a[href='/item/{item}']"), "the list")
    fox.press(f"tbody a[href='/item/{item}']")
    until(lambda: fox.firefox.is_focused(".warning button"), "the warning")
    assert WORD not in fox.source()
    fox.press(".warning button")
    until(lambda: fox.has("#p1"), "the first paragraph")
    if fox.has("#next button"):
        fox.press(".more form:nth-of-type(2) button")
    until(lambda: fox.has(".more") and not fox.has("#next"), "the end")


def answer(fox: FirefoxTab, step: Step, *choices: str, **words: str) -> None:
    """Fill in the page of a step and keep it."""
    fox.press(f"ol.steps a[href$='/step/{step}']")
    until(lambda: fox.has("button[value=done]"), f"the page {step}")
    for choice in choices:
        fox.press(f"input[value='{choice}']")
    for name, text in words.items():
        fox.type(f"#a-{name}", text)
    fox.press("button[value=done]")
    until(lambda: fox.has("ol.steps"), f"{step} to be kept")


def redact(fox: FirefoxTab) -> None:
    """Take out the two words of a name with keys alone, and save it."""
    fox.press("nav.work a[href$='/redact']")
    until(lambda: fox.has("body.scripted #text"), "the page")
    to(fox, "#text")
    fox.firefox.press_keys(RIGHT)
    fox.firefox.press_keys(RIGHT, held=SHIFT)
    until(lambda: says(fox, f"«Заур {WORD}»", "#chosen"), "the words")
    fox.firefox.press_keys("p")
    until(lambda: fox.has("body.scripted #taken li"), "the mark")
    # The page's script goes back to the text; whoever goes on before it does would be called back.
    until(lambda: fox.firefox.is_focused("#text"), "the text again")
    until(lambda: says(fox, "[person] из", "#text .seen"), "what others will see")
    # A window without a screen has no focus of its own after a reload: Enter presses no button there.
    to(fox, "form[action$='/save'] button")
    fox.press("form[action$='/save'] button")
    until(lambda: says(fox, "Saved as version 1."), "the version")


def is_locked(fox: FirefoxTab) -> bool:
    """Press Esc twice; on a busy machine the second may come too late, and is then a first one."""
    if fox.has("input[type=password]"):
        return True
    fox.firefox.press_keys(ESCAPE, ESCAPE)
    return False


def lock_and_unlock(fox: FirefoxTab) -> None:
    until(lambda: is_locked(fox), "the lock")
    assert WORD not in fox.source()
    fox.type("input[type=password]", PASSPHRASE)
    fox.enter("input[type=password]")
    until(lambda: fox.has("tbody a"), "the list")


def test_the_work_is_done_in_firefox_and_leaves_no_word(tmp_path: Path, shared: Made) -> None:
    ours, theirs = shared.items["story"], shared.items["waiting"]
    with sitting(shared, tmp_path, "firefox", before=DRIVEN, switches="--marionette") as command:
        folder = command.folder
        with driven(command) as fox:
            read(fox, ours)
            answer(fox, Step.TRIAGE, "t.7")
            answer(fox, Step.READ, note=f"{TYPED}: {STORY[:4]}")
            fox.press("header nav a[href='/']")
            read_again(fox, ours)
            redact(fox)
            fox.press("header nav a[href='/']")
            read(fox, theirs)
            answer(fox, Step.SECOND, agreed="none")
            lock_and_unlock(fox)
            assert left(command, shared) == []
            fox.press("form[action='/close'] button")
        command.process.wait(60)
        assert command.process.returncode == 0
    assert not folder.exists()
    assert traces(tmp_path, [WORD, TYPED]) == []
    with Case.opened(shared.folder, (secret(1).identity,), writing=False) as case:
        done = Progress.of(case, theirs).done
        assert (done[Step.READ].by, done[Step.SECOND].by) == ("r2", "r1")
        assert Progress.of(case, ours).first == "r1"
        _, made_of_it = case.read(ours)
        assert made_of_it is not None
        taken = [(STORY[one.start : one.end], one.reason) for one in made_of_it.spans]
        assert taken == [(f"Заур {WORD}", "person")]


def read_again(fox: FirefoxTab, item: str) -> None:
    until(lambda: fox.has(f"tbody a[href='/item/{item}']"), "the list")
    fox.press(f"tbody a[href='/item/{item}']")
    until(lambda: fox.has("#next, .warning button"), "the item")
    fox.press("#next button, .warning button")
    until(lambda: fox.has("nav.work"), "the text")


@pytest.mark.long
def test_the_twin_whose_firefox_may_keep_pages_is_found_to(tmp_path: Path, shared: Made) -> None:
    with (
        tempfile.TemporaryDirectory(dir="/var/tmp") as disk,
        sitting(
            shared,
            tmp_path,
            "firefox",
            before=FAULT.format(parent=disk),
            parent=Path(disk),
            switches="--marionette",
        ) as command,
        driven(command) as fox,
    ):
        read(fox, shared.items["story"])
        until(lambda: left(command, shared) != [], "a word in a file", 60)
