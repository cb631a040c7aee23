"""Older backups go once newer ones make them needless, and never what the newest ones need."""

import datetime as dt
import json
import os
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from intake.cli import run
from intake.errors import MalformedError
from intake.keeping import retention
from intake.keeping.retention import BackupFile, files_bytes, files_of, needless, noted, parse_files
from intake.keeping.state import backing_up
from intake.web.settings import Settings
from tests.keeping.places import Kept

DAY = dt.date(2026, 11, 30)
Names = Callable[[], list[str]]


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    made = Kept.make(tmp_path)
    (tmp_path / "backups").mkdir()
    return made


def keeping(kept: Kept, number: int) -> None:
    path = kept.site / "site.toml"
    path.write_text(f"{path.read_text()}keep = {number}\n")


def backup(kept: Kept, name: str, *words: str) -> int:
    return run(["backup", str(kept.site), str(kept.folder / "backups" / name), *words])


def names(kept: Kept) -> list[str]:
    return sorted(path.name for path in (kept.folder / "backups").iterdir())


def test_nothing_goes_unless_it_was_asked_for(kept: Kept) -> None:
    for name in ("a", "b", "c"):
        assert backup(kept, name, *(("--base",) if name == "c" else ())) == 0
    assert names(kept) == ["a", "b", "c"]


def test_so_many_bases_stay_each_with_its_newest_part(
    kept: Kept, capsys: pytest.CaptureFixture[str]
) -> None:
    assert backup(kept, "1 of before") == 0
    keeping(kept, 2)
    for name, words, left in (
        ("2 part", (), ["1 of before", "2 part"]),
        ("3 part", (), ["1 of before", "3 part"]),
        ("4 base", ("--base",), ["1 of before", "3 part", "4 base"]),
        ("5 part", (), ["1 of before", "3 part", "4 base", "5 part"]),
        ("6 base", ("--base",), ["4 base", "5 part", "6 base"]),
        ("7 part", (), ["4 base", "5 part", "6 base", "7 part"]),
    ):
        (kept.folder / "backups" / "a stranger's").touch()
        capsys.readouterr()
        assert backup(kept, name, *words) == 0
        assert names(kept) == [*left, "a stranger's"]
        removed = {"3 part": 1, "6 base": 2}.get(name)
        assert (f"removed {removed} " in capsys.readouterr().out) is (removed is not None)
    assert len(files_of(kept.site)) == len(noted(kept.site)) == 4
    assert kept.restore(kept.folder / "backups/4 base", kept.folder / "backups/5 part") == 0


@pytest.mark.parametrize("damaged", ["1 base", "3 part"])
def test_nothing_goes_where_the_newest_ones_are_not_what_was_written(
    kept: Kept, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, damaged: str
) -> None:
    keeping(kept, 1)
    assert backup(kept, "1 base") == 0
    assert backup(kept, "2 part") == 0
    note = retention.note

    def turn(site: Path, file: BackupFile) -> None:
        note(site, file)
        path = kept.folder / "backups" / damaged
        content = bytearray(path.read_bytes())
        content[-1000] ^= 1
        path.write_bytes(content)

    monkeypatch.setattr("intake.web.backup_cli.note", turn)
    assert backup(kept, "3 part") == 1
    assert f"{damaged} is not what was written there" in capsys.readouterr().err
    assert names(kept) == ["1 base", "2 part", "3 part"]


def test_nothing_goes_where_the_newest_part_is_not_beside_its_base(kept: Kept) -> None:
    keeping(kept, 1)
    assert backup(kept, "1 base") == 0
    assert backup(kept, "2 part") == 0
    assert backup(kept, "3 base", "--base") == 0
    (kept.folder / "backups" / "3 base").rename(kept.folder / "fetched")
    assert backup(kept, "4 part") == 0
    assert backup(kept, "5 part") == 0
    assert names(kept) == ["4 part", "5 part"]


def test_nothing_goes_because_of_what_lies_in_another_folder(kept: Kept) -> None:
    keeping(kept, 1)
    assert backup(kept, "1 base") == 0
    assert backup(kept, "2 part") == 0
    assert run(["backup", str(kept.site), str(kept.folder / "3 part")]) == 0
    assert run(["backup", str(kept.site), str(kept.folder / "4 base"), "--base"]) == 0
    assert names(kept) == ["1 base", "2 part"]


def test_a_file_that_was_put_in_the_place_of_one_stays(kept: Kept) -> None:
    keeping(kept, 1)
    assert backup(kept, "1 base") == 0
    assert backup(kept, "2 part") == 0
    (kept.folder / "backups" / "2 part").write_bytes(b"the operator's own")
    assert backup(kept, "3 part") == 0
    assert names(kept) == ["1 base", "2 part", "3 part"]


def test_the_last_backup_of_a_site_removes_nothing(kept: Kept) -> None:
    keeping(kept, 1)
    assert backup(kept, "1 base") == 0
    assert backup(kept, "2 part") == 0
    assert backup(kept, "3 last", "--hand-over") == 0
    assert names(kept) == ["1 base", "2 part", "3 last"]


def test_two_backups_of_one_site_are_not_made_at_once(
    kept: Kept, capsys: pytest.CaptureFixture[str]
) -> None:
    with backing_up(kept.site):
        assert backup(kept, "1") == 1
    assert "being made already" in capsys.readouterr().err
    assert names(kept) == []
    assert backup(kept, "1") == 0


def test_doctor_names_backups_that_have_what_was_to_be_gone(
    kept: Kept, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("1", "2"):
        assert backup(kept, name) == 0
    path = kept.site / retention.NOTED
    first, second = parse_files(path.read_bytes())
    today = dt.datetime.now(dt.UTC).date()
    for days, named in ((30, False), (31, True)):
        then = BackupFile(first.path, "base", first.base, today - dt.timedelta(days), first.digest)
        path.write_bytes(files_bytes([then, second]))
        capsys.readouterr()
        run(["doctor", str(kept.site)])
        (*lines,) = (x for x in capsys.readouterr().out.splitlines() if "old backups" in x)
        assert bool(lines) is named
    assert str(first.path) in lines[0]
    assert str(second.path) not in lines[0]
    # Its disk is away, and comes back; another lies where this user does not come.
    beyond = BackupFile(Path("/" + 300 * "b"), "base", bytes(16), then.day, bytes(32))
    path.write_bytes(files_bytes([beyond, then, second]))
    (kept.folder / "backups").rename(kept.folder / "away")
    assert run(["backup", str(kept.site), str(kept.folder / "elsewhere")]) == 0
    run(["doctor", str(kept.site)])
    assert "old backups" not in capsys.readouterr().out
    (kept.folder / "away").rename(kept.folder / "backups")
    run(["doctor", str(kept.site)])
    assert f"gone: {first.path} ->" in capsys.readouterr().out
    first.path.unlink()
    run(["doctor", str(kept.site)])
    assert "old backups" not in capsys.readouterr().out
    path.write_bytes(b"{}")
    run(["doctor", str(kept.site)])
    assert "written.json is damaged" in capsys.readouterr().out
    # A backup is made all the same, and then says so.
    assert backup(kept, "3") == 1
    assert names(kept) == ["2", "3"]


def test_whatever_was_written_the_newest_whole_ones_stay() -> None:
    """Random weeks, with bases and parts that somebody took away: by what must hold, not by how."""
    chance = random.Random(os.urandom(8))
    went = 0
    for _ in range(3000):
        files: list[BackupFile] = []
        for week in range(chance.randrange(1, 5)):
            base = bytes([week]) * 16
            for number in range(chance.randrange(1, 5)):
                name = Path(f"/b/{week}-{number}")
                files.append(BackupFile(name, "part" if number else "base", base, DAY, bytes(32)))
        files = [one for one in files[:-1] if chance.random() < 0.8] + files[-1:]
        keep = chance.randrange(4)
        gone = needless(files, keep)
        went += len(gone)
        # Cut off on the way, no part is left without its base.
        assert [one.kind for one in gone] == sorted((one.kind for one in gone), reverse=True)
        left = [one for one in files if one not in gone]
        assert left[-1] is files[-1]
        # A part stays only beside its base, if that was there; and so many bases stay.
        bases = [one.base for one in files if one.kind == "base"]
        lasting = [one.base for one in left if one.kind == "base"]
        assert all(one.base in lasting for one in left if one.base in bases)
        assert lasting[-keep or len(bases) :] == bases[-keep or len(bases) :]
        for base in lasting[-keep:] if keep else lasting:
            parts = [one for one in files if (one.kind, one.base) == ("part", base)]
            assert not parts or parts[-1] in left
        if keep == 0 or files[-1].base not in bases:
            assert gone == ()
        elif len(bases) > keep and files[-1].base in bases[-keep:]:
            assert lasting == bases[-keep:]
        if len(bases) < keep:
            # Their base may be elsewhere.
            assert all(one.base in bases for one in gone)
    assert went > 1000


def test_what_is_noted_has_one_spelling_and_a_name_that_is_no_text_is_not_noted(
    kept: Kept,
) -> None:
    one = BackupFile(Path("/b/1"), "base", bytes(16), DAY, bytes(32))
    text = files_bytes([one])
    assert parse_files(text) == (one,)
    for old, new in ((b"/b/1", b"b/1"), (b"/b/1", b"/b//1"), (b"base", b"bare"), (b"-30", b"-31")):
        with pytest.raises(MalformedError):
            parse_files(text.replace(old, new, 1))
    assert json.loads(text)["v"] == 1
    odd = Path(os.fsdecode(bytes(kept.folder / "backups") + b"/\xff"))
    assert run(["backup", str(kept.site), str(odd)]) == 0
    assert files_of(kept.site) == ()


def test_the_newest_of_one_name_is_noted_and_only_so_many(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that was freed and taken again does not look as old as it was."""
    monkeypatch.setattr(retention, "_MOST", 4)
    made = [
        BackupFile(Path(f"/b/{n % 5}"), "base", bytes([n] * 16), DAY, bytes(32)) for n in range(6)
    ]
    for number, file in enumerate(made):
        retention.note(tmp_path, file)
        assert noted(tmp_path) == tuple(made[max(0, number - 3) : number + 1])
    retention.note(tmp_path, made[3])
    assert noted(tmp_path) == (made[2], made[4], made[5], made[3])


def test_a_folder_that_is_not_there_is_named(
    kept: Kept, capsys: pytest.CaptureFixture[str]
) -> None:
    """As where a stick is not mounted; and not the name of a file that would have been made."""
    assert run(["backup", str(kept.site), str(kept.folder / "stick" / "1")]) == 1
    assert f"there is no folder {kept.folder}/stick\n" in capsys.readouterr().err


def test_keep_is_a_small_number_or_missing() -> None:
    settings = Settings("one-abcdefgh", "A", "a.onion", "ru", 65536)
    for number in (0, 2, 100):
        table = f'[backup]\nto = ""\nstep = {16 << 20}\nkeep = {number}\n'
        found = Settings.parse(settings.to_bytes() + table.encode())
        assert found.backup.keep == number
        assert Settings.parse(found.to_bytes()) == found
    for number in ("-1", "101", "true", '"2"'):
        table = f'[backup]\nto = ""\nstep = {16 << 20}\nkeep = {number}\n'
        with pytest.raises(MalformedError, match=r"keep|kind"):
            Settings.parse(settings.to_bytes() + table.encode())
