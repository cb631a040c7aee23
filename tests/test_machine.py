"""What a machine says of itself is read as the kernel means it; each case beside its opposite."""

from pathlib import Path

import pytest

from intake.machine import (
    Finding,
    Level,
    dump_program,
    has_default_route,
    is_encrypted,
    is_in_memory,
    mount_of,
    networks_up,
    swaps_in,
)

SWAPS = "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n"
MOUNTS = (
    "21 1 8:1 / / rw,relatime - ext4 /dev/sda1 rw\n"
    "22 21 0:20 / /dev/shm rw - tmpfs tmpfs rw\n"
    "23 21 253:0 / /home/a\\040b rw - ext4 /dev/mapper/home rw\n"
    "24 21 0:30 / /over rw - ext4 /dev/sdb1 rw\n"
    "25 21 0:31 / /over rw - tmpfs tmpfs rw\n"
)
ROUTES = "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT\n"
ANYWHERE = "eth0\t00000000\t0100000A\t0003\t0\t0\t0\t00000000\t0\t0\t0\n"
NEAR = "eth0\t0000000A\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0\n"
SIX = "{dest} {length} {zero} 00 {zero} 00000400 00000001 00000000 00000001 {name}\n"
ZERO = "0" * 32


def test_swap_on_a_disk_is_told_from_swap_in_memory() -> None:
    zram = "/dev/zram0 partition 100 0 -2\n"
    disk = "/dev/sda2 partition 100 0 -2\n/swapfile file 5 0 -3\n"
    assert swaps_in(SWAPS) == ()
    assert swaps_in(SWAPS + zram) == ()
    assert swaps_in(SWAPS + zram + disk) == ("/dev/sda2", "/swapfile")


@pytest.mark.parametrize(
    ("pattern", "program"),
    [
        ("core\n", None),
        ("/var/core.%p\n", None),
        ("|/bin/false\n", None),
        ("|/usr/share/apport/apport -p%p\n", "/usr/share/apport/apport"),
        ("|\n", ""),
    ],
)
def test_a_program_that_gets_dumps_is_named(pattern: str, program: str | None) -> None:
    assert dump_program(pattern) == program


@pytest.mark.parametrize(
    ("path", "point", "kind"),
    [
        ("/home/a b/case", "/home/a b", "ext4"),
        ("/home/a", "/", "ext4"),
        ("/dev/shm/x", "/dev/shm", "tmpfs"),
        ("/dev/shmx", "/", "ext4"),
        ("/over/x", "/over", "tmpfs"),
    ],
)
def test_a_path_lies_in_the_mount_that_is_seen_there(path: str, point: str, kind: str) -> None:
    mount = mount_of(Path(path), MOUNTS)
    assert mount is not None
    assert (mount.point, mount.kind) == (point, kind)


def test_shared_memory_is_in_memory_and_a_disk_is_not(tmp_path: Path) -> None:
    (tmp_path / "self").mkdir()
    (tmp_path / "self" / "mountinfo").write_text(MOUNTS)
    assert is_in_memory(Path("/dev/shm/x"), tmp_path)
    assert not is_in_memory(Path("/home/a"), tmp_path)


def device(sys: Path, number: str, *, uuid: str = "", below: tuple[str, ...] = ()) -> None:
    folder = sys / "dev/block" / number
    (folder / "slaves").mkdir(parents=True)
    (folder / "dev").write_text(f"{number}\n")
    if uuid:
        (folder / "dm").mkdir()
        (folder / "dm" / "uuid").write_text(f"{uuid}\n")
    for one in below:
        (folder / "slaves" / one.replace(":", "-")).symlink_to(sys / "dev/block" / one)


def test_encryption_is_found_however_deep_and_on_every_disk(tmp_path: Path) -> None:
    device(tmp_path, "8:1")
    device(tmp_path, "8:2")
    device(tmp_path, "253:0", uuid="CRYPT-LUKS2-abc-x", below=("8:1",))
    device(tmp_path, "253:1", uuid="LVM-abc", below=("253:0",))
    device(tmp_path, "253:2", uuid="LVM-abc", below=("253:0", "8:2"))
    device(tmp_path, "253:3", uuid="LVM-abc", below=("8:2",))
    assert is_encrypted("253:0", tmp_path) is True
    assert is_encrypted("253:1", tmp_path) is True
    assert is_encrypted("253:2", tmp_path) is False
    assert is_encrypted("253:3", tmp_path) is False
    assert is_encrypted("8:1", tmp_path) is False
    assert is_encrypted("9:9", tmp_path) is None


def test_interfaces_that_are_up_are_named_but_the_loop(tmp_path: Path) -> None:
    for name, flags in (("lo", "0x9"), ("eth0", "0x1003"), ("wlan0", "0x1002")):
        (tmp_path / "class/net" / name).mkdir(parents=True)
        (tmp_path / "class/net" / name / "flags").write_text(f"{flags}\n")
    assert networks_up(tmp_path) == ("eth0",)


@pytest.mark.parametrize(
    ("routes", "six", "leads"),
    [
        (ROUTES, "", False),
        (ROUTES + NEAR, "", False),
        (ROUTES + NEAR + ANYWHERE, "", True),
        (ROUTES, SIX.format(dest=ZERO, length="00", zero=ZERO, name="      lo"), False),
        (ROUTES, SIX.format(dest=ZERO, length="00", zero=ZERO, name="    eth0"), True),
        (ROUTES, SIX.format(dest="f" * 32, length="40", zero=ZERO, name="    eth0"), False),
    ],
)
def test_a_way_out_is_found(tmp_path: Path, routes: str, six: str, leads: bool) -> None:
    (tmp_path / "net").mkdir()
    (tmp_path / "net" / "route").write_text(routes)
    (tmp_path / "net" / "ipv6_route").write_text(six)
    assert has_default_route(tmp_path) is leads


def test_a_finding_is_one_line_whatever_is_named_in_it() -> None:
    found = Finding(Level.WRONG, "swap", "is on (/x\n\x1b[2J)", "off")
    assert str(found) == "wrong    swap: is on (/x⟨U+000A⟩⟨U+001B⟩[2J) -> off"
