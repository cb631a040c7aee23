"""What a backup or a restore that was killed left is named, and goes with the next; what is being made stays."""

import errno
import fcntl
import os
from pathlib import Path

import pytest

from intake.age.held import held_file, held_folder
from intake.cli import run
from intake.keeping.left import BEGUN, RESTORING, left
from intake.web import checkup_backups
from tests.keeping.places import Kept


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    return Kept.make(tmp_path)


def leave(folder: Path) -> tuple[Path, Path]:
    """What processes that were killed leave: the lock is gone with them."""
    with held_file(folder, BEGUN, ".part") as (descriptor, file):
        os.write(descriptor, b"sealed")
        os.close(descriptor)
    with held_folder(folder, RESTORING) as site:
        (site / "keys").mkdir()
        (site / "log.key").write_bytes(bytes(32))
    return file, site


def said(kept: Kept, capsys: pytest.CaptureFixture[str]) -> str:
    capsys.readouterr()
    run(["doctor", str(kept.site)])
    lines = capsys.readouterr().out.splitlines()
    return "".join(line for line in lines if "left over" in line and str(kept.folder) in line)


def test_a_backup_removes_what_was_left_in_both_folders_and_doctor_names_it_before(
    kept: Kept, capsys: pytest.CaptureFixture[str]
) -> None:
    assert said(kept, capsys) == ""
    beside = kept.folder / "backups"
    beside.mkdir()
    found = [*leave(kept.folder), *leave(beside), *leave(kept.site)]
    line = said(kept, capsys)
    assert line.startswith("warning")
    assert all(str(path) in line for path in found)
    kept.backup()
    assert [path for path in found if path.exists()] == list(found[2:4])
    assert run(["backup", str(kept.site), str(beside / "1.age")]) == 0
    assert said(kept, capsys) == ""


def test_a_restore_removes_what_was_left_beside_its_site(kept: Kept) -> None:
    base = kept.backup()
    found = leave(kept.folder)
    assert kept.restore(base) == 0
    assert not any(path.exists() for path in found)


def test_what_another_process_still_makes_is_neither_named_nor_removed(
    kept: Kept, capsys: pytest.CaptureFixture[str]
) -> None:
    base = kept.backup()
    with (
        held_file(kept.folder, BEGUN, ".part") as (descriptor, file),
        held_folder(kept.folder, RESTORING) as site,
    ):
        # As when it is whole, and has no name yet.
        os.close(descriptor)
        assert said(kept, capsys) == ""
        kept.backup()
        assert kept.restore(base) == 0
        assert file.exists()
        assert site.exists()
    assert list(left(kept.folder)) == [file, site]


def test_a_backup_is_held_until_it_has_its_name(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[list[Path]] = []
    link = Path.hardlink_to

    def look(self: Path, target: Path) -> None:
        seen.append([*left(kept.folder), *kept.folder.glob(f"{BEGUN}*")])
        link(self, target)

    monkeypatch.setattr(Path, "hardlink_to", look)
    kept.backup()
    ((one,),) = seen
    assert one.name.startswith(BEGUN)


def test_what_a_drill_left_in_memory_is_named(
    kept: Kept, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    memory = kept.folder / "far" / "away"
    memory.mkdir(parents=True)
    found = leave(memory)
    assert said(kept, capsys) == ""
    monkeypatch.setattr(checkup_backups, "MEMORY", memory)
    assert all(str(path) in said(kept, capsys) for path in found)


def test_where_a_file_system_knows_no_locks_nothing_is_taken_for_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_descriptor: int, _operation: int) -> None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr(fcntl, "flock", refuse)
    assert all(path.exists() for path in leave(tmp_path))
    assert list(left(tmp_path)) == []


def test_links_and_names_of_others_stay(kept: Kept) -> None:
    elsewhere, stay = kept.folder / "elsewhere", [kept.folder / f"{RESTORING}12345678"]
    elsewhere.mkdir()
    stay[0].symlink_to(elsewhere)
    for name in (
        ".other.part",
        f"{BEGUN}12345678",
        f"{BEGUN}photos.part",
        f"{RESTORING}12345678.d",
    ):
        stay.append(kept.folder / name)
        stay[-1].touch()
    # Each would be ours as the other kind.
    for name in (f"{RESTORING}notes", f"{BEGUN}12345678.part", ".restoring-12345678"):
        stay.append(kept.folder / name / "theirs")
        stay[-1].mkdir(parents=True)
    (kept.folder / f"{RESTORING}abcdefgh").touch()
    kept.backup()
    assert all(path.exists() for path in (*stay, kept.folder / f"{RESTORING}abcdefgh"))
    assert list(left(kept.folder)) == []


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give a file to another")
def test_what_another_user_left_is_named_and_stays(
    kept: Kept, capsys: pytest.CaptureFixture[str]
) -> None:
    found = leave(kept.folder)
    for path in found:
        os.chown(path, 65534, 65534)
    kept.backup()
    assert all(path.exists() for path in found)
    assert all(str(path) in said(kept, capsys) for path in found)


@pytest.mark.parametrize("taken", ["held", "removed"])
def test_what_was_taken_for_left_before_it_was_held_is_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, taken: str
) -> None:
    """Another looks between the making and the lock, and removes it."""
    lock, before = fcntl.flock, iter((True, False, True, False))

    def late(descriptor: int, operation: int) -> None:
        if next(before):
            path = Path(f"/proc/self/fd/{descriptor}").readlink()
            (path.rmdir if path.is_dir() else path.unlink)()
            if taken == "held":
                raise BlockingIOError
        lock(descriptor, operation)

    monkeypatch.setattr(fcntl, "flock", late)
    with held_file(tmp_path, "a", "b") as (descriptor, file), held_folder(tmp_path, "c") as folder:
        os.close(descriptor)
        assert file.is_file()
        assert folder.is_dir()
    assert next(before, None) is None
