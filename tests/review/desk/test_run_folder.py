"""What a run leaves in memory is its own, and gone at the end or at the next start."""

import os
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from intake.errors import StoreError
from intake.machine import is_in_memory
from intake.review.desk import run_folder as module
from intake.review.desk.run_folder import remove_left, run_folder


def test_the_folder_is_in_memory_this_users_and_gone_at_the_end() -> None:
    with run_folder() as folder:
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert is_in_memory(folder)
        (folder / "deep").mkdir()
        (folder / "deep" / "file").write_text("x")
    assert not folder.exists()


def test_it_goes_too_where_something_breaks() -> None:
    with pytest.raises(RuntimeError), run_folder() as folder:
        raise RuntimeError
    assert not folder.exists()


def test_what_a_killed_run_left_is_removed_and_what_runs_is_not(tmp_path: Path) -> None:
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    uid, own = os.getuid(), os.getpid()
    started = module._started(own)
    left = tmp_path / f"intake-desk.{uid}.{dead.pid}.5"
    again = tmp_path / f"intake-desk.{uid}.{own}.{started + 1}"  # the number was used again
    runs = tmp_path / f"intake-desk.{uid}.{own}.{started}"
    others = tmp_path / f"intake-desk.{uid + 1}.{dead.pid}.5"
    strange = tmp_path / "intake-desk.x"
    aimed = tmp_path / f"intake-desk.{uid}.{dead.pid}.6"
    for folder in (left, again, runs, others, strange):
        folder.mkdir()
        (folder / "file").write_text("x")
    aimed.symlink_to(runs)
    remove_left(tmp_path)
    assert sorted(tmp_path.iterdir()) == sorted([runs, others, strange, aimed])
    assert (runs / "file").exists()


def test_a_desk_that_closes_meanwhile_stops_none_from_starting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = tmp_path / f"intake-desk.{os.getuid()}.1.1"
    monkeypatch.setattr(Path, "glob", lambda _, __: iter([closed]))
    remove_left(tmp_path)


def test_without_a_folder_in_memory_there_is_no_desk(monkeypatch: pytest.MonkeyPatch) -> None:
    with tempfile.TemporaryDirectory(dir="/var/tmp") as disk:
        assert not is_in_memory(Path(disk)), "/var/tmp is on a disk"
        monkeypatch.setattr(module, "SHARED_MEMORY", Path(disk))
        monkeypatch.setenv("XDG_RUNTIME_DIR", disk)
        with pytest.raises(StoreError, match="no folder in memory"), run_folder():
            pass
    monkeypatch.setenv("XDG_RUNTIME_DIR", "/dev/shm")
    with run_folder() as folder:
        assert folder.parent == Path("/dev/shm")
