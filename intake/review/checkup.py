"""Looks at a reviewer's machine, and at a case folder from outside, for what must change first.

It needs no key, opens nothing and changes nothing.
"""

import datetime as dt
import os
import resource
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from intake.epoch import Epoch
from intake.errors import IntakeError
from intake.machine import (
    PROC,
    SYS,
    Finding,
    Level,
    block_device,
    dump_program,
    has_default_route,
    is_encrypted,
    is_in_memory,
    mount_of,
    networks_up,
    plain_swaps,
)
from intake.review.log_kept import seen_by
from intake.review.log_policy import policy_for
from intake.roots import RootSet
from intake.shelf import Shelf

BUILT = dt.date(2026, 11, 29)  # no clock that is right shows an earlier day
_OTHERS = 0o077  # of a file's mode: everybody but its owner


@dataclass(frozen=True)
class Machine:
    """Where the system says what it is, and which folders programs take for what is temporary.

    `dumps` is the largest core dump that a program started from here may write, in bytes; -1 for
    any.
    """

    proc: Path = PROC
    sys: Path = SYS
    temporary: tuple[Path, ...] = ()
    dumps: int = 0

    @classmethod
    def here(cls) -> Self:
        """The machine that this runs on."""
        named = (os.environ.get("TMPDIR", ""), "/tmp", "/var/tmp")  # noqa: S108 - only looked at
        folders = dict.fromkeys(Path(name) for name in named if name and Path(name).is_dir())
        return cls(temporary=tuple(folders), dumps=resource.getrlimit(resource.RLIMIT_CORE)[0])


def examine(folder: Path, machine: Machine, today: dt.date) -> Iterator[Finding]:
    """Everything there is to find.

    1. nobody but its owner reads the case folder;
    2. it lies on an encrypted disk;
    3. no page of memory reaches a disk that is not, and no dump any;
    4. temporary files are in memory;
    5. there is no network;
    6. the clock is not behind what the case has seen.
    """
    # (1)
    yield _folder(folder)
    # (2)
    yield _disk("disk", f"the case folder {folder}", folder, machine)
    # (3)
    yield _swap(machine)
    yield _dumps(machine)
    # (4)
    for temporary in machine.temporary:
        yield _temporary(temporary, machine)
    # (5)
    yield _network(machine)
    # (6)
    yield _clock(folder, today)


def _folder(folder: Path) -> Finding:
    places = [folder, *folder.rglob("*")]
    loose = tuple(
        str(place.relative_to(folder)) for place in places if place.lstat().st_mode & _OTHERS
    )
    if folder.stat().st_mode & _OTHERS:
        says = "others on this machine may look into the case folder"
        return Finding(Level.WRONG, "folder", says, f"chmod 700 {folder}", loose)
    if folder.stat().st_uid != os.getuid():
        says = "the case folder belongs to another user, who may open it to anybody"
        return Finding(Level.WRONG, "folder", says, f"chown it to the user who reviews: {folder}")
    return Finding(Level.FINE, "folder", "only its owner can look into it")


def _disk(topic: str, what: str, path: Path, machine: Machine) -> Finding:
    mount = mount_of(path, (machine.proc / "self/mountinfo").read_text("utf-8"))
    if mount is not None and is_in_memory(path, machine.proc):
        return Finding(Level.FINE, topic, f"{what} is in memory, and gone with the power")
    device = "" if mount is None else block_device(mount, machine.sys)
    encrypted = is_encrypted(device, machine.sys) if device else None
    if encrypted is None:
        says = f"cannot tell whether {what} lies on an encrypted disk"
        advice = "look yourself: lsblk shows `crypt` above it where it does"
        return Finding(Level.WARNING, topic, says, advice)
    if not encrypted:
        says = f"{what} lies on a disk that is not encrypted: whoever takes it sees who reads what"
        advice = "put it on a disk with LUKS; what was there before stays readable until wiped"
        return Finding(Level.WRONG, topic, says, advice)
    return Finding(Level.FINE, topic, f"{what} lies on an encrypted disk")


def _swap(machine: Machine) -> Finding:
    plain = plain_swaps(machine.proc, machine.sys)
    if plain:
        says = f"is on and not encrypted ({', '.join(plain)}): what is read could reach that disk"
        advice = "swapoff -a, and take it out of /etc/fstab"
        return Finding(Level.WRONG, "swap", says, advice, plain)
    return Finding(Level.FINE, "swap", "is off, encrypted or in memory")


def _dumps(machine: Machine) -> Finding:
    pattern = (machine.proc / "sys/kernel/core_pattern").read_text("utf-8")
    program = dump_program(pattern)
    if program is not None:
        says = f"the kernel gives core dumps to {program}, whatever limit a program has"
        advice = "sysctl kernel.core_pattern=core, or tell that program to keep none"
        return Finding(Level.WRONG, "core dumps", says, advice)
    if machine.dumps:
        says = "a program that crashes writes its memory to a file; the desk forbids it to itself"
        return Finding(Level.WARNING, "core dumps", says, "ulimit -c 0 in the profile of the shell")
    return Finding(Level.FINE, "core dumps", "none are written")


def _temporary(folder: Path, machine: Machine) -> Finding:
    found = _disk("temporary", f"the temporary folder {folder}", folder, machine)
    if found.level is not Level.WRONG:
        return found
    says = f"the temporary folder {folder} is on a disk that is not encrypted"
    return Finding(Level.WARNING, "temporary", says, "mount a tmpfs there: other programs use it")


def _network(machine: Machine) -> Finding:
    up = networks_up(machine.sys)
    if has_default_route(machine.proc):
        says = f"this machine is online ({', '.join(up) or 'a default route'})"
        advice = "take out the cable and the card: testimony is opened on a machine without network"
        return Finding(Level.WRONG, "network", says, advice, up)
    if up:
        says = f"a network interface is up ({', '.join(up)}), though nothing leads further"
        return Finding(Level.WARNING, "network", says, "switch it off, and better take it out", up)
    return Finding(Level.FINE, "network", "there is none")


def _clock(folder: Path, today: dt.date) -> Finding:
    newest = max([Epoch.of(BUILT), *_weeks(folder)])
    if Epoch.of(today) < newest:
        says = f"this machine says {today.isoformat()}, and the case knows of {newest}"
        return Finding(Level.WRONG, "clock", says, "set the clock: consent and rosters go by weeks")
    return Finding(Level.FINE, "clock", "is not behind what the case has seen")


def _weeks(folder: Path) -> Iterator[Epoch]:
    """The weeks that a case folder tells without a key: its rosters' issue, its log's witnesses.

    What does not verify there says nothing; opening the case says so.
    """
    try:
        roots = RootSet.parse((folder / "roots").read_bytes())
        shelf = Shelf.of([path.read_bytes() for path in folder.glob("rosters/*.note")], roots)
        for note in shelf.signed.values():
            yield Epoch.of(note.roster.issued)
        seen = seen_by(folder)
        if seen is not None:
            # Two witnesses of three would have to be wrong for the middle one to be.
            times = sorted(t for _, t in policy_for(shelf, folder, None).endorsed(seen).witnesses)
            if times:
                middle = dt.datetime.fromtimestamp(times[len(times) // 2], dt.UTC)
                yield Epoch.of(middle.date())
    except (IntakeError, OSError, OverflowError, ValueError):
        return
