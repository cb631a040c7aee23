"""What is no whole backup of this site and its newest part is refused, by name, and leaves nothing."""

import datetime as dt
import errno
import shutil
from pathlib import Path

import pytest

from intake.age import HybridIdentity, decrypt_bytes, encrypt_bytes
from intake.cli import run
from intake.keeping import writing
from intake.keeping.records import MAGIC, Kind
from intake.keeping.standstill import MARK
from intake.web import log_cli, restore_cli
from intake.web.site import Site
from tests.keeping.places import Kept

TODAY = dt.datetime.now(dt.UTC).date()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Kept, Path, Path, Path]:
    """A site, a base of it, and two parts."""
    kept = Kept.make(tmp_path_factory.mktemp("kept"))
    base = kept.backup()
    kept.send()
    old = kept.backup()
    kept.withdraw(kept.place.authors[0])
    return kept, base, old, kept.backup()


def refused(
    kept: Kept,
    capsys: pytest.CaptureFixture[str],
    *files: Path,
    words: tuple[str, ...] = ("--accept-gap",),
) -> str:
    """What is said where nothing is restored, and nothing is left of it."""
    capsys.readouterr()
    assert kept.restore(*files, words=words, to="refused") == 1
    assert not (kept.folder / "refused").exists()
    assert not list(kept.folder.glob(".intake-restoring-*"))
    said = capsys.readouterr().err
    assert said.startswith("intake: error: ")
    return said


def changed(path: Path, to: Path, place: int) -> Path:
    """A copy with one bit turned."""
    data = bytearray(path.read_bytes())
    data[place] ^= 1
    to.write_bytes(data)
    return to


def test_a_part_alone_in_the_wrong_place_or_twice_is_refused(
    made: tuple[Kept, Path, Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    kept, base, old, part = made
    assert "is a part, and a part is nothing without its base" in refused(kept, capsys, part)
    assert "name the base first" in refused(kept, capsys, part, base)
    assert "is a base, too" in refused(kept, capsys, base, base)
    assert "more than two backups" in refused(kept, capsys, base, old, part)


def test_what_was_cut_altered_or_is_no_backup_is_refused(
    made: tuple[Kept, Path, Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept, base, _, part = made
    size = base.stat().st_size
    for place in (100, 2_000, size // 2, size - 1):
        bad = changed(base, tmp_path / "bad.age", place)
        assert "bad.age: " in refused(kept, capsys, bad, part)
        bad = changed(part, tmp_path / "bad.age", place)
        assert "bad.age: " in refused(kept, capsys, base, bad)
    for length in (0, 1_500, 70_000, size // 2, size - 1):
        (tmp_path / "cut.age").write_bytes(part.read_bytes()[:length])
        assert "cut.age: " in refused(kept, capsys, base, tmp_path / "cut.age")
    (tmp_path / "none.age").write_bytes(encrypt_bytes(b"words", [kept.identity.recipient]))
    assert "this is no backup" in refused(kept, capsys, tmp_path / "none.age")


def test_another_key_and_a_backup_for_another_key_open_nothing(
    made: tuple[Kept, Path, Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept, base, _, _ = made
    other = HybridIdentity.generate()
    (tmp_path / "other").write_text(f"{other}\n")
    words = ("--accept-gap", "--identity", str(tmp_path / "other"))
    assert "no key offered opens this file" in refused(kept, capsys, base, words=words)


def test_a_part_of_another_base_and_a_base_of_another_site_are_refused(
    made: tuple[Kept, Path, Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept, base, _, part = made
    newer = kept.backup("--base")
    assert "is a part of another base" in refused(kept, capsys, newer, part)
    stranger = Kept.make(tmp_path)
    stranger.identity, stranger.to = kept.identity, kept.to
    foreign = stranger.backup("--to", kept.to)
    assert "is of another site" in refused(kept, capsys, foreign, part)
    said = refused(kept, capsys, foreign)
    assert "is of the log testimony-intake/" in said
    assert base.exists()


def test_records_that_their_log_did_not_sign_are_refused(
    made: tuple[Kept, Path, Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whoever knows the operator's public key can write a file to it: that is not enough."""
    kept, base, _, part = made
    plain = decrypt_bytes(base.read_bytes(), [kept.identity])
    assert plain.startswith(MAGIC + bytes([Kind.HEAD]))
    for old, new in (
        (b'organisation = "', b'organisatiom = "'),
        (b"Pepoch-closed", b"Pepoch-closeb"),
        (b"event submitted", b"event submittee"),
    ):
        assert old in plain
        forged = encrypt_bytes(plain.replace(old, new, 1), [kept.identity.recipient])
        (tmp_path / "forged.age").write_bytes(forged)
        assert "forged.age: " in refused(kept, capsys, tmp_path / "forged.age", part)
    padded = encrypt_bytes(plain + bytes(len(plain)), [kept.identity.recipient])
    (tmp_path / "long.age").write_bytes(padded)
    assert "another size" in refused(kept, capsys, tmp_path / "long.age", part)
    noise = encrypt_bytes(plain[:-1] + b"\1", [kept.identity.recipient])
    (tmp_path / "noise.age").write_bytes(noise)
    assert "padding is not zero" in refused(kept, capsys, tmp_path / "noise.age", part)


def test_without_the_word_of_others_nothing_is_restored(
    made: tuple[Kept, Path, Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A witness's own line says how long the log is, but not whose key it was under."""
    kept, base, _, part = made
    staged = Site.open(kept.site).log_folder.staged()
    assert staged is not None
    (tmp_path / "latest").write_bytes(staged.note.text)
    words = ("--accept-gap", "--known", str(tmp_path / "latest"))
    assert "nothing says where the log was" in refused(kept, capsys, base, part, words=words)
    (tmp_path / "noise").write_bytes(b"noise")
    words = ("--accept-gap", "--known", str(tmp_path / "noise"))
    assert "is no checkpoint" in refused(kept, capsys, base, part, words=words)


def test_a_gap_must_be_accepted(
    made: tuple[Kept, Path, Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    kept, base, _, part = made
    assert "would come back" in refused(kept, capsys, base, part, words=())


def test_what_is_there_is_not_written_over(
    made: tuple[Kept, Path, Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    kept, base, _, part = made
    assert kept.restore(base, part, to="site") == 1
    assert "something is there already" in capsys.readouterr().err
    assert run(["backup", str(kept.site), str(part)]) == 1
    assert "exists already" in capsys.readouterr().err


def test_a_backup_from_before_a_week_was_closed_is_refused_after(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing opens what was logged since: reviewers would stop at it for ever."""
    kept = Kept.make(tmp_path)
    base = kept.backup()
    kept.send()
    part = kept.backup()
    day = TODAY + dt.timedelta(weeks=2)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(log_cli, "today_in_utc", lambda: day)
        patch.setattr(restore_cli, "today_in_utc", lambda: day)
        assert run(["epoch", str(kept.site)]) == 0
        assert kept.cosign() == 0
        assert "nothing here opens it" in refused(kept, capsys, base, part)
        checkpoint = str(kept.site / "log" / "checkpoint")
        words = ("--accept-gap", "--known", checkpoint)
        assert "restore a newer backup" in refused(kept, capsys, base, part, words=words)
        # The first after the close is a base, without being asked for.
        again = kept.backup()
        assert kept.restore(again) == 0
    assert kept.state("restored")[3][:-1] == kept.state()[3]


def test_what_was_public_since_is_taken_from_a_copy_of_the_log(tmp_path: Path) -> None:
    kept = Kept.make(tmp_path)
    base = kept.backup()
    settings = kept.site / "site.toml"
    settings.write_text(settings.read_text().replace('language = "ru"', 'language = "en"'))
    assert run(["epoch", str(kept.site)]) == 0
    assert kept.cosign() == 0
    copy = tmp_path / "copy"
    shutil.copytree(kept.site / "log", copy)
    (copy / "staged").unlink()
    assert kept.restore(base, words=("--accept-gap", "--known", str(copy))) == 0
    assert kept.state("restored")[3][:-1] == kept.state()[3]


def test_another_log_under_the_same_key_is_a_fork_and_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """An old store that was put back by hand, and went on: what the backup has is not its log."""
    kept = Kept.make(tmp_path)
    shutil.copytree(kept.site, tmp_path / "old")
    settings = kept.site / "site.toml"
    text = settings.read_text()
    settings.write_text(text.replace('language = "ru"', 'language = "en"'))
    assert run(["epoch", str(kept.site)]) == 0
    assert kept.cosign() == 0
    base = kept.backup()
    settings = tmp_path / "old" / "site.toml"
    settings.write_text(text.replace('form = "minimal"', 'form = "guided"'))
    assert run(["epoch", str(tmp_path / "old")]) == 0
    assert run(["cosign", str(tmp_path / "old")]) == 0
    words = ("--accept-gap", "--known", str(tmp_path / "old" / "log"))
    assert "knows another log" in refused(kept, capsys, base, words=words)


def test_a_damaged_store_is_named_and_no_backup_is_made_of_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import sqlite3

    kept = Kept.make(tmp_path)
    kept.send()
    connection = sqlite3.connect(kept.site / "store.sqlite")
    rows = connection.execute("SELECT id, content FROM piece").fetchall()
    for row, content in rows[:2]:
        flipped = content[:500] + bytes([content[500] ^ 4]) + content[501:]
        connection.execute("UPDATE piece SET content = ? WHERE id = ?", (flipped, row))
    connection.commit()
    connection.close()
    assert run(["backup", str(kept.site), str(tmp_path / "bad.age")]) == 1
    said = capsys.readouterr().err
    assert said.count("object ") == 2
    assert not (tmp_path / "bad.age").exists()
    assert not (kept.site / "backup.json").exists()


def test_a_site_that_was_handed_over_goes_on_elsewhere_and_only_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = Kept.make(tmp_path)
    kept.send()
    before = kept.state()
    last = tmp_path / "last.age"
    missing = str(tmp_path / "none" / "last.age")
    assert run(["backup", str(kept.site), missing, "--hand-over"]) == 1
    assert not (kept.site / MARK).exists()
    assert run(["backup", str(kept.site), str(last), "--hand-over"]) == 0
    capsys.readouterr()
    site = str(kept.site)
    for words in (
        ["serve", site], ["epoch", site], ["collect", site, str(tmp_path / "b")], ["doctor", site],
        ["backup", site, str(tmp_path / "more.age")],
    ):  # fmt: skip
        assert run(words) == 1
        assert "went to another machine" in capsys.readouterr().err, words
    assert kept.restore(last, words=()) == 0
    after = kept.state("restored")
    assert after[:3] == before[:3]
    assert run(["doctor", str(tmp_path / "restored")]) in (0, 1)


def test_a_site_whose_last_backup_has_its_name_does_not_go_on_whatever_fails_then(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It says for ever that nothing came after it: what was taken back since would come back."""
    kept = Kept.make(tmp_path)
    last, taken = tmp_path / "last.age", tmp_path / "taken"
    taken.touch()
    assert run(["backup", str(kept.site), str(taken), "--hand-over"]) == 1
    assert "exists already" in capsys.readouterr().err
    assert not (kept.site / MARK).exists()

    def full(_folder: Path, _remembered: object) -> None:
        raise OSError(errno.ENOSPC, "no space left")

    with monkeypatch.context() as patch:
        patch.setattr(writing, "remember", full)
        assert run(["backup", str(kept.site), str(last), "--hand-over"]) == 1
    assert last.exists()
    assert run(["epoch", str(kept.site)]) == 1
    assert "went to another machine" in capsys.readouterr().err
    assert run(["backup", str(kept.site), str(tmp_path / "again.age"), "--hand-over"]) == 0
    assert kept.restore(last, words=()) == 0
