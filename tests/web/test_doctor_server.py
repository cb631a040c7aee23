"""`intake doctor` on the processes that serve a site: real ones, started as they should not be."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from intake.machine import Finding, Level
from intake.web.checkup_server import examine_server, serving
from tests.web.serving import serving as served
from tests.web.serving import site_in, until

PYTHON = sys.executable if os.getuid() else "/usr/bin/python3"  # which another user may run, too
# One that holds the lock as the server does, and first makes of itself what a test says.
HOLDER = """
import ctypes, fcntl, os, resource, struct, sys, time
libc = ctypes.CDLL(None)
lock = os.open(sys.argv[1], os.O_RDWR)
if os.getuid() == 0 and sys.argv[2] != "root":
    os.setgroups([]); os.setgid(65534); os.setuid(65534)
if sys.argv[2] != "dumps":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
libc.prctl(4, 0)  # not dumpable
libc.prctl(38, 1, 0, 0, 0)  # no new privileges
class Filter(ctypes.Structure):
    _fields_ = [("size", ctypes.c_ushort), ("rules", ctypes.c_char_p)]
allow = Filter(1, struct.pack("HBBI", 6, 0, 0, 0x7fff0000))
if sys.argv[2] != "unfiltered":
    libc.prctl(22, 2, ctypes.byref(allow))  # a filter of system calls
{}
fcntl.flock(lock, fcntl.LOCK_EX)
{}
print("ready", flush=True)
time.sleep(600)
"""


@contextmanager
def holding(folder: Path, how: str = "", before: str = "", after: str = "") -> Iterator[int]:
    """Such a process, as a user without rights, until the end of the block."""
    lock = folder / "serve.lock"
    lock.touch()
    process = subprocess.Popen(
        [PYTHON, "-c", HOLDER.format(before, after), lock, how],
        stdout=subprocess.PIPE,
        start_new_session=True,
        cwd="/",
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        yield process.pid
    finally:
        os.killpg(process.pid, 9)
        process.communicate()


def found(folder: Path) -> dict[str, Finding]:
    return {row.topic: row for row in examine_server(folder)}


def wrong(folder: Path) -> dict[str, Level]:
    rows = found(folder)
    assert all((row.advice != "") == (row.level is not Level.FINE) for row in rows.values())
    return {topic: row.level for topic, row in rows.items() if row.level is not Level.FINE}


def test_where_none_runs_it_is_said(tmp_path: Path) -> None:
    assert wrong(tmp_path) == {"server": Level.WARNING}
    (tmp_path / "serve.lock").touch()
    assert wrong(tmp_path) == {"server": Level.WARNING}


def test_a_server_as_its_unit_has_it_is_fine(tmp_path: Path) -> None:
    with holding(tmp_path):
        assert wrong(tmp_path) == {}


def test_each_that_came_of_it_is_looked_at(tmp_path: Path) -> None:
    """A worker of it, and what that started, and no other process."""
    with holding(tmp_path, after="os.fork() or (os.fork(), time.sleep(600))") as pid:
        until(lambda: len(tuple(serving(tmp_path))) == 3)
        names = {path.name for path in serving(tmp_path)}
        assert str(pid) in names
        assert str(os.getpid()) not in names


def test_one_that_may_write_core_dumps_is_found(tmp_path: Path) -> None:
    with holding(tmp_path, "dumps"):
        assert wrong(tmp_path) == {"core limit": Level.WRONG}


def test_one_whose_memory_others_may_read_is_found(tmp_path: Path) -> None:
    with holding(tmp_path, before="libc.prctl(4, 1)") as pid:
        assert wrong(tmp_path) == {"server memory": Level.WARNING}
        assert found(tmp_path)["server memory"].names == (str(pid),)


def test_one_that_can_do_more_than_its_unit_lets_it_is_found(tmp_path: Path) -> None:
    with holding(tmp_path, "unfiltered"):
        assert wrong(tmp_path) == {"hardening": Level.WARNING}


@pytest.mark.skipif(os.getuid() != 0, reason="only root can be root")
def test_one_that_runs_as_root_is_found(tmp_path: Path) -> None:
    with holding(tmp_path, "root"):
        assert wrong(tmp_path) == {"hardening": Level.WARNING}


def test_memory_that_was_swapped_out_is_found(tmp_path: Path) -> None:
    """This machine has no swap to make it with: /proc as the kernel would write it."""
    proc, site = tmp_path / "proc", tmp_path / "site"
    (proc / "7").mkdir(parents=True)
    site.mkdir()
    (site / "serve.lock").touch()
    inode = (site / "serve.lock").stat().st_ino
    (proc / "locks").write_text(f"1: FLOCK  ADVISORY  WRITE 7 08:01:{inode} 0 EOF\n")
    (proc / "7/stat").write_text("7 (a) name) S 1 7 7 0\n")
    (proc / "7/mem").touch()
    (proc / "7/limits").write_text("Max core file size        0          0          bytes\n")
    rows = "Uid:\t0\t0\t0\t0\nNoNewPrivs:\t1\nSeccomp:\t2\nVmSwap:\t{} kB\n"
    for swapped, level in (("0", Level.FINE), ("12", Level.WARNING)):
        (proc / "7/status").write_text(rows.format(swapped))
        (row,) = (row for row in examine_server(site, proc) if row.topic == "swapped out")
        assert row.level is level


def test_a_server_that_this_user_may_not_see_is_not_taken_for_none(tmp_path: Path) -> None:
    """As with /proc mounted hidepid=2, or a server in a container: its lock is there, it is not."""
    proc = tmp_path / "proc"
    proc.mkdir()
    (tmp_path / "serve.lock").touch()
    inode = (tmp_path / "serve.lock").stat().st_ino
    (proc / "locks").write_text(f"1: FLOCK  ADVISORY  WRITE 7 08:01:{inode} 0 EOF\n")
    (row,) = examine_server(tmp_path, proc)  # and nothing is called fine
    assert row.level is Level.WARNING
    assert "may not look at processes 7" in row.says
    assert "root" in row.advice


def test_a_lock_of_another_disk_is_not_taken_for_the_servers(tmp_path: Path) -> None:
    """Files of two disks may have one number: cron's lock was taken for a server that may write dumps."""
    (tmp_path / "self").mkdir()
    (tmp_path / "serve.lock").touch()
    inode = (tmp_path / "serve.lock").stat().st_ino
    (tmp_path / "self/mountinfo").write_text("1 0 252:1 / / rw - ext4 /dev/mapper/site rw\n")
    for device, seen in (("fc:01", ["7"]), ("00:19", []), ("01:fc", []), ("fc:01:0", [])):
        (tmp_path / "locks").write_text(f"1: FLOCK  ADVISORY  WRITE 7 {device}:{inode} 0 EOF\n")
        assert [process.name for process in serving(tmp_path, tmp_path)] == seen


def test_the_server_itself_forbids_core_dumps_to_all_its_processes(tmp_path: Path) -> None:
    """`intake serve`, with its workers."""
    site, _ = site_in(tmp_path / "site")
    with served(site.folder):
        until(lambda: len(tuple(serving(site.folder))) >= 3)
        rows = found(site.folder)
        assert rows["core limit"].level is Level.FINE
        assert rows["swapped out"].level is Level.FINE
        assert rows["server"].level is Level.FINE
