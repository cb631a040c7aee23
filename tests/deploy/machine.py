"""A fresh Debian in namespaces of its own, with the real systemd as its first process.

It has its own processes, mounts, users' view of the machine and network, which has no interface but its
loop. What it does not have: a kernel of its own (its settings are the test machine's, shown read-only),
the right to set the clock, and cgroups' memory controller where the test machine has none of version 2.
"""

import os
import shutil
import signal
import subprocess
import sys
import sysconfig
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

# What Debian's installer leaves on a disk, as far as the site's way needs it.
_INSTALLED = "systemd,systemd-sysv,dbus,ca-certificates,iproute2,procps,tzdata"
_SWAPS = "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n"  # and no line: `swapoff -a` is the machine's own

# The test machine itself once more, with nothing set up: what is written there is in memory, and goes with it.
_LIKENESS = r"""
mount -t tmpfs tmpfs "$root"
mkdir "$root/written" "$root/work" "$root/seen"
mount -t overlay -o "lowerdir=/,upperdir=$root/written,workdir=$root/work" overlay "$root/seen"
root=$root/seen
rm -rf "$root/etc/systemd/system" "$root/opt/intake" "$root/etc/fstab" "$root/etc/machine-id"
mkdir -p "$root/etc/systemd/system" "$root/mnt/before" "$root/media/stick"
ln -s /dev/null "$root/etc/systemd/system/systemd-timesyncd.service"
touch "$root/etc/machine-id"
echo "$1" > "$root/etc/no-swaps"
shift
# Not in /tmp or /root, which units hide: this tree, the packages, and the Python that runs this.
for place in python packages tree; do
  mkdir -p "$root/opt/intake/$place"
  mount --bind "$1" "$root/opt/intake/$place"
  shift
done
"""

VERSION = "0.1.0"  # of the program, by the folder that it is in
_ENVIRONMENT = """\
export PATH=/opt/intake/python/bin:$PATH LD_LIBRARY_PATH=/opt/intake/python/lib
export PYTHONHOME=/opt/intake/python PYTHONPATH=/opt/intake/tree:/opt/intake/packages
export PYTHONDONTWRITEBYTECODE=1
"""
_PROGRAM = """\
#!/bin/sh
. /opt/intake/python.env
exec python3 -m intake "$@"
"""

_BOOT = r"""
set -eu
root=$1
shift
@BEFORE@
mount --rbind "$root" "$root"
mount -t proc proc "$root/proc"
mount --bind "$root/etc/no-swaps" "$root/proc/swaps"
mount --bind "$root/proc/sys" "$root/proc/sys"
mount -o remount,bind,ro "$root/proc/sys"
mount -t sysfs -o ro sysfs "$root/sys"
mount -t cgroup2 cgroup2 "$root/sys/fs/cgroup"
mount -t tmpfs tmpfs "$root/run"
mount -t tmpfs -o mode=755 tmpfs "$root/dev"
for device in null zero full random urandom tty; do
  touch "$root/dev/$device"
  mount --bind "/dev/$device" "$root/dev/$device"
done
mkdir "$root/dev/pts" "$root/dev/shm"
mount -t devpts -o newinstance,ptmxmode=0666 devpts "$root/dev/pts"
mount -t tmpfs tmpfs "$root/dev/shm"
ln -s pts/ptmx "$root/dev/ptmx"
ln -s /proc/self/fd "$root/dev/fd"
ip link set lo up
# Not chroot: who is in one may make no user namespaces, which units ask for.
cd "$root"
mkdir -p mnt/before
pivot_root . mnt/before
exec /usr/bin/env -i container=other PATH=/usr/sbin:/usr/bin:/sbin:/bin \
  setpriv --bounding-set=-sys_time,-sys_module,-sys_boot,-syslog \
  sh -c 'cd /; umount -l /mnt/before; exec /lib/systemd/systemd --log-target=journal --show-status=no'
"""


def debian(suite: str, kept: Path) -> Path:
    """Debian's `suite` as one file; what was fetched once is kept in the folder `kept`."""
    packed = kept / f"{suite}.tar"
    words = ["debootstrap", "--variant=minbase", f"--include={_INSTALLED}"]
    if not packed.exists():
        made = kept / f"{suite}-{os.getpid()}"
        subprocess.run([*words, suite, str(made)], check=True, stdout=subprocess.DEVNULL)
        # What this machine's own apt needs to trust its mirror, it needs too.
        apt = subprocess.run(["apt-config", "dump"], check=True, capture_output=True, text=True)
        ours = [line for line in apt.stdout.splitlines() if line.startswith("Acquire::Check-")]
        (made / "etc/apt/apt.conf.d/00here").write_text("\n".join(ours) + "\n")
        subprocess.run(["tar", "-C", made, "-cf", f"{packed}.part", "."], check=True)
        Path(f"{packed}.part").rename(packed)
        shutil.rmtree(made)
    return packed


def unpack(packed: Path, root: Path) -> None:
    """Lay it out at `root`, as a machine that can be booted."""
    root.mkdir()
    subprocess.run(["tar", "-C", root, "-xf", packed], check=True)
    (root / "etc/no-swaps").write_text(_SWAPS)
    shutil.copy("/etc/resolv.conf", root / "etc/resolv.conf")


@dataclass
class Machine:
    """A running Debian: its folder, and its first process as this machine numbers it."""

    root: Path
    pid: int

    def run(self, script: str, *, network: bool = False, check: bool = True) -> str:
        """What the commands say, each of which must hold; with `network`, that of this machine."""
        inside = ["--mount", "--uts", "--ipc", "--pid", "--cgroup", "--root", "--wd"]
        if not network:
            inside.append("--net")
        command = ["nsenter", f"--target={self.pid}", *inside, "env", "-i", "HOME=/root"]
        command += ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"]
        command += ["DEBIAN_FRONTEND=noninteractive", "bash", "-euo", "pipefail", "-c", script]
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=540,
            check=False,
        )
        assert not check or done.returncode == 0, f"{script}\n{done.stdout}"
        return done.stdout

    def inside(self, path: str) -> Path:
        """A path of the machine, as this process reaches it: through its own mounts."""
        return Path(f"/proc/{self.pid}/root{path}")

    def main_process(self, unit: str) -> int:
        """The first process of a unit, as this machine numbers it."""
        group = self.inside(f"/sys/fs/cgroup/system.slice/{unit}/cgroup.procs")
        return min(int(pid) for pid in group.read_text().split())


def _second_hierarchy() -> Path:
    unified = Path("/sys/fs/cgroup/unified")
    return unified if unified.is_dir() else Path("/sys/fs/cgroup")


def _child(parent: int) -> int | None:
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    return int(children[0]) if children else None


@contextmanager
def likeness(folder: Path) -> Iterator[Machine]:
    """This machine once more, as it is but for what was set up on it, with this tree in /opt/intake.

    `/opt/intake/current/bin/intake` is the program, and `current` a link to `VERSION`. Nothing is fetched or installed.
    """
    root = folder / "root"
    root.mkdir()
    packages, tree = sysconfig.get_path("purelib"), str(Path(__file__).parents[2])
    with booted(root, _LIKENESS, _SWAPS, sys.base_prefix, packages, tree) as machine:
        program = machine.inside(f"/opt/intake/{VERSION}/bin/intake")
        program.parent.mkdir(parents=True)
        machine.inside("/opt/intake/current").symlink_to(VERSION)
        machine.inside("/opt/intake/python.env").write_text(_ENVIRONMENT)
        program.write_text(_PROGRAM)
        program.chmod(0o755)
        yield machine


@contextmanager
def booted(root: Path, *before: str) -> Iterator[Machine]:
    """The machine at `root`, from the start of its first process to its end.

    `before` are commands that lay it out in the machine's own mounts, and their arguments.
    """
    group = _second_hierarchy() / f"intake-walk-{os.getpid()}"
    group.mkdir()
    ours = os.umask(0o022)  # users of the machine must get into its folders

    spaces = ["--pid", "--mount", "--uts", "--ipc", "--net", "--cgroup", "--fork", "--kill-child"]
    enter = 'echo $$ > "$0/cgroup.procs"; exec "$@"'
    command = ["bash", "-c", enter, str(group), "unshare", *spaces]
    first_of_all, *words = before or ("",)
    command += ["bash", "-c", _BOOT.replace("@BEFORE@", first_of_all), "boot", str(root), *words]
    with (root.parent / "boot.log").open("wb") as log:
        parent = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    first: int | None = None
    try:
        deadline = time.monotonic() + 240
        while first is None or not _is_up(first):
            said = (root.parent / "boot.log").read_text()
            assert parent.poll() is None, said
            assert time.monotonic() < deadline, said
            time.sleep(0.2)
            first = _child(parent.pid)
        yield Machine(root, first)
    finally:
        for pid in filter(None, (first, parent.pid)):
            os.kill(pid, signal.SIGKILL)
        parent.wait(30)
        _remove(group)
        os.umask(ours)


def _is_up(pid: int) -> bool:
    command = ["nsenter", f"--target={pid}", "-m", "-u", "-i", "-n", "-p", "-C", "--root", "--wd"]
    asked = subprocess.run(
        [*command, "systemctl", "is-system-running"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    return asked.stdout.strip() in ("running", "degraded")


def _remove(group: Path) -> None:
    for _ in range(100):
        try:
            for folder in sorted(group.rglob("*/"), reverse=True):
                folder.rmdir()
            group.rmdir()
        except OSError:
            time.sleep(0.1)
        else:
            return
