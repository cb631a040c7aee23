"""A folder of this run in memory, for the browser's profile and the file that lets it in.

It is gone at the end; what a run leaves that was killed is removed by the next.
"""

import os
import re
import shutil
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from intake.errors import StoreError
from intake.machine import is_in_memory

SHARED_MEMORY: Final = Path("/dev/shm")  # noqa: S108 - the folder of it is ours alone
_NAME: Final = re.compile(r"intake-desk\.([0-9]+)\.([0-9]+)\.([0-9]+)", re.ASCII)
PROFILE: Final = "profile"


@contextmanager
def run_folder() -> Generator[Path, None, None]:
    """Make the folder, and remove it at the end of the block.

    Raises `StoreError` where this machine has no folder in memory.
    """
    parent = memory()
    remove_left(parent)
    pid = os.getpid()
    folder = parent / f"intake-desk.{os.getuid()}.{pid}.{_started(pid)}"
    folder.mkdir(mode=0o700)
    try:
        yield folder
    finally:
        remove(folder)


def memory() -> Path:
    """A folder whose files never are on a disk."""
    for name in (str(SHARED_MEMORY), os.environ.get("XDG_RUNTIME_DIR", "")):
        folder = Path(name)
        if name and folder.is_dir() and os.access(folder, os.W_OK) and is_in_memory(folder):
            return folder
    raise StoreError(
        "there is no folder in memory for the browser's files",
        "mount a tmpfs on /dev/shm: on a disk they could be found again",
    )


def remove_left(parent: Path) -> None:
    """Remove the folders of this user's runs that were killed."""
    for folder in parent.glob("intake-desk.*"):
        match = _NAME.fullmatch(folder.name)
        if match is None or folder.is_symlink():
            continue
        try:
            owner = folder.stat().st_uid
        except FileNotFoundError:
            continue  # another desk has closed meanwhile
        if owner != os.getuid():
            continue
        uid, pid, started = map(int, match.groups())
        if uid == os.getuid() and _started(pid) != started:
            remove(folder)


def remove(folder: Path) -> None:
    """Remove a folder, though a process that is about to end may still write into it."""
    for _ in range(20):
        shutil.rmtree(folder, ignore_errors=True)
        if not folder.exists():
            return
    raise StoreError(f"cannot remove {folder}", "remove it by hand: traces of a sitting are in it")


def _started(pid: int) -> int:
    """When a process began, in ticks since the machine did; 0 for one that there is not."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text("utf-8", errors="replace")
    except OSError:
        return 0
    return int(stat.rpartition(")")[2].split()[19])
