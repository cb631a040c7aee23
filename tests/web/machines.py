"""A machine on which nothing is wrong, as /proc, /sys and /etc say it, in a folder that tests change."""

from pathlib import Path

from intake.web.checkup_machine import Machine

SWAPS = "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n"
_MOUNTS = "21 1 8:1 / / rw,relatime - ext4 /dev/sda1 rw\n"


def calm(folder: Path) -> Machine:
    """One encrypted disk, no swap, no core dumps, a kept clock, no log on a disk, no tor."""
    proc, sys, root = (folder / name for name in ("proc", "sys", "root"))
    (proc / "sys/kernel").mkdir(parents=True)
    (proc / "self").mkdir()
    (proc / "1").mkdir()
    (proc / "1/comm").write_text("systemd\n")
    root.mkdir()
    (proc / "swaps").write_text(SWAPS)
    (proc / "sys/kernel/core_pattern").write_text("core\n")
    (proc / "self/mountinfo").write_text(_MOUNTS)
    (proc / "locks").write_text("")
    disk(sys, "8:1", encrypted=True)
    return Machine(proc, sys, root, (folder,), kept=True)


def disk(sys: Path, number: str, *, encrypted: bool) -> None:
    """A block device as /sys has it."""
    crypt = sys / "dev/block" / number / "dm"
    crypt.mkdir(parents=True, exist_ok=True)
    (crypt / "uuid").write_text("CRYPT-LUKS2-abc\n" if encrypted else "LVM-abc\n")


def mounted(machine: Machine, kind: str, number: str = "8:1") -> None:
    """Have everything lie on a file system of this kind."""
    row = f"21 1 {number} / / rw - {kind} /dev/none rw\n"
    (machine.proc / "self/mountinfo").write_text(row)
