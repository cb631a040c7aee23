"""`intake doctor` on the machine: bad states that are really made where this one allows, else read."""

import ctypes
import datetime as dt
import json
import os
import shlex
import shutil
import struct
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from intake.machine import PROC, Finding, Level
from intake.web.checkup_logs import system_logs
from intake.web.checkup_machine import BUILT, Machine, clock, examine_machine
from tests.web.machines import SWAPS, calm, disk, mounted
from tests.web.serving import site_in, until

NOW = dt.datetime.now(dt.UTC)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """One on which nothing is wrong."""
    return calm(tmp_path / "machine")


def found(topic: str, machine: Machine, folder: Path) -> Finding:
    (one,) = (row for row in examine_machine(folder, machine) if row.topic == topic)
    assert (one.advice != "") == (one.level is not Level.FINE)
    return one


def levels(rows: Iterable[dict[str, str]]) -> dict[str, str]:
    return {row["topic"]: row["level"] for row in rows}


def doctor_on(folder: Path, prepare: str) -> dict[str, str]:
    """What the command says of the site copied to `folder`/site, after `prepare` in a namespace."""
    inside = ["unshare", "--mount", *(["--map-root-user", "--user"] if os.getuid() else [])]
    command = shlex.join([sys.executable, "-m", "intake", "doctor", "--json", f"{folder}/site"])
    said = subprocess.run(
        [*inside, "sh", "-ec", f"{prepare}\n{command} || true"],
        check=True,
        capture_output=True,
    ).stdout
    return levels(json.loads(said))


def test_on_a_calm_machine_nothing_is_wrong(machine: Machine, tmp_path: Path) -> None:
    assert {row.level for row in examine_machine(tmp_path, machine)} == {Level.FINE}


def test_a_site_in_memory_without_room_or_names_for_files_is_found(tmp_path: Path) -> None:
    """A real tmpfs of 32 MB and 300 names."""
    site_in(tmp_path / "made")
    there = tmp_path / "there"
    there.mkdir(mode=0o700)
    prepare = f"mount -t tmpfs -o size=32m,nr_inodes=300,mode=700 tmpfs {there}"
    said = doctor_on(there, f"{prepare}\ncp -a {tmp_path}/made {there}/site")
    assert said["file system"] == "wrong"
    assert said["inodes"] == "warning"
    assert said["room"] == "wrong"


def test_a_site_in_a_containers_layer_is_found(tmp_path: Path) -> None:
    """A real overlay."""
    site_in(tmp_path / "lower" / "site")
    base, there = tmp_path / "base", tmp_path / "there"
    base.mkdir(mode=0o700)
    there.mkdir(mode=0o700)
    prepare = f"mount -t tmpfs tmpfs {base}\nmkdir {base}/upper {base}/work\n"
    prepare += f"mount -t overlay -o lowerdir={tmp_path}/lower,upperdir={base}/upper,"
    said = doctor_on(there, f"{prepare}workdir={base}/work overlay {there}")
    assert said["file system"] == "warning"


@pytest.mark.parametrize(
    ("kind", "level"),
    [
        ("ext4", Level.FINE),
        ("xfs", Level.FINE),
        ("nfs4", Level.WRONG),
        ("cifs", Level.WRONG),
        ("fuse.sshfs", Level.WRONG),
        ("9p", Level.WRONG),
        ("ramfs", Level.WRONG),
        ("overlay", Level.WARNING),
    ],
)
def test_a_file_system_that_does_not_keep_is_found(
    machine: Machine, tmp_path: Path, kind: str, level: Level
) -> None:
    mounted(machine, kind)
    assert found("file system", machine, tmp_path).level is level


@pytest.mark.parametrize(
    ("rows", "level"),
    [
        ("/dev/sda2 partition 1 0 -2\n", Level.WRONG),
        ("/dev/zram0 partition 1 0 100\n", Level.FINE),
        ("/dev/zram0 partition 1 0 100\n/dev/sda2 partition 1 0 -2\n", Level.WRONG),
    ],
)
def test_swap_on_a_disk_is_found(machine: Machine, tmp_path: Path, rows: str, level: Level) -> None:
    (machine.proc / "swaps").write_text(SWAPS + rows)
    assert found("swap", machine, tmp_path).level is level


@pytest.mark.parametrize(("encrypted", "level"), [(True, Level.FINE), (False, Level.WRONG)])
def test_a_swap_file_is_as_good_as_the_disk_that_it_is_on(
    machine: Machine, tmp_path: Path, encrypted: bool, level: Level
) -> None:
    swap = tmp_path / "swapfile"
    swap.touch()
    (machine.proc / "swaps").write_text(f"{SWAPS}{swap} file 1 0 -2\n")
    disk(machine.sys, "8:1", encrypted=encrypted)
    assert found("swap", machine, tmp_path).level is level


@pytest.mark.parametrize(
    ("pattern", "level"),
    [
        ("core", Level.FINE),
        ("/var/core/%p", Level.FINE),
        ("|/bin/false", Level.FINE),
        ("|/usr/lib/systemd/systemd-coredump %P", Level.WARNING),
        ("| ", Level.WARNING),
    ],
)
def test_a_program_that_gets_core_dumps_is_found(
    machine: Machine, tmp_path: Path, pattern: str, level: Level
) -> None:
    (machine.proc / "sys/kernel/core_pattern").write_text(pattern)
    assert found("core dumps", machine, tmp_path).level is level


def test_a_disk_that_is_not_encrypted_is_found_for_site_and_temporary_files(
    machine: Machine, tmp_path: Path
) -> None:
    disk(machine.sys, "8:1", encrypted=False)
    assert found("disk encryption", machine, tmp_path).level is Level.WARNING
    temporary = found("temporary folders", machine, tmp_path)
    assert temporary.level is Level.WARNING
    assert temporary.names == tuple(map(str, machine.temporary))
    mounted(machine, "tmpfs")
    assert found("temporary folders", machine, tmp_path).level is Level.FINE
    mounted(machine, "ext4", "9:9")
    unknown = found("disk encryption", machine, tmp_path)
    assert unknown.level is Level.WARNING
    assert "cannot tell" in unknown.says


@pytest.mark.parametrize(
    ("kept", "level"), [(True, Level.FINE), (False, Level.WARNING), (None, Level.WARNING)]
)
def test_a_clock_that_nothing_keeps_is_found(
    machine: Machine, tmp_path: Path, kept: bool | None, level: Level
) -> None:
    assert found("time service", replace(machine, kept=kept), tmp_path).level is level


def test_the_kernel_is_really_asked(tmp_path: Path) -> None:
    """Beside the flag that says the same in what adjtimex(2) fills in, where a long has 8 bytes."""
    state = ctypes.create_string_buffer(1024)
    assert ctypes.CDLL(None).adjtimex(state) >= 0
    assert ctypes.sizeof(ctypes.c_long) == 8
    (status,) = struct.unpack_from("i", state, 40)
    here = Machine.here()
    assert here.kept is not bool(status & 0x40)  # STA_UNSYNC
    topics = {row.topic for row in examine_machine(tmp_path, here)}
    assert len(topics) == 8


@pytest.mark.parametrize(
    ("seconds", "level"), [(0, Level.FINE), (299, Level.FINE), (301, Level.WRONG)]
)
def test_a_clock_behind_what_was_seen_is_found(seconds: int, level: Level) -> None:
    assert clock([NOW + dt.timedelta(seconds=seconds)], NOW).level is level


def test_a_clock_before_this_program_was_made_is_found() -> None:
    before = dt.datetime.combine(BUILT - dt.timedelta(days=1), dt.time(), dt.UTC)
    assert clock([], before).level is Level.WRONG
    assert clock([], NOW).level is Level.FINE


@pytest.mark.parametrize(
    ("conf", "drop_in", "folder", "names"),
    [
        ("", "", False, ()),
        ("", "", True, ("journald",)),
        ("[Journal]\nStorage=volatile\n", "", True, ()),
        ("[Journal]\nStorage=persistent\n", "", False, ("journald",)),
        ("[Journal]\n#Storage=volatile\n", "", True, ("journald",)),
        ("[Journal]\nStorage=persistent\n", "[Journal]\nStorage=none\n", True, ()),
        ("[Journal]\nStorage=volatile\n", "[Journal]\nStorage=auto\n", True, ("journald",)),
        ("[Journal]\nStorage=persistent\n", "[Journal]\nStorage=\n", False, ("journald",)),
    ],
)
def test_a_journal_on_the_disk_is_found(
    machine: Machine, tmp_path: Path, conf: str, drop_in: str, folder: bool, names: tuple[str, ...]
) -> None:
    etc = machine.root / "etc/systemd"
    (etc / "journald.conf.d").mkdir(parents=True)
    (etc / "journald.conf").write_text(conf)
    (etc / "journald.conf.d" / "10-own.conf").write_text(drop_in)
    if folder:
        (machine.root / "var/log/journal").mkdir(parents=True)
    assert found("system logs", machine, tmp_path).names == names


def test_an_older_journal_that_still_lies_there_is_found(machine: Machine, tmp_path: Path) -> None:
    etc, kept = machine.root / "etc/systemd", machine.root / "var/log/journal/abc"
    etc.mkdir(parents=True)
    (etc / "journald.conf").write_text("[Journal]\nStorage=volatile\n")
    kept.mkdir(parents=True)
    assert found("system logs", machine, tmp_path).level is Level.FINE
    (kept / "system.journal").touch()
    assert "still lies" in found("system logs", machine, tmp_path).says


def test_the_words_of_every_place_count_in_their_order(machine: Machine, tmp_path: Path) -> None:
    def say(place: str, storage: str) -> tuple[str, ...]:
        path = machine.root / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"[Journal]\nStorage={storage}\n")
        return found("system logs", machine, tmp_path).names

    assert say("usr/lib/systemd/journald.conf", "persistent") == ("journald",)
    assert say("etc/systemd/journald.conf", "volatile") == ()
    assert say("run/systemd/journald.conf.d/50.conf", "persistent") == ("journald",)
    assert say("etc/systemd/journald.conf.d/40.conf", "volatile") == ("journald",)
    assert say("etc/systemd/journald.conf.d/50.conf", "volatile") == ()
    assert say("usr/lib/systemd/journald.conf.d/60.conf", "persistent") == ("journald",)


@pytest.mark.skipif(os.getuid() != 0, reason="only root hides processes from another")
@pytest.mark.parametrize(("hidden", "level"), [("0", "ok"), ("1", "unknown"), ("2", "unknown")])
def test_where_processes_are_hidden_it_is_not_said_that_no_log_is_kept(
    hidden: str, level: str
) -> None:
    """A real /proc with hidepid, and what an ordinary user makes of it."""
    program = """
import os
from pathlib import Path
from intake.web.checkup_logs import system_logs
os.setgroups([]); os.setgid(65534); os.setuid(65534)
print(system_logs(Path("/proc"), Path("/nowhere")).level)
"""
    mount = f"mount -t proc -o hidepid={hidden} proc /proc"
    look = shlex.join([sys.executable, "-c", program])
    inside = ["unshare", "--mount", "--pid", "--fork", "sh", "-ec", f"{mount}; {look}"]
    said = subprocess.run(inside, check=True, capture_output=True, text=True).stdout
    assert said == f"{level}\n"


@pytest.mark.parametrize(
    ("program", "name"),
    [
        ("rsyslogd", "rsyslog"),
        *((name, name) for name in ("syslog-ng", "syslogd", "metalog", "auditd")),
    ],
)
def test_another_program_that_keeps_logs_is_found(tmp_path: Path, program: str, name: str) -> None:
    """A process of that name: Debian's rsyslog leaves no file that says that it runs."""
    sleep = shutil.which("sleep")
    assert sleep is not None
    shutil.copy(sleep, tmp_path / program)
    assert system_logs(PROC, tmp_path).names == ()
    with subprocess.Popen([tmp_path / program, "60"]) as running:
        until(lambda: system_logs(PROC, tmp_path).names == (name,))
        running.kill()
