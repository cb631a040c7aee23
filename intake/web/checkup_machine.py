"""Looks at the machine that a site is on: memory that could reach a disk, disks, clock, logs.

It reads what the kernel and the system's settings say, and changes nothing.
"""

import ctypes
import datetime as dt
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from intake.machine import (
    PROC,
    SYS,
    Finding,
    Level,
    Mount,
    block_device,
    dump_program,
    is_encrypted,
    is_in_memory,
    mount_of,
    plain_swaps,
)
from intake.web.checkup_logs import system_logs

BUILT = dt.date(2026, 11, 29)  # no clock that is right shows an earlier day
# Where a lock, or a write that was said to be on the disk, is not what SQLite takes it for.
_NETWORK = ("nfs", "cifs", "smb", "9p", "ceph", "glusterfs", "fuse.", "afs", "vboxsf", "virtiofs")
_LAYERED = ("overlay", "aufs", "unionfs")
_INODES = 1000
_TIME_ERROR = 5  # adjtimex(2): the clock is not synchronized
_TEMPORARY = ("/tmp", "/var/tmp")  # noqa: S108 - only looked at


@dataclass(frozen=True)
class Machine:
    """Where the system says what it is, where its settings are, and what it takes for temporary.

    `kept` is whether a time service keeps the clock, None where the kernel does not say;
    `systemctl` the program that asks systemd.
    """

    proc: Path = PROC
    sys: Path = SYS
    root: Path = Path("/")
    temporary: tuple[Path, ...] = ()
    kept: bool | None = None
    systemctl: str = "systemctl"

    @classmethod
    def here(cls) -> "Machine":
        """The machine that this runs on."""
        names = dict.fromkeys((os.environ.get("TMPDIR", ""), *_TEMPORARY))
        folders = tuple(Path(name) for name in names if name and Path(name).is_dir())
        return cls(temporary=folders, kept=_clock_is_kept())


def _clock_is_kept() -> bool | None:
    # Zero in its first field asks to change nothing; struct timex is shorter than this everywhere.
    state = ctypes.create_string_buffer(1024)
    try:
        said = ctypes.CDLL(None).adjtimex(state)
    except (OSError, AttributeError):
        return None
    return None if said < 0 else said != _TIME_ERROR


def examine_machine(folder: Path, machine: Machine) -> Iterator[Finding]:
    """Everything there is to find for a site in `folder`.

    1. no page of memory reaches a disk, and no dump any; 2. the site lies where what is written
    stays, and is encrypted; temporary files do not; 3. there are names left for files; 4. the
    clock is kept; 5. what the system's own logs keep.
    """
    # (1)
    yield _swap(machine)
    yield _core(machine)
    # (2)
    yield _file_system(folder, machine)
    yield _encryption(folder, machine)
    yield _temporary(machine)
    # (3)
    yield inodes(folder)
    # (4)
    yield _time_service(machine)
    # (5)
    yield system_logs(machine.proc, machine.root)


def _swap(machine: Machine) -> Finding:
    plain = plain_swaps(machine.proc, machine.sys)
    if plain:
        says = f"is on and not encrypted ({', '.join(plain)}): what people write without script"
        says += " could reach that disk"
        return Finding(
            Level.WRONG, "swap", says, "swapoff -a, and take it out of /etc/fstab", plain
        )
    return Finding(Level.FINE, "swap", "is off, encrypted or in memory")


def _core(machine: Machine) -> Finding:
    # The server forbids itself core dumps, but the kernel asks a program behind a pipe all the same.
    program = dump_program((machine.proc / "sys/kernel/core_pattern").read_text("utf-8"))
    if program is not None:
        says = f"the kernel gives core dumps to {program}, whatever limit a program has"
        advice = "sysctl kernel.core_pattern=core, or tell that program to keep none"
        return Finding(Level.WARNING, "core dumps", says, advice)
    return Finding(Level.FINE, "core dumps", "the kernel gives them to no program")


def _mount(path: Path, machine: Machine) -> Mount | None:
    return mount_of(path, (machine.proc / "self/mountinfo").read_text("utf-8"))


def _file_system(folder: Path, machine: Machine) -> Finding:
    mount = _mount(folder, machine)
    kind = "" if mount is None else mount.kind
    if is_in_memory(folder, machine.proc):
        says = f"the site is in memory ({kind}): all that people sent is gone with the power"
        return Finding(Level.WRONG, "file system", says, "move it to a disk, on ext4 or xfs")
    if kind.startswith(_NETWORK):
        says = f"the site is on another machine's disk ({kind}): a crash may lose what was taken"
        return Finding(Level.WRONG, "file system", says, "move it to a disk of this machine")
    if kind in _LAYERED:
        says = f"the site is in a container's own layer ({kind}): it goes with the container"
        return Finding(Level.WARNING, "file system", says, "give the site a volume of its own")
    return Finding(Level.FINE, "file system", kind or "the system does not say which")


def _encrypted(path: Path, machine: Machine) -> bool | None:
    mount = _mount(path, machine)
    return None if mount is None else is_encrypted(block_device(mount, machine.sys), machine.sys)


def _encryption(folder: Path, machine: Machine) -> Finding:
    if _encrypted(folder, machine) is True:
        return Finding(Level.FINE, "disk encryption", "the site lies on an encrypted disk")
    if _encrypted(folder, machine) is None:
        says = "cannot tell whether the site lies on an encrypted disk"
        advice = "look yourself: lsblk shows `crypt` above it where it does"
        return Finding(Level.WARNING, "disk encryption", says, advice)
    # Testimony is sealed on it all the same; what is not are the log's key, times and sizes.
    says = "the site's disk is not encrypted: who takes it has the log's key, and sees what came"
    return Finding(Level.WARNING, "disk encryption", says, "put the site on a disk with LUKS")


def _temporary(machine: Machine) -> Finding:
    plain = tuple(
        str(folder)
        for folder in machine.temporary
        if not is_in_memory(folder, machine.proc) and _encrypted(folder, machine) is not True
    )
    if plain:
        says = f"{', '.join(plain)}: on a disk that is not known to be encrypted"
        advice = "mount a tmpfs there; the server writes nothing to it, other programs may"
        return Finding(Level.WARNING, "temporary folders", says, advice, plain)
    return Finding(Level.FINE, "temporary folders", "are in memory, or encrypted")


def inodes(folder: Path) -> Finding:
    """Whether files can still be made where the site is, though bytes be free."""
    found = os.statvfs(folder)
    if found.f_files and found.f_favail < _INODES:
        level = Level.WARNING if found.f_favail > 0 else Level.WRONG
        says = f"files that can still be made on the site's disk: {found.f_favail}"
        return Finding(level, "inodes", says, "remove small files there, or make the disk anew")
    return Finding(Level.FINE, "inodes", "there are enough")


def _time_service(machine: Machine) -> Finding:
    if machine.kept:
        return Finding(Level.FINE, "time service", "keeps the clock")
    says = "nothing keeps this machine's clock, by what the kernel says"
    advice = "apt-get install chrony; weeks are closed and rosters expire by the clock"
    return Finding(Level.WARNING, "time service", says, advice)


def clock(times: Iterable[dt.datetime], now: dt.datetime) -> Finding:
    """Whether the clock is behind this program, or behind what `times` were already seen."""
    built = dt.datetime.combine(BUILT, dt.time(), dt.UTC)
    newest = max([built, *times])
    if now + dt.timedelta(minutes=5) < newest:
        says = f"is at {now:%Y-%m-%d %H:%M}, behind what was signed at {newest:%Y-%m-%d %H:%M}"
        return Finding(Level.WRONG, "clock", says, "set it: weeks are closed by it")
    return Finding(Level.FINE, "clock", "is not behind what was seen")
