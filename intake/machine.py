"""What a machine says of itself that decides whether words can be found on it later.

It reads /proc and /sys and changes nothing; what is wrong in which place, its callers say.
"""

import os
import stat
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from intake.visible import line

PROC: Final = Path("/proc")
SYS: Final = Path("/sys")
_IN_MEMORY: Final = frozenset({"tmpfs", "ramfs"})
_PATIENCE: Final = 30  # seconds for a program that is asked


class Level(StrEnum):
    """Nothing to do, something that could not be looked at, to know, or that must change."""

    FINE = "ok"
    UNKNOWN = "unknown"
    WARNING = "warning"
    WRONG = "wrong"


@dataclass(frozen=True)
class Finding:
    """What was found about one topic, what to do about it, and the names of what it is about."""

    level: Level
    topic: str
    says: str
    advice: str = ""
    names: tuple[str, ...] = ()

    def __str__(self) -> str:
        advice = f" -> {self.advice}" if self.advice else ""
        # Names of groups and files stand in it.
        return line(f"{self.level:8} {self.topic}: {self.says}{advice}")


def swaps_in(table: str) -> tuple[str, ...]:
    """Where pages of memory are written to, by /proc/swaps; what stays in memory (zram) is none."""
    devices = [row.split()[0] for row in table.splitlines()[1:] if row.strip()]
    return tuple(name for name in devices if not name.startswith("/dev/zram"))


def dump_program(core_pattern: str) -> str | None:
    """The program that the kernel gives core dumps to, whatever limit a process has; None for none."""
    if not core_pattern.startswith("|") or core_pattern.startswith("|/bin/false"):
        return None
    return core_pattern[1:].strip().partition(" ")[0]


@dataclass(frozen=True)
class Mount:
    """A mounted file system: its device as major:minor, its kind, where it is from, and how."""

    device: str
    point: str
    kind: str
    source: str
    options: tuple[str, ...] = ()

    @property
    def is_in_memory(self) -> bool:
        """Whether what lies in it is in memory, and never on a disk but by swap."""
        return self.kind in _IN_MEMORY


def mounts_in(table: str) -> Iterator[Mount]:
    """Every mount, by the content of /proc/self/mountinfo (proc(5))."""
    for row in table.splitlines():
        before, _, after = row.partition(" - ")
        cells, rest = before.split(), after.split()
        options = tuple(cells[5].split(","))
        yield Mount(cells[2], _unescaped(cells[4]), rest[0], _unescaped(rest[1]), options)


def mount_of(path: Path, table: str) -> Mount | None:
    """The mount that a path lies in; the last one over a place is the one that is seen."""
    found: Mount | None = None
    for mount in mounts_in(table):
        inside = path.resolve().is_relative_to(mount.point)
        if inside and (found is None or len(mount.point) >= len(found.point)):
            found = mount
    return found


def is_in_memory(path: Path, proc: Path = PROC) -> bool:
    """Whether files at a path are in memory, and never on a disk but by swap."""
    mount = mount_of(path, (proc / "self/mountinfo").read_text("utf-8"))
    return mount is not None and mount.is_in_memory


def is_encrypted(device: str, sys: Path = SYS) -> bool | None:
    """Whether a block device (major:minor) lies on dm-crypt, however deep; None where none says.

    Of a device that lies on several, all must.
    """
    folder = sys / "dev/block" / device
    if not folder.exists():
        return None
    if _is_crypt(folder):
        return True
    below = folder / "slaves"
    if not (folder / "partition").exists() and below.is_dir():
        deeper = [
            is_encrypted((one / "dev").read_text("ascii").strip(), sys)
            for one in sorted(below.iterdir())
        ]
        return bool(deeper) and all(one is True for one in deeper)
    return False


def block_device(mount: Mount, sys: Path = SYS) -> str:
    """The device of a mount as /sys knows it: some file systems have a number that no disk has."""
    known = (sys / "dev/block" / mount.device).exists()
    if known or not mount.source.startswith("/dev/"):
        return mount.device
    return _number(Path(mount.source)) or mount.device


def plain_swaps(proc: Path = PROC, sys: Path = SYS) -> tuple[str, ...]:
    """Each place on a disk that is not known to be encrypted where pages of memory are written to."""
    found: list[str] = []
    for name in swaps_in((proc / "swaps").read_text("utf-8")):
        device = _number(Path(name))
        if not device and Path(name).is_file():
            mount = mount_of(Path(name), (proc / "self/mountinfo").read_text("utf-8"))
            device = "" if mount is None else block_device(mount, sys)
        if not device or is_encrypted(device, sys) is not True:
            found.append(name)
    return tuple(found)


def _number(path: Path) -> str:
    """Major and minor of the block device at a path; empty where there is none."""
    try:
        status = path.stat()
    except OSError:
        return ""
    if not stat.S_ISBLK(status.st_mode):
        return ""
    return f"{os.major(status.st_rdev)}:{os.minor(status.st_rdev)}"


def _is_crypt(folder: Path) -> bool:
    try:
        return (folder / "dm/uuid").read_text("ascii").startswith("CRYPT-")
    except OSError:
        return False


def networks_up(sys: Path = SYS) -> tuple[str, ...]:
    """Every network interface that is up, but the machine's own loop."""
    up: list[str] = []
    for folder in sorted((sys / "class/net").glob("*")):
        if folder.name == "lo" or not (folder / "flags").exists():
            continue
        flags = int((folder / "flags").read_text("ascii"), 16)
        if flags & 1:  # IFF_UP
            up.append(folder.name)
    return tuple(up)


def has_default_route(proc: Path = PROC) -> bool:
    """Whether packets for anywhere would leave, by IPv4 or IPv6."""
    for row in _rows(proc / "net/route")[1:]:
        cells = row.split()
        if len(cells) > 7 and cells[1] == cells[7] == "00000000" and int(cells[3], 16) & 1:
            return True
    for row in _rows(proc / "net/ipv6_route"):
        cells = row.split()
        # The kernel keeps a reject route to everywhere on lo where there is no other.
        if len(cells) > 9 and cells[0] == "0" * 32 and cells[1] == "00" and cells[9] != "lo":
            return True
    return False


def _rows(path: Path) -> list[str]:
    try:
        return path.read_text("ascii").splitlines()
    except OSError:
        return []  # a kernel without it has no such routes


def _unescaped(text: str) -> str:
    return os.fsdecode(
        text.encode("utf-8", "surrogateescape").decode("unicode_escape").encode("latin-1")
    )


def said(*words: str) -> str:
    """What a program of the machine prints when it is asked; empty where it cannot be, or is slow."""
    try:
        ended = subprocess.run(
            words,
            capture_output=True,
            check=False,
            timeout=_PATIENCE,
            text=True,
            env={**os.environ, "LC_ALL": "C"},
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return ended.stdout
