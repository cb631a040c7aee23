"""`intake notify`: one bit, sealed, of one length, through a real program of the operator's."""

import datetime as dt
import json
from pathlib import Path

import pytest

from intake.age import HybridIdentity, dearmor, decrypt_bytes
from intake.cli import run
from intake.epoch import Epoch
from intake.errors import MalformedError
from intake.log.site_log import arranged
from intake.store import Store
from intake.web import notice
from intake.web.notice import SIZE, Sent, plaintext
from intake.web.settings import Settings
from intake.web.site import today_in_utc
from tests.web.serving import kept_in, site_in

TODAY = today_in_utc()
SETTINGS = b"""
deployment = "archive-abcdefgh"
organisation = "Northern Archive"
address = "abc.onion"
language = "en"
largest = 65536
"""
COURIER = HybridIdentity.generate()


class Told:
    """A site with a courier, and what the operator's program was given."""

    def __init__(self, folder: Path, program: str = "") -> None:
        self.site, self.panel = site_in(folder / "site")
        self.got = folder / "got"
        self.program = folder / "send"
        self.program.write_text(program or f"#!/bin/sh\nenv > {self.got}.env\ncat > {self.got}\n")
        self.program.chmod(0o700)
        path = self.site.folder / "site.toml"
        text = self.site.settings.to_bytes().decode()
        line = f'notify = ["{self.program}", "daily"]\n'
        path.write_text(text.replace("\n# notify =", f"\n{line}# notify ="), "utf-8")
        self.recipients = self.site.folder / "keys" / notice.RECIPIENTS
        self.recipients.write_text(f"# the courier's\n{COURIER.recipient}\n")

    def notify(self) -> int:
        return run(["notify", str(self.site.folder)])

    def opened(self) -> bytes:
        return decrypt_bytes(dearmor(self.got.read_bytes()), [COURIER])

    @property
    def sent(self) -> Sent:
        return Sent.read(self.site.folder)


@pytest.fixture
def told(tmp_path: Path) -> Told:
    return Told(tmp_path)


def test_it_says_whether_a_closed_week_has_something_and_nothing_of_this_one(told: Told) -> None:
    """0; still 0 when one arrives; 1 when its week is closed; 0 when it was released."""
    now, seen = Epoch.of(TODAY), []
    store = Store.open(told.site.store_path)

    def day() -> None:
        assert told.notify() == 0
        seen.append((told.opened(), len(told.got.read_bytes())))

    day()
    opening = kept_in(store, now)
    day()
    store.leaves.close(now, lambda openings: arranged(openings, now))
    day()
    store.release([opening.envelope], b"signed", ["anna", "berta"], now.next)
    day()
    store.close()
    assert [text[:1] for text, _ in seen] == [b"0", b"0", b"1", b"0"]
    assert {len(text) for text, _ in seen} == {SIZE}
    assert len({size for _, size in seen}) == 1
    assert told.sent == Sent(TODAY)


def test_a_build_that_tells_of_this_week_would_be_seen(
    told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The twin: it asks for anything that is kept."""
    monkeypatch.setattr(Store, "oldest_logged", lambda store: store.openings() or None)
    store = Store.open(told.site.store_path)
    kept_in(store, Epoch.of(TODAY))
    store.close()
    assert told.notify() == 0
    assert told.opened()[:1] == b"1"


def test_both_words_have_one_length_and_a_build_without_filling_has_not() -> None:
    assert len(plaintext(waiting=True)) == len(plaintext(waiting=False)) == SIZE
    assert len(set(map(len, notice._WORDS.values()))) == 2  # so it is the filling that does it


def test_the_program_gets_no_environment(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_OF_THE_OPERATOR", "x")
    assert told.notify() == 0
    names = {row.partition("=")[0] for row in Path(f"{told.got}.env").read_text().splitlines()}
    assert names <= {"PWD", "SHLVL", "_", "OLDPWD"}  # the shell's own


@pytest.mark.parametrize(
    ("program", "says"),
    [
        ("#!/bin/sh\nexit 3\n", "ended with 3"),
        ("#!/bin/sh\nkill -9 $$\n", "ended with -9"),
        ("#!/bin/sh\nsleep 60\n", "did not end in"),
        ("#!/nowhere\n", "cannot be run"),
    ],
)
def test_a_program_that_fails_is_said_and_remembered(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    program: str,
    says: str,
) -> None:
    monkeypatch.setattr(notice, "PATIENCE", 1)
    told = Told(tmp_path, program)
    before = Sent(TODAY - dt.timedelta(days=1))
    before.write(told.site.folder)
    assert told.notify() == 1
    assert says in capsys.readouterr().err
    assert told.sent.day == before.day
    assert says in told.sent.failed


def test_a_reviewers_own_key_is_refused(told: Told, capsys: pytest.CaptureFixture[str]) -> None:
    """It would have to be where mail is read, and it opens every testimony."""
    told.recipients.write_text(f"{told.panel.roster.reviewers[0].recipient}\n")
    assert told.notify() == 1
    assert "reviewer's own key" in capsys.readouterr().err
    assert not told.got.exists()


@pytest.mark.parametrize("text", ["", "# none\n", "age1qqq\n", "\xff", "twice"])
def test_keys_that_cannot_be_used_are_refused(
    told: Told, capsys: pytest.CaptureFixture[str], text: str
) -> None:
    content = f"{COURIER.recipient}\n" * 2 if text == "twice" else text
    told.recipients.write_text(content, "latin-1")
    assert told.notify() == 1
    assert "Traceback" not in capsys.readouterr().err
    assert not told.got.exists()


def test_without_a_program_or_keys_nothing_is_sent(
    told: Told, capsys: pytest.CaptureFixture[str]
) -> None:
    told.recipients.unlink()
    assert told.notify() == 1
    assert "nobody can be told" in capsys.readouterr().err
    (told.site.folder / "site.toml").write_bytes(told.site.settings.to_bytes())
    assert told.notify() == 1
    assert "names no program" in capsys.readouterr().err


def test_a_damaged_memory_of_notices_is_said(
    told: Told, capsys: pytest.CaptureFixture[str]
) -> None:
    for content in ("{", "[]", "{}", json.dumps({"day": "x", "failed": ""})):
        (told.site.folder / notice.STATE).write_text(content)
        assert told.notify() == 1
        assert "notice.json is damaged" in capsys.readouterr().err


@pytest.mark.parametrize("words", ['["send"]', '[""]', "[1]", '"/send"', '["/send", "a\\nb"]'])
def test_a_program_is_named_by_its_whole_path(words: str) -> None:
    with pytest.raises(MalformedError):
        Settings.parse(SETTINGS + f"notify = {words}\n".encode())


def test_the_program_is_written_back_as_it_was_read() -> None:
    made = Settings.parse(SETTINGS + b'notify = ["/bin/send", "a \\"b\\""]\n')
    assert made.notify == ("/bin/send", 'a "b"')
    assert Settings.parse(made.to_bytes()) == made
