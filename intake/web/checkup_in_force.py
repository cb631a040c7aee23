"""Looks whether the kernel does for the processes of a server what their unit asks of it."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Final

from intake.machine import SYS, Mount, mounts_in

_TEMPORARY: Final = ("/tmp", "/var/tmp")  # noqa: S108 - only looked at
_ROOTS: Final = ("", "name=systemd")  # of cgroups' version 2, and of systemd's own in version 1


def unit_of(process: Path) -> str | None:
    """The unit of the machine's systemd that a process is in; None where it is in none."""
    for name in _group(process).split("/"):
        if name.endswith(".service"):
            # A user's own systemd is not the machine's.
            return None if name.startswith("user@") else name
    return None


def in_force(processes: Iterable[Path], sys: Path = SYS) -> Mapping[str, bool | None]:
    """By the name of each setting, whether it holds for all of them; None where that is not seen."""
    seen = tuple(processes)
    return {
        "MemorySwapMax": _all(lambda process: _is_never_swapped(process, sys), seen),
        "ProtectSystem": _all(_is_read_only, seen),
        "TemporaryFileSystem": _all(_is_temporary_in_memory, seen),
        "PrivateNetwork": _all(_is_alone, seen),
    }


def _all(asked: Callable[[Path], bool], processes: Iterable[Path]) -> bool | None:
    answers: set[bool | None] = set()
    for process in processes:
        try:
            answers.add(asked(process))
        except OSError:
            answers.add(None)
    return False if False in answers else None if None in answers or not answers else True


def _group(process: Path) -> str:
    try:
        rows = (process / "cgroup").read_text("utf-8", "replace").splitlines()
    except OSError:
        return ""  # it ended just now
    groups = dict(row.split(":", 2)[1:] for row in rows if row.count(":") > 1)
    return next((path for root in _ROOTS if len(path := groups.get(root, "")) > 1), "")


def _is_never_swapped(process: Path, sys: Path) -> bool:
    group = sys / "fs/cgroup" / _group(process).lstrip("/")
    return (group / "memory.swap.max").read_text("ascii").strip() == "0"


def _is_read_only(process: Path) -> bool:
    (*_, root) = [mount for mount in _mounts(process) if mount.point == "/"]
    return "ro" in root.options


def _is_temporary_in_memory(process: Path) -> bool:
    last = {mount.point: mount for mount in _mounts(process)}
    return all(place in last and last[place].is_in_memory for place in _TEMPORARY)


def _mounts(process: Path) -> list[Mount]:
    return list(mounts_in((process / "mountinfo").read_text("utf-8")))


def _is_alone(process: Path) -> bool:
    rows = (process / "net/dev").read_text("ascii").splitlines()[2:]
    return {row.partition(":")[0].strip() for row in rows} <= {"lo"}
