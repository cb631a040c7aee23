"""A disk that is full, or lets nothing be written, is said in one phrase and loses nothing."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.forking import Forking, forking
from tests.faults.test_killed import CASES, Case, make_closed, make_empty, make_open

DISK = (
    192 << 20
)  # bytes: of a real one the site leaves the last 64 MiB alone, and a week is written anew


@pytest.fixture(scope="module")
def templates(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    makers = {"open": make_open, "closed": make_closed, "empty": make_empty}
    found = {name: tmp_path_factory.mktemp(name) for name in makers}
    for name, make in makers.items():
        make(found[name])
    return found


class Disk:
    """A small disk of its own, with the process that lives on it; its files seen from outside."""

    def __init__(self, folder: Path, forks: Forking) -> None:
        self._folder = folder
        self._pid = forks.pid
        self.forks = forks
        self.outside = Path(f"/proc/{self._pid}/root{folder}")

    def put(self, template: Path) -> Path:
        """A fresh copy of a site on it, under the path by which the process knows it."""
        for path in self.outside.iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        shutil.copytree(template, self.outside / "world")
        return self._folder / "world" / "site"

    def fill(self, left: int) -> None:
        """Take all of it but so many bytes."""
        found = os.statvfs(self.outside)
        room = found.f_bavail * found.f_frsize - left
        with (self.outside / "filler").open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, max(room, 1))

    def empty(self) -> None:
        """Give that back."""
        (self.outside / "filler").unlink()

    def remount(self, how: str) -> None:
        """Let it be read only (ro), or not (rw)."""
        command = ["nsenter", "-t", str(self._pid), "-m", "-U", "--preserve-credentials"]
        command = command if os.geteuid() else command[:4]
        subprocess.run([*command, "mount", "-o", f"remount,{how}", str(self._folder)], check=True)


@pytest.fixture(scope="module")
def disk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Disk]:
    folder = tmp_path_factory.mktemp("disk")
    script = f'mount -t tmpfs -o size={DISK} none "$0" && exec "$@"'
    user = [] if os.geteuid() == 0 else ["--map-root-user"]
    before = ["unshare", *user, "--mount", "sh", "-c", script, str(folder)]
    with forking(tmp_path_factory.mktemp("forks") / "said", before) as forks:
        yield Disk(folder, forks)


def refused_or_done(disk: Disk, case: Case, site: Path) -> bool:
    """Whether it was done; where not, one phrase says so."""
    disk.forks.said.write_text("")
    ended = disk.forks.do(case.deed, site, *case.words)
    said = disk.forks.said.read_text()
    assert "Traceback" not in said
    assert ended.status in (0, 1)
    assert ended.done or "intake: error: " in said, said
    return ended.done


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.deed)
def test_a_full_disk_is_said_and_with_room_again_it_is_done(
    case: Case, templates: dict[str, Path], disk: Disk
) -> None:
    done = []
    for left in (0, 256 << 10):
        site = disk.put(templates[case.site])
        disk.fill(left)
        done.append(refused_or_done(disk, case, site))
        disk.empty()
        ended = disk.forks.do(case.deed, site, *(case.again or case.words))
        assert ended.done, disk.forks.said.read_text()
        assert disk.forks.do("check", site).status == 0, disk.forks.said.read_text()
    assert not done[0]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.deed)
def test_a_disk_that_lets_nothing_be_written_is_said_and_changes_nothing(
    case: Case, templates: dict[str, Path], disk: Disk
) -> None:
    site = disk.put(templates[case.site])
    disk.remount("ro")
    try:
        assert not refused_or_done(disk, case, site)
    finally:
        disk.remount("rw")
    ended = disk.forks.do(case.deed, site, *(case.again or case.words))
    assert ended.done, disk.forks.said.read_text()
    assert disk.forks.do("check", site).status == 0, disk.forks.said.read_text()
