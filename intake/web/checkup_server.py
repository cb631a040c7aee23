"""Looks at the processes that serve a site: what each could leave on a disk, and what it may do."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from intake.machine import PROC, Finding, Level, mount_of

_LOCK = "serve.lock"
_INODE, _PID = 5, 4  # the columns of /proc/locks


@dataclass
class _Seen:
    """The processes in which something is wrong, by what it is."""

    dumps: list[str] = field(default_factory=list[str])
    readable: list[str] = field(default_factory=list[str])
    swapped: list[str] = field(default_factory=list[str])
    free: list[str] = field(default_factory=list[str])
    hidden: list[str] = field(default_factory=list[str])


def examine_server(folder: Path, proc: Path = PROC) -> Iterator[Finding]:
    """Everything there is to find in the running server of the site in `folder`.

    1. it may write no core dump, and no other program of its user reads its memory; 2. none of its
    memory was swapped out; 3. it can gain no right that it does not have.
    """
    processes = tuple(serving(folder, proc))
    if not processes:
        yield Finding(Level.WARNING, "server", "none runs on this site", "start `intake serve`")
        return
    seen = _Seen()
    for process in processes:
        _look(process, seen)
    if not seen.hidden:
        yield Finding(Level.FINE, "server", f"processes: {len(processes)}")
        yield from _told_of(seen)
        return
    says = f"this user may not look at processes {', '.join(seen.hidden)}"
    yield Finding(Level.WARNING, "server", says, "run `intake doctor` as root")
    # Of what was not seen nothing is called fine.
    yield from (found for found in _told_of(seen) if found.level is not Level.FINE)


def _told_of(seen: _Seen) -> Iterator[Finding]:
    # (1)
    yield _told(
        seen.dumps, Level.WRONG, "core limit", "may write core dumps", "LimitCORE=0 in its unit"
    )
    yield _told(
        seen.readable,
        Level.WARNING,
        "server memory",
        "can be read by other programs of its user",
        "start the server of this version; no debugger may be attached to it",
    )
    # (2)
    yield _told(
        seen.swapped,
        Level.WARNING,
        "swapped out",
        "has pages of memory in swap",
        "MemorySwapMax=0 in its unit, and swapoff -a",
    )
    # (3)
    yield _told(
        seen.free,
        Level.WARNING,
        "hardening",
        "runs as root, or can gain rights: not as its unit in deploy/ has it",
        "use deploy/intake.service, or NoNewPrivileges=yes, a user of its own and a call filter",
    )


def _told(pids: list[str], level: Level, topic: str, says: str, advice: str) -> Finding:
    if pids:
        return Finding(level, topic, f"process {', '.join(pids)} {says}", advice, tuple(pids))
    return Finding(Level.FINE, topic, "as it must be")


def serving(folder: Path, proc: Path = PROC) -> Iterator[Path]:
    """The process that holds the site's lock, and every one that came of it, in /proc."""
    try:
        inode = str((folder / _LOCK).stat().st_ino)
        rows = [row.split() for row in (proc / "locks").read_text("ascii").splitlines()]
    except OSError:
        return
    # A row of one that waits has an arrow in it, and so nothing of this form in that column.
    held = [row for row in rows if len(row) > _INODE and row[_INODE].rpartition(":")[2] == inode]
    # Files of other disks have that number, too.
    if device := _device(folder, proc):
        held = [row for row in held if row[_INODE].rpartition(":")[0] == device]
    found = {row[_PID] for row in held if row[_PID].isdigit()}
    parents = dict(_parents(proc))
    while more := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= more
    yield from (proc / pid for pid in sorted(found, key=int))


def _device(folder: Path, proc: Path) -> str:
    """What a folder lies on, as the kernel's list of locks has it: by its mount, for some systems have
    another number in `stat`. Empty where that is not seen.
    """
    try:
        mount = mount_of(folder, (proc / "self/mountinfo").read_text("utf-8"))
    except OSError:
        return ""
    return "" if mount is None else "{:02x}:{:02x}".format(*map(int, mount.device.split(":")))


def _parents(proc: Path) -> Iterator[tuple[str, str]]:
    for path in proc.glob("[0-9]*"):
        try:
            # After the name, which may hold anything: state, then the parent.
            yield (
                path.name,
                (path / "stat").read_text("utf-8", "replace").rpartition(")")[2].split()[1],
            )
        except (OSError, IndexError):
            continue  # it ended just now


def _look(process: Path, seen: _Seen) -> None:
    pid = process.name
    try:
        rows = (process / "status").read_text("utf-8", "replace").splitlines()
        status = {name: value.split() for name, _, value in (row.partition(":") for row in rows)}
        limits = (process / "limits").read_text("ascii").splitlines()
        owner = (process / "mem").stat().st_uid
    except OSError:
        seen.hidden.append(pid)
        return
    core = [row.split()[4:6] for row in limits if row.startswith("Max core file size")]
    if core != [["0", "0"]]:
        seen.dumps.append(pid)
    user = int(status.get("Uid", ["0"])[0])
    # The kernel gives the files of a process that is not dumpable to root. Of root's own nothing
    # can be told so, and nobody but root reads them.
    if user != 0 and owner == user:
        seen.readable.append(pid)
    if status.get("VmSwap", ["0"])[0] != "0":
        seen.swapped.append(pid)
    if user == 0 or status.get("NoNewPrivs") != ["1"] or status.get("Seccomp", ["0"]) == ["0"]:
        seen.free.append(pid)
