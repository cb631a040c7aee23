"""Runs a command under the system calls that a unit allows: a filter of the kernel's own, by libseccomp.

    python -m tests.deploy.confined UNIT COMMAND…

It takes `SystemCallFilter`, `RestrictAddressFamilies` and `MemoryDenyWriteExecute` of the unit, and no
other word of it, and refuses as the unit does: the call fails with EPERM.
"""

import ctypes
import os
import re
import socket
import subprocess
import sys
from functools import cache
from pathlib import Path

_ALLOW, _EPERM = 0x7FFF0000, 0x00050001  # SCMP_ACT_ALLOW, SCMP_ACT_ERRNO(EPERM)
_EQUAL = 4  # SCMP_CMP_EQ
_MDWE, _NO_GAIN = 65, 1  # PR_SET_MDWE, PR_MDWE_REFUSE_EXEC_GAIN


def values(unit: Path, name: str) -> list[str]:
    """Every value of a setting, in order."""
    return re.findall(rf"(?m)^{name}=(.*)$", unit.read_text("utf-8"))


@cache
def members(group: str) -> frozenset[str]:
    """The calls of one of systemd's groups, and of the groups in it."""
    said = subprocess.run(
        ["systemd-analyze", "syscall-filter", "--no-pager", group],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    found: set[str] = set()
    for line in said.splitlines()[1:]:
        word = line.strip()
        if word.startswith("@"):
            found |= members(word)
        elif word and not word.startswith("#"):
            found.add(word)
    return frozenset(found)


def allowed(unit: Path) -> frozenset[str]:
    """The calls that the unit's processes may make, as systemd.exec(5) reads its words."""
    calls: set[str] = set(members("@default"))
    for value in values(unit, "SystemCallFilter"):
        names = value.removeprefix("~").split()
        told = {one for name in names for one in (members(name) if name[0] == "@" else {name})}
        calls = calls - told if value.startswith("~") else calls | told
    return frozenset(calls)


class _Argument(ctypes.Structure):
    _fields_ = (
        ("arg", ctypes.c_uint),
        ("op", ctypes.c_int),
        ("a", ctypes.c_uint64),
        ("b", ctypes.c_uint64),
    )


def confine(unit: Path) -> None:
    """Put this process, and all that it starts, under the unit's filter, for good."""
    library = ctypes.CDLL("libseccomp.so.2", use_errno=True)
    library.seccomp_init.restype = ctypes.c_void_p
    library.seccomp_rule_add_array.argtypes = (
        *(ctypes.c_void_p, ctypes.c_uint32, ctypes.c_int, ctypes.c_uint),
        ctypes.POINTER(_Argument),
    )
    context = library.seccomp_init(_EPERM)
    families = [getattr(socket, one) for one in values(unit, "RestrictAddressFamilies")[0].split()]
    for name in sorted(allowed(unit)):
        number = library.seccomp_syscall_resolve_name(name.encode())
        if number < 0:
            continue  # of another architecture
        rules: list[tuple[_Argument, ...]] = [()]
        if name == "socket":
            rules = [(_Argument(0, _EQUAL, int(family), 0),) for family in families]
        for rule in rules:
            words = (_Argument * max(1, len(rule)))(*rule)
            code = library.seccomp_rule_add_array(context, _ALLOW, number, len(rule), words)
            assert code == 0, f"{name}: {os.strerror(-code)}"
    if values(unit, "MemoryDenyWriteExecute") == ["yes"]:
        assert ctypes.CDLL(None).prctl(_MDWE, _NO_GAIN, 0, 0, 0) == 0
    code = library.seccomp_load(ctypes.c_void_p(context))
    assert code == 0, os.strerror(-code)


if __name__ == "__main__":
    confine(Path(sys.argv[1]))
    os.execvp(sys.argv[2], sys.argv[2:])
