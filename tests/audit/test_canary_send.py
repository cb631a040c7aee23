"""What an auditor can rely on who sends test testimonies: they go the way of people, and none is forgotten."""

import os
import re
import signal
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from intake.audit.asking import Visitor
from intake.audit.canary_page import Page
from intake.audit.canary_state import Canary, CanaryFolder, Outcome, Way
from intake.audit.canary_visit import Trust, Visit, ready, writing_time
from intake.author import Author
from intake.canonical import b64
from intake.cli import run
from intake.container import Mode
from intake.epoch import Epoch
from intake.errors import MalformedError
from intake.opening import Opening
from intake.reaching import Address
from intake.store import Store
from tests.browser.serving import Served, served
from tests.browser.wire import Alter, Wire, wire_to
from tests.web.follow import urlencoded

TEXTS = ("Нас везли ночью.\n\nЯ *считал* повороты ~ их было семь", "They took my brother in May")
SITE_OF = {Way.SCRIPT: "/s", Way.FORM: "/3"}  # where the text leaves


@dataclass
class Auditor:
    """Somebody with texts, a folder and the root keys, before one site behind a wire."""

    site: Served
    wire: Wire
    folder: Path
    capsys: pytest.CaptureFixture[str]

    def write(self, *texts: str) -> None:
        for number, text in enumerate(texts):
            (self.folder / "texts" / f"{number}.txt").write_bytes(text.encode())

    def words(self, *options: str) -> list[str]:
        folders = ("--texts", str(self.folder / "texts"), "--state", str(self.folder / "state"))
        words = ["audit", "canary", "make", self.wire.address, *folders, "--hurry", *options]
        return [*words, "--roots", str(self.folder / "roots")]

    def make(self, *options: str) -> tuple[int, str, str]:
        code = run(self.words(*options))
        said = self.capsys.readouterr()
        return code, said.out, said.err

    def alter(self, path: str, change: Alter) -> None:
        """Change the answers at this very path; of the wire, at what begins so."""

        def changed(status: int, body: bytes) -> tuple[int, bytes]:
            if self.wire.requests[-1].path != path:
                return status, body
            return change(status, body)

        self.wire.alter[path] = changed

    @property
    def state(self) -> CanaryFolder:
        return CanaryFolder(self.folder / "state")

    def openings(self) -> set[bytes]:
        """What stands in the opening of everything that the site keeps from this test."""
        store = Store.open(self.site.site.store_path)
        try:
            rows = [row for row in store if row.sealed not in self.site.old]
        finally:
            store.close()
        return {Opening.parse(row.opening).withdraw_commit for row in rows}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("server") / "site") as running:
        yield running


@pytest.fixture
def auditor(
    server: Served, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> Iterator[Auditor]:
    server.begin()
    (tmp_path / "texts").mkdir()
    (tmp_path / "roots").write_bytes(server.site.roots().to_bytes())
    with wire_to(server.port) as wire:
        yield Auditor(server, wire, tmp_path, capsys)


def test_the_two_ways_take_turns_and_what_arrives_is_the_text(auditor: Auditor) -> None:
    """One sealed by script, one by the server; each is known to the reviewers by its opening."""
    auditor.write(*TEXTS)
    code, out, _ = auditor.make("--count", "2")
    assert code == 0
    week = str(Epoch.now())
    assert sorted(out.splitlines()) == [f"sent by form in {week}", f"sent by script in {week}"]
    kept = auditor.site.kept()
    assert {container.mode for container in kept} == {Mode.BROWSER, Mode.SERVER}
    assert {container.answers["narrative"] for container in kept} == set(TEXTS)
    canaries = auditor.state.all()
    assert {canary.commit for canary in canaries} == auditor.openings()
    assert {canary.outcome for canary in canaries} == {Outcome.SENT}
    told = auditor.state.list_of(Epoch.now())
    assert {mark.commit for mark in told.sent} == auditor.openings()
    assert told.unsure == ()


def test_the_folder_is_a_secret_and_holds_no_word_of_the_texts(auditor: Auditor) -> None:
    """Nobody else may look in, and the texts stay where they were."""
    auditor.write(*TEXTS)
    assert auditor.make("--count", "2")[0] == 0
    folder = auditor.folder / "state"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    files = list(folder.iterdir())
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    kept = b"".join(path.read_bytes() for path in files)
    assert not any(word.encode() in kept for text in TEXTS for word in re.findall(r"\w{4,}", text))
    folder.chmod(0o750)
    code, _, err = auditor.make()
    assert (code, "others may look into" in err) == (1, True)


def test_each_text_is_sent_once(auditor: Auditor) -> None:
    """Also under another name, or with another editor's line ends."""
    auditor.write(TEXTS[0])
    assert auditor.make("--path", "form")[0] == 0
    (auditor.folder / "texts" / "again.txt").write_bytes(
        b"\xef\xbb\xbf" + TEXTS[0].replace("\n", "\r\n").encode() + b"\r\n"
    )
    before = len(auditor.wire.requests)
    code, _, err = auditor.make("--path", "form")
    assert (code, "every text was sent already" in err) == (1, True)
    assert len(auditor.wire.requests) == before


@pytest.mark.parametrize("way", Way)
def test_a_site_that_breaks_off_leaves_a_canary_of_which_nobody_knows(
    auditor: Auditor, way: Way
) -> None:
    """It may have arrived, so reviewers are told of it, and its absence is no alarm."""
    auditor.write(TEXTS[0])

    def broken(_status: int, _body: bytes) -> tuple[int, bytes]:
        raise ConnectionAbortedError

    auditor.alter(SITE_OF[way], broken)
    code, out, err = auditor.make("--path", way.value)
    assert (code, out, "does not answer" in err) == (2, "", True)
    (canary,) = auditor.state.all()
    assert canary.outcome is Outcome.UNKNOWN
    assert {canary.commit} == auditor.openings()
    told = auditor.state.list_of(Epoch.now())
    assert (told.sent, [mark.commit for mark in told.unsure]) == ((), [canary.commit])


@pytest.mark.parametrize("way", Way)
def test_killed_while_it_sends_nothing_is_forgotten(auditor: Auditor, way: Way) -> None:
    """What can name the canary is on the disk before the text leaves."""
    auditor.write(TEXTS[0])
    arrived, over = threading.Event(), threading.Event()

    def held(status: int, body: bytes) -> tuple[int, bytes]:
        arrived.set()
        over.wait(30)
        return status, body

    auditor.alter(SITE_OF[way], held)
    words = [sys.executable, "-m", "intake", *auditor.words("--path", way.value)]
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        assert arrived.wait(60)
        os.kill(process.pid, signal.SIGKILL)
    finally:
        process.wait(30)
        over.set()
    (canary,) = auditor.state.all()
    assert (canary.outcome, canary.way) == (Outcome.UNKNOWN, way)
    assert {canary.commit} == auditor.openings()
    assert canary.mark in auditor.state.list_of(canary.epoch).unsure
    auditor.wire.alter.clear()
    code, _, err = auditor.make("--path", way.value)
    assert (code, "every text was sent already" in err) == (1, True), "it is not sent twice"


@pytest.mark.parametrize("way", Way)
def test_a_refusal_is_said_and_kept(auditor: Auditor, way: Way) -> None:
    """Exit 1, and the canary counts as one that may not have arrived."""
    auditor.write(TEXTS[0])
    auditor.alter(SITE_OF[way], lambda _, __: (400, b"no"))
    code, _, err = auditor.make("--path", way.value)
    assert (code, "the site refused it, with status 400" in err) == (1, True)
    (canary,) = auditor.state.all()
    assert canary.outcome is Outcome.REFUSED
    assert auditor.state.list_of(Epoch.now()).sent == ()


def test_a_check_page_that_comes_back_is_a_refusal(auditor: Auditor) -> None:
    """A site that shows the text again, with whatever status, has not said that it keeps it."""
    auditor.write(TEXTS[0])
    shown: list[bytes] = []
    auditor.alter("/2", lambda status, body: (shown.append(body), (status, body))[1])
    auditor.alter("/3", lambda _, __: (200, shown[0]))
    assert auditor.make("--path", "form")[0] == 1
    assert [canary.outcome for canary in auditor.state.all()] == [Outcome.REFUSED]


def test_an_old_token_is_renewed_once_as_the_script_does(auditor: Auditor) -> None:
    """Somebody who writes for a week loses nothing, and so the auditor does not either."""
    auditor.write(TEXTS[0])
    tokens: list[str] = []

    def old(status: int, body: bytes) -> tuple[int, bytes]:
        headers = dict(auditor.wire.requests[-1].headers)
        tokens.append(headers["X-CSRFToken"])
        return (403, b"fresh\n") if len(tokens) == 1 else (204, b"")

    auditor.alter("/s", old)
    code, _, _ = auditor.make("--path", "script")
    assert (code, tokens[1]) == (0, "fresh")
    assert len(tokens) == 2


def test_the_script_way_goes_by_the_roots_and_sends_nothing_under_others(auditor: Auditor) -> None:
    """A roster that the auditor's root keys did not sign is an alarm; no text leaves."""
    auditor.write(TEXTS[0])
    roots = auditor.site.site.roots()
    (auditor.folder / "roots").write_bytes(roots.to_bytes().replace(b"root0", b"root9"))
    code, _, _ = auditor.make("--path", "script")
    assert code == 1
    words = [w for w in auditor.words("--path", "script") if w != str(auditor.folder / "roots")]
    wrong = str((int(roots.fingerprint.replace(" ", "")) + 1) % 10**30).zfill(30)
    assert run([*words[:-1], "--fingerprint", wrong]) == 1
    assert "have another fingerprint" in auditor.capsys.readouterr().err
    assert auditor.state.all() == []
    assert not any(request.path == "/s" for request in auditor.wire.requests)
    assert run([*words[:-1], "--fingerprint", roots.fingerprint]) == 0


def test_one_folder_keeps_the_canaries_of_one_site(auditor: Auditor, tmp_path: Path) -> None:
    """Or a list would go to the wrong reviewers; and nothing is sent before that is known."""
    auditor.write(*TEXTS)
    stranger = Canary("other-abcdefgh", Epoch.now(), Way.FORM, Author.fresh(Epoch.now()), bytes(32))
    with auditor.state.locked():
        auditor.state.keep(stranger)
    for way in Way:
        code, _, err = auditor.make("--path", way.value)
        assert (code, "of another site" in err) == (1, True)
    assert auditor.openings() == set()


def test_a_site_that_gives_two_visitors_one_secret_is_found_out(auditor: Auditor) -> None:
    """It could pass one testimony off as the other."""
    auditor.write(*TEXTS)
    given: list[bytes] = []

    def same(status: int, body: bytes) -> tuple[int, bytes]:
        found = re.search(rb'name="resend" value="([^"]+)"', body)
        assert found is not None
        given.append(found[1])
        return status, body.replace(found[1], given[0])

    auditor.alter("/2", same)
    assert auditor.make("--path", "form")[0] == 0
    code, _, err = auditor.make("--path", "form")
    assert (code, "the same secrets to two visitors" in err) == (1, True)
    assert len(auditor.openings()) == 1


def test_two_commands_do_not_send_one_text_twice(auditor: Auditor) -> None:
    """The second is told to wait."""
    auditor.write(TEXTS[0])
    with auditor.state.locked():
        code, _, err = auditor.make()
    assert (code, "another command is sending" in err) == (1, True)
    assert auditor.wire.requests == []


@pytest.mark.parametrize(
    ("data", "phrase"),
    [
        (b"\xff\xfe", "not text in UTF-8"),
        (b" \n", "cannot be sent: empty"),
        (b"a\x00b", "cannot be sent: odd"),
        (b"a" * 20_001, "cannot be sent: long"),
    ],
)
def test_a_text_that_no_form_takes_is_named_before_anything_is_asked(
    auditor: Auditor, data: bytes, phrase: str
) -> None:
    """By the file's name, without a word of it."""
    (auditor.folder / "texts" / "bad.txt").write_bytes(data)
    code, _, err = auditor.make()
    assert (code, f"bad.txt {phrase}" in err or f"bad.txt is {phrase}" in err) == (1, True)
    assert auditor.wire.requests == []


@pytest.mark.parametrize(
    ("way", "read_at"),
    [
        (Way.FORM, ["/", "/1", "/2"]),
        (Way.SCRIPT, ["/leave", "/stretch /words", "/stretch /words"]),
    ],
)
def test_every_page_is_looked_at_as_long_as_people_do(
    auditor: Auditor, way: Way, read_at: list[str]
) -> None:
    """The landing page, the form while it is written, and the check page before Send."""
    waits: list[tuple[str, float]] = []

    def pause(seconds: float) -> None:
        asked = [request.path.partition("-")[0] for request in auditor.wire.requests]
        # After the week come files in no fixed order: a page is looked at when all are there.
        beside = sorted(asked[asked.index("/epoch") + 1 :]) if "/epoch" in asked else asked[-1:]
        waits.append((" ".join(beside), seconds))

    visitor = Visitor(Address.parse(auditor.wire.address), None)
    with auditor.state.locked():
        visit = Visit(visitor, way, None, auditor.state.keep, pause)
        visit.send(ready(TEXTS[0].encode(), "text"), Trust(auditor.site.site.roots(), None))
    visitor.close()
    assert [last for last, _ in waits] == read_at
    assert waits[1][1] >= 60
    assert min(seconds for _, seconds in waits) >= 15


def test_a_file_is_sent_as_people_type_without_the_editors_last_line_end() -> None:
    """A line end at the end would be the mark of a file."""
    assert ready(b"\xef\xbb\xbfone\r\ntwo\r\n\r\n", "x") == "one\ntwo"


def test_somebody_who_writes_much_takes_long_and_never_the_same_time() -> None:
    """A text is not sent within a second of the form; nor after a time that tells its length."""
    assert min(writing_time("a") for _ in range(50)) >= 60
    assert max(writing_time("a" * 20_000) for _ in range(50)) <= 45 * 60 * 1.3
    assert len({writing_time("a" * 3000) for _ in range(50)}) == 50
    assert min(writing_time("a" * 3000) for _ in range(50)) >= 500


PAGE = b"""<html lang="ru"><template><form action="/never"><button>x</button></form></template>
<form id="form" method="dialog" data-x="1"><input type="hidden" name="a" value="1">
<input type="radio" name="r" value="1"><input type="radio" name="r" value="2" checked>
<textarea name="t">\n\nab</textarea><input type="file" name="f"><input name="" value="3">
<button type="button">no</button><button formaction="/2">x</button>
<button formaction="/1" name="go" value="next">y</button></form><button formaction="/2">z</button>
"""


def test_a_form_sends_what_a_browser_would() -> None:
    """What is ticked, what is written, and the button; nothing of templates, files or nameless."""
    page = Page(PAGE)
    ((form, button),) = [found for found in [page.leading("/2")] if found]
    assert form.pressed(button, {}) == b"a=1&r=2&t=%0D%0Aab"
    further = page.leading("/1", "next")
    assert further is not None
    assert form.pressed(further[1], {"t": "ё *~ +"}) == b"a=1&r=2&t=%D1%91+*%7E+%2B&go=next"
    assert page.leading("/never") is None
    assert page.leading("/1") is None
    assert urlencoded([("t", "a b\nc")]) == b"t=a+b%0D%0Ac"


@pytest.mark.parametrize("path", ["http://other.onion/", "//other.onion/x", "x", "/a b", ""])
def test_a_page_cannot_send_the_auditor_elsewhere(auditor: Auditor, path: str) -> None:
    """Nor have another thing asked for than a path of the site."""
    auditor.write(TEXTS[0])
    named = f'data-send="{path}"'.encode()
    auditor.alter("/1", lambda status, body: (status, body.replace(b'data-send="/s"', named)))
    code, _, err = auditor.make("--path", "script")
    assert (code, "none of this site" in err) == (1, True)
    assert auditor.state.all() == []


def test_what_is_kept_reads_back_and_has_one_spelling() -> None:
    """A damaged file is an alarm, not a canary less."""
    canary = Canary("test-abcdefgh", Epoch.now(), Way.FORM, Author.fresh(Epoch.now()), bytes(32))
    data = canary.to_bytes()
    assert Canary.parse(data) == canary
    assert b64(canary.author.withdraw).encode() not in data, "the key of it, not each secret"
    for changed in (
        data.replace(b'"form"', b'"post"'),
        data.replace(b'"unknown"', b'"gone"'),
        data.replace(b"canary/v1", b"canary/v2"),
        data.replace(b'"form"', b'"script"'),
        data.replace(b'"title"', b'"Title"'),
        data + b"\n",
        b"[]",
    ):
        assert changed != data
        with pytest.raises(MalformedError):
            Canary.parse(changed)
