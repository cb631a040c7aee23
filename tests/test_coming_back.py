"""The way of a code, every role a process with its own folder, people in real browsers.

All write, each in another way; a reviewer reads offline and answers; the board carries that; they
come back, read it, write more, allow something else, and take everything back.
"""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import pytest

from deploy.demo.__main__ import ceremony, serving
from deploy.demo.roles import Person
from intake.codename import Codename
from intake.review.keys import LockedIdentity
from tests.browser.browsers import Browsers, Tab, until
from tests.browser.writing import NATIVE

# Each browser and each path; what a page without script says is the server's, in whatever browser.
WAYS = (("firefox", True), ("chromium", False))
EVERY_WAY = tuple(product(("chromium", "firefox"), (True, False)))
pytestmark = pytest.mark.usefixtures("forked_people")

PATIENT = 60  # seconds: two cores stretch codes for browsers, a server and whoever tests
QUESTION = "May we tell the government of Norway about your case?"


@dataclass(frozen=True)
class Archive:
    """Who is there before anybody wrote: an operator with a site, and a reviewer."""

    operator: Person
    site: Path
    reviewer: Person


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory, forked_people: None) -> Path:
    """The folders of all the people of `make demo`, after their ceremony.

    The reviewer's passphrase costs one pass instead of three, once for each of some forty commands.
    """
    home = tmp_path_factory.mktemp("begun")
    reviewers, _ = ceremony(home, Person.arrive(home, "operator"))
    words = (reviewers[0].folder / "passphrase").read_text().strip()
    identity = reviewers[0].folder / f"{reviewers[0].name}.identity"
    secret = LockedIdentity.parse(identity.read_bytes()).unlock(words)
    identity.write_bytes(LockedIdentity.lock(secret, words, passes=1).to_bytes())
    return home


@pytest.fixture
def archive(begun: Path, tmp_path: Path) -> Archive:
    """A copy of those folders."""
    shutil.copytree(begun, tmp_path, dirs_exist_ok=True)
    operator, reviewer = (Person(name, tmp_path / name) for name in ("operator", "reviewer1"))
    return Archive(operator, operator.folder / "site", reviewer)


@dataclass
class Writer:
    """Somebody who writes in one browser, with script or without."""

    name: str
    script: bool
    code: str = ""
    item: str = ""

    @property
    def text(self) -> str:
        return f"They held me in a cellar, with {self.name} and script {self.script}."

    @property
    def more(self) -> str:
        return f"I remember the door now, with {self.name} and script {self.script}."


@contextmanager
def tab_of(both: Browsers, writer: Writer) -> Iterator[Tab]:
    with both.tab(writer.name, script=writer.script) as tab:
        yield tab


def write(tab: Tab, address: str, writer: Writer) -> None:
    """From the landing page to the code."""
    further = "#continue" if writer.script else NATIVE
    tab.open(f"{address}/en")
    until(lambda: tab.has("main form button"), "the landing page", PATIENT)
    tab.press("main form button")
    until(lambda: tab.has(further), "the form", PATIENT)
    tab.type("[name=narrative]", writer.text)
    tab.press("[name=consent][value=publish]")
    tab.press("[name=consent][value=message]")
    tab.press(further)
    until(lambda: tab.has("dl"), "the check page", PATIENT)
    tab.press("#send" if writer.script else "main form button:not(.plain)")
    until(lambda: tab.has(".code"), "the code", PATIENT)
    writer.code = " ".join(Codename.parse(tab.text(".code")).words)


def come_back(tab: Tab, address: str, code: str, *, script: bool) -> None:
    """To the messages of a code."""
    tab.open(f"{address}/r/en")
    button = "#open" if script else "[name=go][value=open]"
    until(lambda: tab.has(button), "the page for a code", PATIENT)
    tab.type("#code", code)
    tab.press(button)
    until(lambda: tab.has("#more, [value=more]"), "what the code opens", PATIENT)


def pressed(tab: Tab, with_script: str, without: str, awaited: str) -> None:
    """Press the button that does something, whichever way the page has it."""
    tab.press(with_script if tab.has(with_script) else without)
    until(lambda: tab.has(awaited), awaited, PATIENT)


def said(tab: Tab, words: str) -> None:
    until(lambda: tab.has("main h1") and words in tab.text("main"), words, PATIENT)


def answer_and_add(tab: Tab, writer: Writer) -> None:
    """Say no to the question, write more, and allow statistics alone."""
    tab.press("[data-answer=no], [name=go][value=no]")
    said(tab, "Your choices have been sent.")
    pressed(tab, "#back", "[name=go][value=open]", "#more, [value=more]")
    pressed(tab, "#more", "[value=more]", "#narrative")
    tab.type("#narrative", writer.more)
    tab.press("#send" if writer.script else "[name=go][value=add]")
    said(tab, "It has been sent")


def change_consent(tab: Tab, writer: Writer) -> None:
    pressed(tab, "#consent", "[value=choices]", "[name=consent][value=stats]")
    tab.press("[name=consent][value=stats]")
    tab.press("[name=consent][value=message]")
    tab.press("#send" if writer.script else "[name=go][value=change]")
    said(tab, "Your choices have been sent.")


def withdraw(tab: Tab) -> None:
    pressed(tab, "#withdraw", "[value=withdraw]", "#yes, [value=gone]")
    tab.press("#yes, [value=gone]")
    said(tab, "It is withdrawn.")


class Desk:
    """The reviewer's commands on one case."""

    def __init__(self, operator: Person, reviewer: Person, site: Path) -> None:
        self._operator = operator
        self._reviewer = reviewer
        self._site = site
        self._shown: dict[str, str] = {}
        self.outbox = reviewer.folder / "outbox"
        self._who: tuple[str | Path, ...] = (
            *("--case", reviewer.folder / "case"),
            *("--identity", reviewer.folder / f"{reviewer.name}.identity"),
            *reviewer.passphrase,
        )

    def take(self, name: str, exit_code: int = 0) -> str:
        """Collect, and import what is collected."""
        bundle = self._operator.folder / name
        self._operator.intake("collect", self._site, bundle)
        roster = self._operator.folder / "roster.note"
        digits = self._operator.intake("keys", "fingerprint", roster).strip()
        given = ("--policy", self._site / "keys" / "log.policy", "--fingerprint", digits)
        return self.do("import", bundle, *given, exit_code=exit_code)

    def do(self, command: str, *words: str | Path, exit_code: int = 0) -> str:
        return self._reviewer.intake("review", command, *words, *self._who, exit_code=exit_code)

    def items(self) -> list[str]:
        rows = self.do("list").splitlines()
        return [row.split()[0] for row in rows if re.match("[0-9a-f]{12}", row)]

    def find(self, text: str) -> str:
        """The item with this text; each is shown once for all who are looked for."""
        if not any(text in shown for shown in self._shown.values()):
            new = [item for item in self.items() if item not in self._shown]
            self._shown |= {item: self.do("show", item) for item in new}
        (found,) = (item for item, shown in self._shown.items() if text in shown)
        return found

    def reply(self, writer: Writer) -> None:
        file = self._reviewer.folder / "reply.txt"
        file.write_text(f"We read it, {writer.name}.\n<b>No markup</b>", encoding="utf-8")
        words = ("--file", file, "--outbox", self.outbox, "--question", QUESTION)
        self.do("reply", writer.item, *words)


@pytest.mark.parametrize(
    "ways",
    [
        pytest.param(WAYS, id="two ways"),
        pytest.param(EVERY_WAY, id="every way", marks=pytest.mark.long),
    ],
)
def test_whoever_has_a_code_reads_writes_more_changes_their_mind_and_takes_it_back(
    both: Browsers, archive: Archive, ways: tuple[tuple[str, bool], ...]
) -> None:
    operator, site = archive.operator, archive.site
    writers = [Writer(name, script) for name, script in ways]
    desk = Desk(operator, archive.reviewer, site)
    with serving(operator, site) as port:
        address = f"http://127.0.0.1:{port}"
        for writer in writers:
            with tab_of(both, writer) as tab:
                write(tab, address, writer)
        desk.take("first")
        for writer in writers:
            writer.item = desk.find(writer.text)
            desk.reply(writer)
        assert f"{len(writers)} replies" in operator.intake("deliver", site, desk.outbox)
        # Not before the week is closed.
        with tab_of(both, writers[0]) as tab:
            come_back(tab, address, writers[0].code, script=writers[0].script)
            assert "There are no messages." in tab.text("main")
        operator.intake("epoch", site, "--now")
        operator.intake("cosign", site)
        for writer in writers:
            with tab_of(both, writer) as tab:
                come_back(tab, address, writer.code, script=writer.script)
                shown = tab.text("main")
                assert f"We read it, {writer.name}.\n<b>No markup</b>" in shown
                assert QUESTION in shown
                answer_and_add(tab, writer)
                come_back(tab, address, writer.code, script=writer.script)
                change_consent(tab, writer)
        desk.take("second")
        listed = desk.do("list")
        assert listed.count("addition") >= len(writers)
        for writer in writers:
            assert desk.find(writer.more) != writer.item
            history = desk.do("show", writer.item)
            assert QUESTION in history
            assert "government: no" in history
            # A yes that the log does not have yet lets nothing out; a no counts at once.
            assert "now publish: no" in history
            assert "now stats: no" in history
            assert "now message: yes" in history
        for writer in writers:
            with tab_of(both, writer) as tab:
                come_back(tab, address, writer.code, script=writer.script)
                withdraw(tab)
        gone = desk.take("third")
        assert "withdrawn" in gone
        for item in desk.items():
            left = desk.do("show", item)
            assert "withdrawn" in left
            assert not any(writer.text in left or writer.more in left for writer in writers)
    every = [path for path in archive.reviewer.folder.rglob("*") if path.is_file()]
    words = [text.encode() for writer in writers for text in (writer.text, writer.more)]
    assert not any(word in path.read_bytes() for path in every for word in words)


def bare(source: str) -> str:
    """A page's markup without its token, the code that it carries, and what fills it up."""
    return re.sub(r'value="[^"]*"|<!-- *-->', "", source)


@pytest.mark.parametrize("script", [True, False])
def test_any_eight_words_open_the_same_page(
    both: Browsers, archive: Archive, *, script: bool
) -> None:
    """To whoever looks over a shoulder, or made somebody give a code."""
    operator, site = archive.operator, archive.site
    writer = Writer("chromium", script)
    seen: list[tuple[str, str]] = []
    with serving(operator, site) as port:
        address = f"http://127.0.0.1:{port}"
        with tab_of(both, writer) as tab:
            write(tab, address, writer)
        operator.intake("epoch", site, "--now")
        for code in (writer.code, " ".join(Codename.fresh().words)):
            with tab_of(both, writer) as tab:
                come_back(tab, address, code, script=script)
                seen.append((tab.text("main"), bare(tab.source())))
    assert seen[0] == seen[1]
    assert "There are no messages." in seen[0][0]
