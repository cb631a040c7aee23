"""Whether the kernel does what a unit asks, as /proc says it of a process; under systemd in `tests/deploy/`."""

import shutil
from pathlib import Path

import pytest

from intake.web.checkup_in_force import in_force, unit_of

GROUP = "system.slice/intake.service"
ROOT = "1 0 252:1 / / {} - ext4 /dev/a rw\n"
MEMORY = "2 1 0:{} / {} rw - tmpfs tmpfs rw\n"
CARD = "Inter-|   Receive\n face |bytes\n    lo: 0 0\n"


class Process:
    """One for which all is as it must be."""

    def __init__(self, folder: Path, pid: str) -> None:
        self.sys = folder / "sys"
        self.limit = self.sys / "fs/cgroup" / GROUP / "memory.swap.max"
        self.limit.parent.mkdir(parents=True, exist_ok=True)
        self.limit.write_text("0\n")
        self.path = folder / pid
        (self.path / "net").mkdir(parents=True)
        (self.path / "net/dev").write_text(CARD)
        (self.path / "cgroup").write_text(f"0::/{GROUP}\n")
        self.mounted("ro", "/tmp", "/var/tmp")

    def mounted(self, root: str, *temporary: str, over: str = "") -> None:
        rows = ROOT.format(root) + "".join(MEMORY.format(n, p) for n, p in enumerate(temporary))
        (self.path / "mountinfo").write_text(rows + over)

    def found(self, *others: "Process") -> dict[str, bool | None]:
        return dict(in_force([self.path, *(one.path for one in others)], self.sys))


@pytest.fixture
def process(tmp_path: Path) -> Process:
    return Process(tmp_path, "7")


def test_a_process_that_is_shut_in_is_so(process: Process) -> None:
    assert set(process.found().values()) == {True}
    assert set(in_force((), process.sys).values()) == {None}


def test_swap_is_never_only_where_the_limit_is_nought(process: Process) -> None:
    for limit, held in (("max", False), ("4096", False), ("0", True)):
        process.limit.write_text(f"{limit}\n")
        assert process.found()["MemorySwapMax"] is held
    shutil.rmtree(process.sys)
    assert process.found()["MemorySwapMax"] is None


def test_the_last_mount_over_a_place_counts(process: Process) -> None:
    process.mounted("rw", "/tmp", "/var/tmp")
    assert process.found()["ProtectSystem"] is False
    process.mounted("rw", "/tmp", "/var/tmp", over=ROOT.format("ro"))
    assert process.found()["ProtectSystem"] is True
    for places in ((), ("/tmp",), ("/var/tmp",), ("/tmp/a", "/var/tmp")):
        process.mounted("ro", *places)
        assert process.found()["TemporaryFileSystem"] is False, places
    disk = "9 1 252:1 / /tmp rw - ext4 /dev/a rw\n"
    process.mounted("ro", "/tmp", "/var/tmp", over=disk)
    assert process.found()["TemporaryFileSystem"] is False


def test_any_other_card_is_a_network(process: Process) -> None:
    (process.path / "net/dev").write_text(f"{CARD}  eth0: 0 0\n")
    assert process.found()["PrivateNetwork"] is False
    (process.path / "net/dev").unlink()
    assert process.found()["PrivateNetwork"] is None


def test_one_process_of_several_is_enough(process: Process, tmp_path: Path) -> None:
    """One that cannot be seen hides none of the others."""
    other = Process(tmp_path, "8")
    shutil.rmtree(other.path)
    assert set(process.found(other).values()) == {None}
    process.mounted("rw")
    assert process.found(other)["ProtectSystem"] is False
    assert other.found(process)["ProtectSystem"] is False


@pytest.mark.parametrize(
    ("rows", "unit"),
    [
        ("0::/system.slice/intake.service\n", "intake.service"),
        ("0::/system.slice/system-intake.slice/intake@b.service/sub\n", "intake@b.service"),
        ("12:memory:/\n1:name=systemd:/system.slice/b.service\n0::/\n", "b.service"),
        ("0::/user.slice/user-1000.slice/user@1000.service/app.slice/a.service\n", None),
        ("0::/user.slice/user-0.slice/session-1.scope\n", None),
        ("0::/\n", None),
        ("", None),
    ],
)
def test_a_processs_unit_is_the_machines(tmp_path: Path, rows: str, unit: str | None) -> None:
    (tmp_path / "cgroup").write_text(rows)
    assert unit_of(tmp_path) == unit
    assert unit_of(tmp_path / "gone") is None
